package dev.rszshm.heap.spi;

import dev.rszshm.heap.errors.UnsupportedPlatformException;
import dev.rszshm.heap.internal.memory.MemoryChoice;
import java.lang.invoke.VarHandle;

/**
 * Reads and writes memory at absolute addresses, in the machine's own byte order (little-endian; no
 * other is supported).
 *
 * <p><b>Nothing is checked.</b> An address that is not mapped, or an array index out of range,
 * kills the JVM or damages its heap. Whoever calls this class has checked the bounds first. The one
 * fault that is survived is a mapped page whose file has been truncated: the access becomes an
 * {@link InternalError}. It may be thrown late, in whatever the thread does next, so that nobody
 * can rely on catching it around one access.
 *
 * <p><b>Order.</b> The end of a method's name says what the access promises to other threads and
 * other processes; between processes it means the same as between threads. The orders grow stronger
 * from top to bottom, and a reader and a writer who want to rely on one use it on both sides:
 *
 * <table>
 * <caption>Which get pairs with which put</caption>
 * <tr><th>get</th><th>put</th><th>use</th></tr>
 * <tr><td>{@code getLong}</td><td>{@code putLong}</td><td><i>plain</i>: for memory nobody else
 *   touches meanwhile, or that another access publishes. The compiler may merge, repeat, move or
 *   drop it; a loop that waits with it may wait for ever. The only kind that may be
 *   unaligned.</td></tr>
 * <tr><td>{@code getLongOpaque}</td><td>{@code putLongOpaque}</td><td><i>opaque</i>: happens as
 *   written and is seen at last, but says nothing about other addresses. For hints, statistics and
 *   stop flags.</td></tr>
 * <tr><td>{@code getLongAcquire}</td><td>{@code putLongRelease}</td><td><i>acquire, release</i>:
 *   publication. Whoever gets the value a release put sees all that the writer did before that
 *   put. This is what most protocols need.</td></tr>
 * <tr><td>{@code getLongVolatile}</td><td>{@code putLongVolatile}</td><td><i>volatile</i>: acquire
 *   and release, and all volatile accesses have one order that everybody agrees on. Needed where a
 *   thread writes one word and then reads another while a second thread does the reverse. The put
 *   costs a full fence.</td></tr>
 * </table>
 *
 * <p>Every atomic read-modify-write, successful or not, is volatile. In C these orders are called
 * relaxed (opaque), acquire, release and seq_cst (volatile); a C program on the same memory pairs
 * with them.
 *
 * <p><b>Alignment and tearing.</b> All accesses but the plain ones need natural alignment: the
 * address is a multiple of the value's length. Then another thread or process sees the old value or
 * the new one, never a mixture, and a process that is killed leaves either. A plain access that is
 * aligned is one instruction on all 64-bit machines, but only the others promise it; an unaligned
 * one may tear. Bulk operations tear anywhere between bytes, in no particular order, and a process
 * that dies in one may leave any part of it done.
 *
 * <p><b>A seam.</b> All shared memory is touched through an instance of this class, so that a test
 * can put its own in place and record, delay or interrupt each access. Such a subclass sees {@code
 * float}, {@code double} and {@code char} as accesses to the integers of the same length. Instances
 * have no state of their own and may be used by any number of threads.
 */
public abstract class Memory {
  /** For the two implementations here and for tests. */
  protected Memory() {}

  /**
   * Returns the memory of this process; always the same instance.
   *
   * @throws IllegalArgumentException if the system property {@code dev.rszshm.memory} is set, and
   *     neither {@code unsafe} nor {@code segment}, or to one this JVM does not have
   * @throws UnsupportedPlatformException if the JVM refuses access to memory; the message says
   *     which flag allows it
   */
  public static Memory host() {
    return MemoryChoice.host();
  }

  /**
   * Whether an access to an address that is not mapped is an exception here, and not the end of the
   * JVM. A heap on such a memory does without its protection against threads that come too late.
   */
  public boolean isGuarded() {
    return false;
  }

  // Get and put: the class comment says what each order promises.

  public abstract byte getByte(long address);

  public abstract byte getByteOpaque(long address);

  public abstract byte getByteAcquire(long address);

  public abstract byte getByteVolatile(long address);

  public abstract void putByte(long address, byte value);

  public abstract void putByteOpaque(long address, byte value);

  public abstract void putByteRelease(long address, byte value);

  public abstract void putByteVolatile(long address, byte value);

