package dev.rszshm.heap;

import dev.rszshm.heap.internal.map.Span;
import dev.rszshm.heap.spi.Platform;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Many bytes at once: arrays, strings, copies, buffers.
 *
 * <p>All are plain accesses, in no particular order within the range. If another thread or process
 * writes the same bytes at the same time, or the process dies in the operation, any mixture may be
 * left. Nothing is written if the whole range does not lie within bounds.
 */
abstract sealed class BulkAccess extends ValueAccess permits SequenceAccess {
  /**
   * The JVM cannot stop for a collection within one copy, and a heap that is closed meanwhile keeps
   * its addresses only for a moment: long ones are made in pieces, with a look before each.
   */
  private static final int PIECE_LENGTH = 1 << 18;

  /** The same where Java code goes from word to word, which may be in the interpreter. */
  private static final int LOOP_LENGTH = 1 << 15;

  BulkAccess(Platform platform, Span span, long origin, long lower, long upper) {
    super(platform, span, origin, lower, upper);
  }

  /** Reads bytes into an array: {@code size} elements from {@code index} on. */
  public final void getArray(long offset, byte[] into, int index, int size) {
    copyOut(offset, into, index, size, Byte.BYTES);
  }

  /** Writes bytes from an array: {@code size} elements from {@code index} on. */
  public final void putArray(long offset, byte[] from, int index, int size) {
    copyIn(offset, from, index, size, Byte.BYTES);
  }

  /** Reads shorts into an array: {@code size} elements from {@code index} on. */
  public final void getArray(long offset, short[] into, int index, int size) {
    copyOut(offset, into, index, size, Short.BYTES);
  }

  /** Writes shorts from an array: {@code size} elements from {@code index} on. */
  public final void putArray(long offset, short[] from, int index, int size) {
    copyIn(offset, from, index, size, Short.BYTES);
  }

  /** Reads chars into an array: {@code size} elements from {@code index} on. */
  public final void getArray(long offset, char[] into, int index, int size) {
    copyOut(offset, into, index, size, Character.BYTES);
  }

  /** Writes chars from an array: {@code size} elements from {@code index} on. */
  public final void putArray(long offset, char[] from, int index, int size) {
    copyIn(offset, from, index, size, Character.BYTES);
  }

  /** Reads ints into an array: {@code size} elements from {@code index} on. */
  public final void getArray(long offset, int[] into, int index, int size) {
    copyOut(offset, into, index, size, Integer.BYTES);
  }

  /** Writes ints from an array: {@code size} elements from {@code index} on. */
  public final void putArray(long offset, int[] from, int index, int size) {
    copyIn(offset, from, index, size, Integer.BYTES);
  }

  /** Reads longs into an array: {@code size} elements from {@code index} on. */
  public final void getArray(long offset, long[] into, int index, int size) {
    copyOut(offset, into, index, size, Long.BYTES);
  }

  /** Writes longs from an array: {@code size} elements from {@code index} on. */
  public final void putArray(long offset, long[] from, int index, int size) {
    copyIn(offset, from, index, size, Long.BYTES);
  }

  /** Reads floats into an array: {@code size} elements from {@code index} on. */
  public final void getArray(long offset, float[] into, int index, int size) {
    copyOut(offset, into, index, size, Float.BYTES);
  }

  /** Writes floats from an array: {@code size} elements from {@code index} on. */
  public final void putArray(long offset, float[] from, int index, int size) {
    copyIn(offset, from, index, size, Float.BYTES);
  }

  /** Reads doubles into an array: {@code size} elements from {@code index} on. */
  public final void getArray(long offset, double[] into, int index, int size) {
    copyOut(offset, into, index, size, Double.BYTES);
  }

  /** Writes doubles from an array: {@code size} elements from {@code index} on. */
  public final void putArray(long offset, double[] from, int index, int size) {
    copyIn(offset, from, index, size, Double.BYTES);
  }

  private void copyOut(long offset, Object into, int index, int size, int elementLength) {
    Objects.checkFromIndexSize(index, size, Array.getLength(into));
    long address = rangeToRead(offset, (long) size * elementLength);
    int piece = PIECE_LENGTH / elementLength;
    for (long done = 0; done < size; done += piece) {
      int count = (int) Math.min(piece, size - done);
      span.requireOpen();
      memory.copyOut(address + done * elementLength, into, index + (int) done, count);
    }
  }

  private void copyIn(long offset, Object from, int index, int size, int elementLength) {
    Objects.checkFromIndexSize(index, size, Array.getLength(from));
    long address = rangeToWrite(offset, (long) size * elementLength);
    int piece = PIECE_LENGTH / elementLength;
    for (long done = 0; done < size; done += piece) {
      int count = (int) Math.min(piece, size - done);
      span.requireOpen();
      memory.copyIn(from, index + (int) done, address + done * elementLength, count);
    }
  }

  /** Returns shorts in a new array of so many. */
  public final short[] getShorts(long offset, int size) {
    short[] into = new short[requireSize(offset, size, Short.BYTES)];
    copyOut(offset, into, 0, size, Short.BYTES);
    return into;
  }

  /** Writes all shorts of an array. */
  public final void putShorts(long offset, short... values) {
    putArray(offset, values, 0, values.length);
  }

  /** Returns chars in a new array of so many. */
  public final char[] getChars(long offset, int size) {
    char[] into = new char[requireSize(offset, size, Character.BYTES)];
    copyOut(offset, into, 0, size, Character.BYTES);
    return into;
  }

  /** Writes all chars of an array. */
  public final void putChars(long offset, char... values) {
    putArray(offset, values, 0, values.length);
  }

