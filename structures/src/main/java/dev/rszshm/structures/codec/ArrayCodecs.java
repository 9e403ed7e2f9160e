package dev.rszshm.structures.codec;

import dev.rszshm.heap.Region;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/** The codecs of arrays of primitives, which are stored as they are in memory. */
final class ArrayCodecs {
  static final Codec<byte[]> BYTES =
      of(
          16,
          Byte.BYTES,
          "byte[]",
          a -> a.length,
          byte[]::new,
          (b, a) -> b.get(a),
          (b, a) -> b.put(a),
          (r, o, a) -> r.getArray(o, a, 0, a.length),
          (r, o, a) -> r.putArray(o, a, 0, a.length));

  static final Codec<short[]> SHORTS =
      of(
          17,
          Short.BYTES,
          "short[]",
          a -> a.length,
          short[]::new,
          (b, a) -> b.asShortBuffer().get(a),
          (b, a) -> b.asShortBuffer().put(a),
          (r, o, a) -> r.getArray(o, a, 0, a.length),
          (r, o, a) -> r.putArray(o, a, 0, a.length));

  static final Codec<char[]> CHARS =
      of(
          18,
          Character.BYTES,
          "char[]",
          a -> a.length,
          char[]::new,
          (b, a) -> b.asCharBuffer().get(a),
          (b, a) -> b.asCharBuffer().put(a),
          (r, o, a) -> r.getArray(o, a, 0, a.length),
          (r, o, a) -> r.putArray(o, a, 0, a.length));

  static final Codec<int[]> INTS =
      of(
          19,
          Integer.BYTES,
          "int[]",
          a -> a.length,
          int[]::new,
          (b, a) -> b.asIntBuffer().get(a),
          (b, a) -> b.asIntBuffer().put(a),
          (r, o, a) -> r.getArray(o, a, 0, a.length),
          (r, o, a) -> r.putArray(o, a, 0, a.length));

  static final Codec<long[]> LONGS =
      of(
          20,
          Long.BYTES,
          "long[]",
          a -> a.length,
          long[]::new,
          (b, a) -> b.asLongBuffer().get(a),
          (b, a) -> b.asLongBuffer().put(a),
          (r, o, a) -> r.getArray(o, a, 0, a.length),
          (r, o, a) -> r.putArray(o, a, 0, a.length));

  static final Codec<float[]> FLOATS =
      of(
          21,
          Float.BYTES,
          "float[]",
          a -> a.length,
          float[]::new,
          (b, a) -> b.asFloatBuffer().get(a),
          (b, a) -> b.asFloatBuffer().put(a),
          (r, o, a) -> r.getArray(o, a, 0, a.length),
          (r, o, a) -> r.putArray(o, a, 0, a.length));

  static final Codec<double[]> DOUBLES =
      of(
          22,
          Double.BYTES,
          "double[]",
          a -> a.length,
          double[]::new,
          (b, a) -> b.asDoubleBuffer().get(a),
          (b, a) -> b.asDoubleBuffer().put(a),
          (r, o, a) -> r.getArray(o, a, 0, a.length),
          (r, o, a) -> r.putArray(o, a, 0, a.length));

  private ArrayCodecs() {}

  private interface Copy<A> {
    void copy(Region region, long offset, A array);
  }

  private static <A> Codec<A> of(
      int id,
      int elementLength,
      String name,
      ToIntFunction<A> size,
      IntFunction<A> maker,
      BiConsumer<ByteBuffer, A> get,
      BiConsumer<ByteBuffer, A> put,
      Copy<A> out,
      Copy<A> in) {
    return new Codec<>() {
      @Override
      public int id() {
        return id;
      }

      @Override
      public int length(A array) {
        long length = (long) size.applyAsInt(array) * elementLength;
        if (length > Parts.MAX_LENGTH) {
          throw new IllegalArgumentException(
              "found " + length + " bytes of " + name + ", expected up to " + Parts.MAX_LENGTH);
        }
        return (int) length;
      }

      private A newArray(int length) {
        if (length % elementLength != 0) {
          throw new CodecException(
              "found "
                  + length
                  + " bytes, expected a multiple of the "
                  + elementLength
                  + " of an element of "
                  + name);
        }
        return maker.apply(length / elementLength);
      }

      @Override
      public void encode(A array, ByteBuffer to) {
        put.accept(to.slice().order(to.order()), array);
        to.position(to.position() + length(array));
      }

      @Override
      public A decode(ByteBuffer from) {
        A array = newArray(from.remaining());
        get.accept(from, array);
        return array;
      }

      @Override
      public void encode(A array, Region to, long offset) {
        in.copy(to, offset, array);
      }

      @Override
      public A decode(Region from, long offset, int length) {
        from.checkReadable(offset, length); // before an array of that size is made
        A array = newArray(length);
        out.copy(from, offset, array);
        return array;
      }

      @Override
      public String toString() {
        return name;
      }
    };
  }
}