  public abstract short getShort(long address);

  public abstract short getShortOpaque(long address);

  public abstract short getShortAcquire(long address);

  public abstract short getShortVolatile(long address);

  public abstract void putShort(long address, short value);

  public abstract void putShortOpaque(long address, short value);

  public abstract void putShortRelease(long address, short value);

  public abstract void putShortVolatile(long address, short value);

  public abstract int getInt(long address);

  public abstract int getIntOpaque(long address);

  public abstract int getIntAcquire(long address);

  public abstract int getIntVolatile(long address);

  public abstract void putInt(long address, int value);

  public abstract void putIntOpaque(long address, int value);

  public abstract void putIntRelease(long address, int value);

  public abstract void putIntVolatile(long address, int value);

  public abstract long getLong(long address);

  public abstract long getLongOpaque(long address);

  public abstract long getLongAcquire(long address);

  public abstract long getLongVolatile(long address);

  public abstract void putLong(long address, long value);

  public abstract void putLongOpaque(long address, long value);

  public abstract void putLongRelease(long address, long value);

  public abstract void putLongVolatile(long address, long value);

  public final char getChar(long address) {
    return (char) getShort(address);
  }

  public final char getCharOpaque(long address) {
    return (char) getShortOpaque(address);
  }

  public final char getCharAcquire(long address) {
    return (char) getShortAcquire(address);
  }

  public final char getCharVolatile(long address) {
    return (char) getShortVolatile(address);
  }

  public final void putChar(long address, char value) {
    putShort(address, (short) value);
  }

  public final void putCharOpaque(long address, char value) {
    putShortOpaque(address, (short) value);
  }

  public final void putCharRelease(long address, char value) {
    putShortRelease(address, (short) value);
  }

  public final void putCharVolatile(long address, char value) {
    putShortVolatile(address, (short) value);
  }

  public final float getFloat(long address) {
    return Float.intBitsToFloat(getInt(address));
  }

  public final float getFloatOpaque(long address) {
    return Float.intBitsToFloat(getIntOpaque(address));
  }

  public final float getFloatAcquire(long address) {
    return Float.intBitsToFloat(getIntAcquire(address));
  }

  public final float getFloatVolatile(long address) {
    return Float.intBitsToFloat(getIntVolatile(address));
  }

  public final void putFloat(long address, float value) {
    putInt(address, Float.floatToRawIntBits(value));
  }

  public final void putFloatOpaque(long address, float value) {
    putIntOpaque(address, Float.floatToRawIntBits(value));
  }

  public final void putFloatRelease(long address, float value) {
    putIntRelease(address, Float.floatToRawIntBits(value));
  }

  public final void putFloatVolatile(long address, float value) {
    putIntVolatile(address, Float.floatToRawIntBits(value));
  }

  public final double getDouble(long address) {
    return Double.longBitsToDouble(getLong(address));
  }

  public final double getDoubleOpaque(long address) {
    return Double.longBitsToDouble(getLongOpaque(address));
  }

  public final double getDoubleAcquire(long address) {
    return Double.longBitsToDouble(getLongAcquire(address));
  }

  public final double getDoubleVolatile(long address) {
    return Double.longBitsToDouble(getLongVolatile(address));
  }

  public final void putDouble(long address, double value) {
    putLong(address, Double.doubleToRawLongBits(value));
  }

  public final void putDoubleOpaque(long address, double value) {
    putLongOpaque(address, Double.doubleToRawLongBits(value));
  }

  public final void putDoubleRelease(long address, double value) {
    putLongRelease(address, Double.doubleToRawLongBits(value));
  }

  public final void putDoubleVolatile(long address, double value) {
    putLongVolatile(address, Double.doubleToRawLongBits(value));
  }

  // Atomic read-modify-write: volatile order, naturally aligned addresses.

  /** Puts {@code value} if {@code expected} is there, and says whether it was. */
  public abstract boolean compareAndSetInt(long address, int expected, int value);

  /** As {@link #compareAndSetInt}, but returns what was there: {@code expected} if it was put. */
  public abstract int compareAndExchangeInt(long address, int expected, int value);

  /** Adds {@code delta}, wrapping around, and returns what was there. */
  public abstract int getAndAddInt(long address, int delta);

  /** Puts {@code value} and returns what was there. */
  public abstract int getAndSetInt(long address, int value);

  /** Sets the bits of {@code mask} and returns what was there. */
  public abstract int getAndBitwiseOrInt(long address, int mask);