  /** Returns ints in a new array of so many. */
  public final int[] getInts(long offset, int size) {
    int[] into = new int[requireSize(offset, size, Integer.BYTES)];
    copyOut(offset, into, 0, size, Integer.BYTES);
    return into;
  }

  /** Writes all ints of an array. */
  public final void putInts(long offset, int... values) {
    putArray(offset, values, 0, values.length);
  }

  /** Returns longs in a new array of so many. */
  public final long[] getLongs(long offset, int size) {
    long[] into = new long[requireSize(offset, size, Long.BYTES)];
    copyOut(offset, into, 0, size, Long.BYTES);
    return into;
  }

  /** Writes all longs of an array. */
  public final void putLongs(long offset, long... values) {
    putArray(offset, values, 0, values.length);
  }

  /** Returns floats in a new array of so many. */
  public final float[] getFloats(long offset, int size) {
    float[] into = new float[requireSize(offset, size, Float.BYTES)];
    copyOut(offset, into, 0, size, Float.BYTES);
    return into;
  }

  /** Writes all floats of an array. */
  public final void putFloats(long offset, float... values) {
    putArray(offset, values, 0, values.length);
  }

  /** Returns doubles in a new array of so many. */
  public final double[] getDoubles(long offset, int size) {
    double[] into = new double[requireSize(offset, size, Double.BYTES)];
    copyOut(offset, into, 0, size, Double.BYTES);
    return into;
  }

  /** Writes all doubles of an array. */
  public final void putDoubles(long offset, double... values) {
    putArray(offset, values, 0, values.length);
  }

  /** The bounds are checked before memory for an array is taken. */
  private int requireSize(long offset, int size, int elementLength) {
    rangeToRead(offset, (long) size * elementLength);
    return size;
  }

  /** Returns bytes in a new array of so many. */
  public final byte[] getBytes(long offset, int length) {
    byte[] bytes = new byte[requireSize(offset, length, Byte.BYTES)];
    copyOut(offset, bytes, 0, length, Byte.BYTES);
    return bytes;
  }

  /** Writes all bytes of an array. */
  public final void putBytes(long offset, byte[] bytes) {
    putArray(offset, bytes, 0, bytes.length);
  }

  /** Returns text of so many bytes of UTF-8. What is not UTF-8 becomes U+FFFD. */
  public final String getUtf8(long offset, int length) {
    return new String(getBytes(offset, length), StandardCharsets.UTF_8);
  }

  /**
   * Writes text as UTF-8, without a length or an end mark.
   *
   * @return the number of bytes written
   */
  public final int putUtf8(long offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    putBytes(offset, bytes);
    return bytes.length;
  }

  /**
   * Returns text in the form of a C string: UTF-8 up to a zero byte.
   *
   * @throws IndexOutOfBoundsException if no zero byte is within bounds
   */
  public final String getCString(long offset) {
    int length = 0;
    while (getByte(offset + length) != 0) {
      length = Math.incrementExact(length);
    }
    return getUtf8(offset, length);
  }

  /**
   * Writes text in the form of a C string: UTF-8 and a zero byte.
   *
   * @return the number of bytes written, with the zero
   * @throws IllegalArgumentException if the text contains U+0000, which C takes for its end
   */
  public final int putCString(long offset, String text) {
    if (text.indexOf(0) >= 0) {
      throw new IllegalArgumentException(
          "the text contains U+0000 at index "
              + text.indexOf(0)
              + ", which would end it in C: write it with putUtf8");
    }
    return putUtf8(offset, text + '\0');
  }

  /** Sets all bytes of a range to one value. */
  public final void fill(long offset, long length, byte value) {
    long address = rangeToWrite(offset, length);
    for (long done = 0; done < length; done += LOOP_LENGTH) {
      span.requireOpen();
      memory.fill(address + done, Math.min(LOOP_LENGTH, length - done), value);
    }
  }

  /** Copies bytes within this region. The ranges may overlap. */
  public final void copy(long from, long to, long length) {
    copyTo(from, this, to, length);
  }

  /** Copies bytes to another region or heap. The ranges may overlap. */
  public final void copyTo(long from, BulkAccess target, long to, long length) {
    long source = rangeToRead(from, length);
    long sink = target.rangeToWrite(to, length);
    boolean backwards = sink > source;
    for (long done = 0; done < length; done += PIECE_LENGTH) {
      long count = Math.min(PIECE_LENGTH, length - done);
      long start = backwards ? length - done - count : done;
      span.requireOpen();
      target.span.requireOpen();
      memory.copy(source + start, sink + start, count);
    }
  }

  /**
   * Finds the first byte that differs from that of another region or heap.
   *
   * @return the index of the first byte that differs; empty if all are equal
   */
  public final OptionalLong mismatch(long offset, BulkAccess other, long otherOffset, long length) {
    long mine = rangeToRead(offset, length);
    long others = other.rangeToRead(otherOffset, length);
    for (long done = 0; done < length; done += LOOP_LENGTH) {
      span.requireOpen();
      other.span.requireOpen();
      long found =
          memory.mismatch(mine + done, others + done, Math.min(LOOP_LENGTH, length - done));
      if (found >= 0) {
        return OptionalLong.of(done + found);
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Returns a buffer over bytes of the heap, without copying them: little-endian, and read-only if
   * the heap is attached for reading only.
   *
   * <p>The buffer can be used when the heap is closed, but does not belong to it any more: it then
   * reads zeros, and what is written to it is lost. The addresses of the heap stay reserved until
   * the buffer is garbage.
   *
   * @param length up to 2^31 - 1
   */
  public final ByteBuffer asByteBuffer(long offset, int length) {
    return span.view(rangeToRead(offset, length), length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
