package dev.rszshm.heap.internal.memory;

import dev.rszshm.heap.spi.Memory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The memory of JDK 24 and later (22 at the earliest), through the handles that {@link
 * SegmentHandles} makes of {@code java.lang.foreign}.
 *
 * <p>The handles are static and final, and each holds the same constant segment: the compiler folds
 * all its checks and leaves the one instruction. For that every call must have exactly the handle's
 * types; a call that does not is an error and not merely slow.
 *
 * <p>Plain access goes through unaligned layouts. The aligned ones have all the orders and atomics,
 * and throw {@link IllegalArgumentException} for an address that is not aligned.
 *
 * <p><b>A missing page</b> is explained in {@link UnsafeMemory}. Here, too, the interpreter's CAS
 * and its puts of any order would kill the JVM, and a probe goes before them; but on these JDKs a
 * load throws at once, so it is all that is needed, and {@code getAndAdd} and its like load first
 * by themselves.
 */
final class SegmentMemory extends Memory {
  private static final VarHandle BYTE = SegmentHandles.values("JAVA_BYTE");
  private static final VarHandle SHORT = SegmentHandles.values("JAVA_SHORT");
  private static final VarHandle INT = SegmentHandles.values("JAVA_INT");
  private static final VarHandle LONG = SegmentHandles.values("JAVA_LONG");
  private static final VarHandle SHORT_PLAIN = SegmentHandles.values("JAVA_SHORT_UNALIGNED");
  private static final VarHandle INT_PLAIN = SegmentHandles.values("JAVA_INT_UNALIGNED");
  private static final VarHandle LONG_PLAIN = SegmentHandles.values("JAVA_LONG_UNALIGNED");

  private static final Object BYTES = SegmentHandles.layout("JAVA_BYTE");
  private static final Object SHORTS = SegmentHandles.layout("JAVA_SHORT_UNALIGNED");
  private static final Object CHARS = SegmentHandles.layout("JAVA_CHAR_UNALIGNED");
  private static final Object INTS = SegmentHandles.layout("JAVA_INT_UNALIGNED");
  private static final Object FLOATS = SegmentHandles.layout("JAVA_FLOAT_UNALIGNED");
  private static final Object LONGS = SegmentHandles.layout("JAVA_LONG_UNALIGNED");
  private static final Object DOUBLES = SegmentHandles.layout("JAVA_DOUBLE_UNALIGNED");

  /** (from, to, length) */
  private static final MethodHandle COPY = SegmentHandles.copy();

  /** (array, index, layout, to, size) */
  private static final MethodHandle COPY_IN = SegmentHandles.copyIn();

  /** (layout, from, array, index, size) */
  private static final MethodHandle COPY_OUT = SegmentHandles.copyOut();

  /** (address, length, value) */
  private static final MethodHandle FILL = SegmentHandles.fill();

  /**
   * Throws {@link InternalError} if the page is missing, see above. It returns what it loads, or it
   * could be compiled to nothing while its caller is still interpreted.
   */
  private static byte probe(long address) {
    return (byte) BYTE.get(address);
  }

  @Override
  public byte getByte(long address) {
    return (byte) BYTE.get(address);
  }

  @Override
  public byte getByteOpaque(long address) {
    return (byte) BYTE.getOpaque(address);
  }

  @Override
  public byte getByteAcquire(long address) {
    return (byte) BYTE.getAcquire(address);
  }

  @Override
  public byte getByteVolatile(long address) {
    return (byte) BYTE.getVolatile(address);
  }

  @Override
  public void putByte(long address, byte value) {
    BYTE.set(address, value);
  }

  @Override
  public void putByteOpaque(long address, byte value) {
    byte ignored = probe(address);
    BYTE.setOpaque(address, value);
  }

  @Override
  public void putByteRelease(long address, byte value) {
    byte ignored = probe(address);
    BYTE.setRelease(address, value);
  }

  @Override
  public void putByteVolatile(long address, byte value) {
    byte ignored = probe(address);
    BYTE.setVolatile(address, value);
  }

  @Override
  public short getShort(long address) {
    return (short) SHORT_PLAIN.get(address);
  }

  @Override
  public short getShortOpaque(long address) {
    return (short) SHORT.getOpaque(address);
  }

  @Override
  public short getShortAcquire(long address) {
    return (short) SHORT.getAcquire(address);
  }

  @Override
  public short getShortVolatile(long address) {
    return (short) SHORT.getVolatile(address);
  }

  @Override
  public void putShort(long address, short value) {
    SHORT_PLAIN.set(address, value);
  }

  @Override
  public void putShortOpaque(long address, short value) {
    byte ignored = probe(address);
    SHORT.setOpaque(address, value);
  }

  @Override
  public void putShortRelease(long address, short value) {
    byte ignored = probe(address);
    SHORT.setRelease(address, value);
  }

  @Override
  public void putShortVolatile(long address, short value) {
    byte ignored = probe(address);
    SHORT.setVolatile(address, value);
  }

