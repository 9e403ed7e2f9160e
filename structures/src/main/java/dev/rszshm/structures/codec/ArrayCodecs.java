package dev.rszshm.structures.codec;

import dev.rszshm.heap.Region;
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
          (r, o, a) -> r.getArray(o, a, 0, a.length),
          (r, o, a) -> r.putArray(o, a, 0, a.length));

  static final Codec<short[]> SHORTS =
      of(
          17,
          Short.BYTES,
          "short[]",
          a -> a.length,
          short[]::new,
          (r, o, a) -> r.getArray(o, a, 0, a.length),
          (r, o, a) -> r.putArray(o, a, 0, a.length));

  static final Codec<char[]> CHARS =
      of(
          18,
          Character.BYTES,
          "char[]",
          a -> a.length,
          char[]::new,
          (r, o, a) -> r.getArray(o, a, 0, a.length),
          (r, o, a) -> r.putArray(o, a, 0, a.length));

  static final Codec<int[]> INTS =
      of(
          19,
          Integer.BYTES,
          "int[]",
          a -> a.length,
          int[]::new,
          (r, o, a) -> r.getArray(o, a, 0, a.length),
          (r, o, a) -> r.putArray(o, a, 0, a.length));

  static final Codec<long[]> LONGS =
      of(
          20,
          Long.BYTES,
          "long[]",
          a -> a.length,
          long[]::new,
          (r, o, a) -> r.getArray(o, a, 0, a.length),
          (r, o, a) -> r.putArray(o, a, 0, a.length));

  static final Codec<float[]> FLOATS =
      of(
          21,
          Float.BYTES,
          "float[]",
          a -> a.length,
          float[]::new,
          (r, o, a) -> r.getArray(o, a, 0, a.length),
          (r, o, a) -> r.putArray(o, a, 0, a.length));

  static final Codec<double[]> DOUBLES =
      of(
          22,
          Double.BYTES,
          "double[]",
          a -> a.length,
          double[]::new,
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
      Copy<A> out,
      Copy<A> in) {
    return new Codec<>() {
      @Override
      public int id() {
        return id;
      }

      @Override
      public long length(A array) {
        return (long) size.applyAsInt(array) * elementLength;
      }

      @Override
      public void encode(A array, Region to, long offset) {
        in.copy(to, offset, array);
      }

      @Override
      public A decode(Region from, long offset, long length) {
        if (length % elementLength != 0 || length / elementLength > Lengths.MAX_ARRAY) {
          throw new CodecException(
              "found "
                  + length
                  + " bytes, expected a multiple of the "
                  + elementLength
                  + " of an element of "
                  + name
                  + ", up to what an array can have");
        }
        from.checkReadable(offset, length); // before an array of that size is made
        A array = maker.apply((int) (length / elementLength));
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
