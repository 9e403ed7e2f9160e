package dev.rszshm.heap;

import dev.rszshm.heap.internal.map.Span;
import dev.rszshm.heap.spi.Platform;
import java.util.Objects;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import java.util.function.LongConsumer;
import java.util.function.LongToDoubleFunction;
import java.util.function.LongToIntFunction;
import java.util.function.LongUnaryOperator;

/**
 * Many values of one type in a row, in one call: as fast as a loop without checks, because the
 * bounds are checked once.
 *
 * <p>All are plain accesses of any alignment, in no particular order within the range, and values
 * go through an array of at most 8 KiB where code of the caller is called: that code may do
 * whatever it likes, also close the heap, and then the call throws {@link IllegalStateException}.
 * If another thread or process writes the same values at the same time, or the process dies in the
 * operation, any mixture may be left. Nothing is read or written if the whole range does not lie
 * within bounds. If the caller's code throws, so does the call; of the values, some at the
 * beginning have been read or written then.
 */
abstract sealed class SequenceAccess extends BulkAccess permits Region {
  /**
   * Values between two looks whether the heap is open, where no code of the caller is called. So
   * many are done long before the addresses of a heap that was closed are given back, also in the
   * interpreter.
   */
  private static final int STRIDE = 1 << 12;

  /** Values that are taken along at a time for the caller's code. */
  private static final int BATCH = 1024;

  SequenceAccess(Platform platform, Span span, long origin, long lower, long upper) {
    super(platform, span, origin, lower, upper);
  }

  /** The bytes of a sequence; too many for any heap if their number is none. */
  private static long bytes(long size, int elementLength) {
    if (size < 0) {
      throw new IllegalArgumentException("a size of " + size + " is negative");
    }
    return size > Long.MAX_VALUE / elementLength ? Long.MAX_VALUE : size * elementLength;
  }

  private static int batch(long size) {
    return (int) Math.min(BATCH, size);
  }

  /**
   * Writes one value to each of {@code size} ints.
   *
   * @throws IllegalArgumentException if {@code size} is negative
   */
  public final void fillInts(long offset, long size, int value) {
    long address = rangeToWrite(offset, bytes(size, Integer.BYTES));
    for (long done = 0; done < size; done += STRIDE) {
      span.requireOpen();
      long from = address + done * Integer.BYTES;
      int count = (int) Math.min(STRIDE, size - done);
      for (int i = 0; i < count; i++) {
        memory.putInt(from + (long) i * Integer.BYTES, value);
      }
    }
  }

  /** Writes one value to each of {@code size} longs; otherwise as {@link #fillInts}. */
  public final void fillLongs(long offset, long size, long value) {
    long address = rangeToWrite(offset, bytes(size, Long.BYTES));
    for (long done = 0; done < size; done += STRIDE) {
      span.requireOpen();
      long from = address + done * Long.BYTES;
      int count = (int) Math.min(STRIDE, size - done);
      for (int i = 0; i < count; i++) {
        memory.putLong(from + (long) i * Long.BYTES, value);
      }
    }
  }

  /** Writes one value to each of {@code size} floats; otherwise as {@link #fillInts}. */
  public final void fillFloats(long offset, long size, float value) {
    fillInts(offset, size, Float.floatToRawIntBits(value));
  }

  /** Writes one value to each of {@code size} doubles; otherwise as {@link #fillInts}. */
  public final void fillDoubles(long offset, long size, double value) {
    fillLongs(offset, size, Double.doubleToRawLongBits(value));
  }

  /**
   * Returns the sum of {@code size} ints.
   *
   * @throws IllegalArgumentException if {@code size} is negative
   */
  public final long sumInts(long offset, long size) {
    long address = rangeToRead(offset, bytes(size, Integer.BYTES));
    long sum = 0;
    for (long done = 0; done < size; done += STRIDE) {
      span.requireOpen();
      long from = address + done * Integer.BYTES;
      int count = (int) Math.min(STRIDE, size - done);
      for (int i = 0; i < count; i++) {
        sum += memory.getInt(from + (long) i * Integer.BYTES);
      }
    }
    return sum;
  }

  /** Returns the sum of {@code size} longs, wrapping around; otherwise as {@link #sumInts}. */
  public final long sumLongs(long offset, long size) {
    long address = rangeToRead(offset, bytes(size, Long.BYTES));
    long sum = 0;
    for (long done = 0; done < size; done += STRIDE) {
      span.requireOpen();
      long from = address + done * Long.BYTES;
      int count = (int) Math.min(STRIDE, size - done);
      for (int i = 0; i < count; i++) {
        sum += memory.getLong(from + (long) i * Long.BYTES);
      }
    }
    return sum;
  }

  /**
   * Returns the sum of {@code size} doubles, added one after the other; otherwise as {@link
   * #sumInts}.
   */
  public final double sumDoubles(long offset, long size) {
    long address = rangeToRead(offset, bytes(size, Double.BYTES));
    double sum = 0;
    for (long done = 0; done < size; done += STRIDE) {
      span.requireOpen();
      long from = address + done * Double.BYTES;
      int count = (int) Math.min(STRIDE, size - done);
      for (int i = 0; i < count; i++) {
        sum += memory.getDouble(from + (long) i * Double.BYTES);
      }
    }
    return sum;
  }