  /** Keeps only the bits of {@code mask} and returns what was there. */
  public abstract int getAndBitwiseAndInt(long address, int mask);

  /** Puts {@code value} if {@code expected} is there, and says whether it was. */
  public abstract boolean compareAndSetLong(long address, long expected, long value);

  /** As {@link #compareAndSetLong}, but returns what was there: {@code expected} if it was put. */
  public abstract long compareAndExchangeLong(long address, long expected, long value);

  /** Adds {@code delta}, wrapping around, and returns what was there. */
  public abstract long getAndAddLong(long address, long delta);

  /** Puts {@code value} and returns what was there. */
  public abstract long getAndSetLong(long address, long value);

  /** Sets the bits of {@code mask} and returns what was there. */
  public abstract long getAndBitwiseOrLong(long address, long mask);

  /** Keeps only the bits of {@code mask} and returns what was there. */
  public abstract long getAndBitwiseAndLong(long address, long mask);

  // Bulk: plain, addresses of any alignment. A length of zero does nothing. The JVM cannot stop for
  // a collection within one call, so those who move gigabytes do it in pieces.

  /** Copies {@code length} bytes; the two ranges may overlap. */
  public abstract void copy(long from, long to, long length);

  /**
   * Copies {@code size} elements of an array, from {@code index} on, to memory.
   *
   * @param array a {@code byte[]}, {@code short[]}, {@code char[]}, {@code int[]}, {@code long[]},
   *     {@code float[]} or {@code double[]}
   * @throws IllegalArgumentException if it is anything else
   */
  public abstract void copyIn(Object array, int index, long to, int size);

  /**
   * Copies memory to {@code size} elements of an array, from {@code index} on.
   *
   * @param array as in {@link #copyIn}
   * @throws IllegalArgumentException if it is anything else
   */
  public abstract void copyOut(long from, Object array, int index, int size);

  /** Puts {@code value} into each of {@code length} bytes. */
  public abstract void fill(long address, long length, byte value);

  /**
   * Returns the index of the first byte in which the two ranges differ, or -1 if none does. (The
   * JVM's own vector loop for this is a little faster from 256 bytes on, but dies on a page that is
   * missing.)
   */
  public final long mismatch(long a, long b, long length) {
    long index = 0;
    for (; index <= length - Long.BYTES; index += Long.BYTES) {
      long difference = getLong(a + index) ^ getLong(b + index);
      if (difference != 0) {
        return index + Long.numberOfTrailingZeros(difference) / Byte.SIZE; // little-endian
      }
    }
    for (; index < length; index++) {
      if (getByte(a + index) != getByte(b + index)) {
        return index;
      }
    }
    return -1;
  }

  /**
   * Compares two ranges as sequences of unsigned bytes: negative, zero or positive as the first is
   * less than, equal to or greater than the second. If one is the beginning of the other, the
   * shorter one is less.
   */
  public final int compare(long a, long aLength, long b, long bLength) {
    long index = mismatch(a, b, Math.min(aLength, bLength));
    if (index < 0) {
      return Long.compare(aLength, bLength);
    }
    return Byte.compareUnsigned(getByte(a + index), getByte(b + index));
  }

  /** The length in bytes of one element of a primitive array. */
  public static int elementLength(Object array) {
    if (array instanceof byte[]) {
      return Byte.BYTES;
    }
    if (array instanceof short[] || array instanceof char[]) {
      return Short.BYTES;
    }
    if (array instanceof int[] || array instanceof float[]) {
      return Integer.BYTES;
    }
    if (array instanceof long[] || array instanceof double[]) {
      return Long.BYTES;
    }
    throw notAnArray(array);
  }

  protected static IllegalArgumentException notAnArray(Object array) {
    return new IllegalArgumentException(
        (array == null ? "null" : array.getClass().getTypeName())
            + " cannot be copied to or from memory: expected a byte[], short[], char[], int[],"
            + " long[], float[] or double[]");
  }

  // Fences.

  /** Keeps the loads before it before all loads and stores after it. */
  public void acquireFence() {
    VarHandle.acquireFence();
  }

  /** Keeps the stores after it after all loads and stores before it. */
  public void releaseFence() {
    VarHandle.releaseFence();
  }

  /** Keeps everything before it before everything after it, also a load after a store. */
  public void fullFence() {
    VarHandle.fullFence();
  }
}