  @Override
  public int getInt(long address) {
    return (int) INT_PLAIN.get(address);
  }

  @Override
  public int getIntOpaque(long address) {
    return (int) INT.getOpaque(address);
  }

  @Override
  public int getIntAcquire(long address) {
    return (int) INT.getAcquire(address);
  }

  @Override
  public int getIntVolatile(long address) {
    return (int) INT.getVolatile(address);
  }

  @Override
  public void putInt(long address, int value) {
    INT_PLAIN.set(address, value);
  }

  @Override
  public void putIntOpaque(long address, int value) {
    byte ignored = probe(address);
    INT.setOpaque(address, value);
  }

  @Override
  public void putIntRelease(long address, int value) {
    byte ignored = probe(address);
    INT.setRelease(address, value);
  }

  @Override
  public void putIntVolatile(long address, int value) {
    byte ignored = probe(address);
    INT.setVolatile(address, value);
  }

  @Override
  public long getLong(long address) {
    return (long) LONG_PLAIN.get(address);
  }

  @Override
  public long getLongOpaque(long address) {
    return (long) LONG.getOpaque(address);
  }

  @Override
  public long getLongAcquire(long address) {
    return (long) LONG.getAcquire(address);
  }

  @Override
  public long getLongVolatile(long address) {
    return (long) LONG.getVolatile(address);
  }

  @Override
  public void putLong(long address, long value) {
    LONG_PLAIN.set(address, value);
  }

  @Override
  public void putLongOpaque(long address, long value) {
    byte ignored = probe(address);
    LONG.setOpaque(address, value);
  }

  @Override
  public void putLongRelease(long address, long value) {
    byte ignored = probe(address);
    LONG.setRelease(address, value);
  }

  @Override
  public void putLongVolatile(long address, long value) {
    byte ignored = probe(address);
    LONG.setVolatile(address, value);
  }

  @Override
  public boolean compareAndSetInt(long address, int expected, int value) {
    byte ignored = probe(address);
    return (boolean) INT.compareAndSet(address, expected, value);
  }

  @Override
  public int compareAndExchangeInt(long address, int expected, int value) {
    byte ignored = probe(address);
    return (int) INT.compareAndExchange(address, expected, value);
  }

  @Override
  public int getAndAddInt(long address, int delta) {
    return (int) INT.getAndAdd(address, delta);
  }

  @Override
  public int getAndSetInt(long address, int value) {
    return (int) INT.getAndSet(address, value);
  }

  @Override
  public int getAndBitwiseOrInt(long address, int mask) {
    return (int) INT.getAndBitwiseOr(address, mask);
  }

  @Override
  public int getAndBitwiseAndInt(long address, int mask) {
    return (int) INT.getAndBitwiseAnd(address, mask);
  }

  @Override
  public boolean compareAndSetLong(long address, long expected, long value) {
    byte ignored = probe(address);
    return (boolean) LONG.compareAndSet(address, expected, value);
  }

  @Override
  public long compareAndExchangeLong(long address, long expected, long value) {
    byte ignored = probe(address);
    return (long) LONG.compareAndExchange(address, expected, value);
  }

  @Override
  public long getAndAddLong(long address, long delta) {
    return (long) LONG.getAndAdd(address, delta);
  }

  @Override
  public long getAndSetLong(long address, long value) {
    return (long) LONG.getAndSet(address, value);
  }

  @Override
  public long getAndBitwiseOrLong(long address, long mask) {
    return (long) LONG.getAndBitwiseOr(address, mask);
  }

  @Override
  public long getAndBitwiseAndLong(long address, long mask) {
    return (long) LONG.getAndBitwiseAnd(address, mask);
  }

  @Override
  public void copy(long from, long to, long length) {
    try {
      COPY.invokeExact(from, to, length);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  @Override
  public void copyIn(Object array, int index, long to, int size) {
    try {
      COPY_IN.invokeExact(array, index, layoutOf(array), to, size);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  @Override
  public void copyOut(long from, Object array, int index, int size) {
    try {
      COPY_OUT.invokeExact(layoutOf(array), from, array, index, size);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  @Override
  public void fill(long address, long length, byte value) {
    try {
      FILL.invokeExact(address, length, value);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  private static Object layoutOf(Object array) {
    if (array instanceof byte[]) {
      return BYTES;
    }
    if (array instanceof short[]) {
      return SHORTS;
    }
    if (array instanceof char[]) {
      return CHARS;
    }
    if (array instanceof int[]) {
      return INTS;
    }
    if (array instanceof float[]) {
      return FLOATS;
    }
    if (array instanceof long[]) {
      return LONGS;
    }
    if (array instanceof double[]) {
      return DOUBLES;
    }
    throw notAnArray(array);
  }

  /** No method behind a handle here throws a checked exception. */
  private static RuntimeException unchecked(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return (RuntimeException) e;
  }
}