  /**
   * Hands out {@code size} ints, in order.
   *
   * @throws IllegalArgumentException if {@code size} is negative
   */
  public final void forEachInt(long offset, long size, IntConsumer action) {
    Objects.requireNonNull(action);
    long address = rangeToRead(offset, bytes(size, Integer.BYTES));
    int[] values = new int[batch(size)];
    for (long done = 0; done < size; done += BATCH) {
      int count = batch(size - done);
      span.requireOpen();
      memory.copyOut(address + done * Integer.BYTES, values, 0, count);
      for (int i = 0; i < count; i++) {
        action.accept(values[i]);
      }
    }
    span.requireOpen();
  }

  /** Hands out {@code size} longs, in order; otherwise as {@link #forEachInt}. */
  public final void forEachLong(long offset, long size, LongConsumer action) {
    Objects.requireNonNull(action);
    long address = rangeToRead(offset, bytes(size, Long.BYTES));
    long[] values = new long[batch(size)];
    for (long done = 0; done < size; done += BATCH) {
      int count = batch(size - done);
      span.requireOpen();
      memory.copyOut(address + done * Long.BYTES, values, 0, count);
      for (int i = 0; i < count; i++) {
        action.accept(values[i]);
      }
    }
    span.requireOpen();
  }

  /** Hands out {@code size} doubles, in order; otherwise as {@link #forEachInt}. */
  public final void forEachDouble(long offset, long size, DoubleConsumer action) {
    Objects.requireNonNull(action);
    forEachLong(offset, size, bits -> action.accept(Double.longBitsToDouble(bits)));
  }

  /**
   * Writes what a function returns for each index, from 0 on, to {@code size} ints.
   *
   * @throws IllegalArgumentException if {@code size} is negative
   */
  public final void setAllInts(long offset, long size, LongToIntFunction generator) {
    Objects.requireNonNull(generator);
    long address = rangeToWrite(offset, bytes(size, Integer.BYTES));
    int[] values = new int[batch(size)];
    for (long done = 0; done < size; done += BATCH) {
      int count = batch(size - done);
      for (int i = 0; i < count; i++) {
        values[i] = generator.applyAsInt(done + i);
      }
      span.requireOpen();
      memory.copyIn(values, 0, address + done * Integer.BYTES, count);
    }
  }

  /** Writes {@code size} longs; otherwise as {@link #setAllInts}. */
  public final void setAllLongs(long offset, long size, LongUnaryOperator generator) {
    Objects.requireNonNull(generator);
    long address = rangeToWrite(offset, bytes(size, Long.BYTES));
    long[] values = new long[batch(size)];
    for (long done = 0; done < size; done += BATCH) {
      int count = batch(size - done);
      for (int i = 0; i < count; i++) {
        values[i] = generator.applyAsLong(done + i);
      }
      span.requireOpen();
      memory.copyIn(values, 0, address + done * Long.BYTES, count);
    }
  }

  /** Writes {@code size} doubles; otherwise as {@link #setAllInts}. */
  public final void setAllDoubles(long offset, long size, LongToDoubleFunction generator) {
    Objects.requireNonNull(generator);
    setAllLongs(offset, size, index -> Double.doubleToRawLongBits(generator.applyAsDouble(index)));
  }

  /**
   * Writes what a function returns for each value in its place, for {@code size} ints. What others
   * write to the range meanwhile may be lost.
   *
   * @throws IllegalArgumentException if {@code size} is negative
   */
  public final void replaceAllInts(long offset, long size, IntUnaryOperator function) {
    Objects.requireNonNull(function);
    long address = rangeToWrite(offset, bytes(size, Integer.BYTES));
    int[] values = new int[batch(size)];
    for (long done = 0; done < size; done += BATCH) {
      int count = batch(size - done);
      span.requireOpen();
      memory.copyOut(address + done * Integer.BYTES, values, 0, count);
      for (int i = 0; i < count; i++) {
        values[i] = function.applyAsInt(values[i]);
      }
      span.requireOpen();
      memory.copyIn(values, 0, address + done * Integer.BYTES, count);
    }
  }

  /** Replaces {@code size} longs; otherwise as {@link #replaceAllInts}. */
  public final void replaceAllLongs(long offset, long size, LongUnaryOperator function) {
    Objects.requireNonNull(function);
    long address = rangeToWrite(offset, bytes(size, Long.BYTES));
    long[] values = new long[batch(size)];
    for (long done = 0; done < size; done += BATCH) {
      int count = batch(size - done);
      span.requireOpen();
      memory.copyOut(address + done * Long.BYTES, values, 0, count);
      for (int i = 0; i < count; i++) {
        values[i] = function.applyAsLong(values[i]);
      }
      span.requireOpen();
      memory.copyIn(values, 0, address + done * Long.BYTES, count);
    }
  }

  /** Replaces {@code size} doubles; otherwise as {@link #replaceAllInts}. */
  public final void replaceAllDoubles(long offset, long size, DoubleUnaryOperator function) {
    Objects.requireNonNull(function);
    replaceAllLongs(
        offset,
        size,
        bits -> Double.doubleToRawLongBits(function.applyAsDouble(Double.longBitsToDouble(bits))));
  }
}
