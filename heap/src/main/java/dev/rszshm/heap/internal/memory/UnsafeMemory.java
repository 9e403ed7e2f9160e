package dev.rszshm.heap.internal.memory;

import dev.rszshm.heap.errors.UnsupportedPlatformException;
import dev.rszshm.heap.spi.Memory;
import java.lang.reflect.Field;
import sun.misc.Unsafe;

/**
 * The memory of JDK 17 to 23, through {@code sun.misc.Unsafe}.
 *
 * <p>That class knows fewer orders than {@link Memory}: where one is missing the next stronger one
 * stands in, which costs nothing on x86-64. Acquire and opaque gets are volatile gets; opaque puts
 * are release puts, and those are a fence and a plain put, which is what the compiler makes of an
 * ordered put, too.
 *
 * <p><b>A missing page.</b> If the file under a mapped page was truncated, the processor raises
 * SIGBUS. The JVM turns that into an {@link InternalError} in compiled code and for interpreted
 * gets and plain puts. It dies of an interpreted CAS, in which all interpreted atomic operations
 * end, and of an interpreted volatile or ordered put. So a probe goes first and fails in their
 * stead. It has two parts: a load meets the missing page, which only leaves a note for the thread,
 * and an allocation enters the JVM, which finds the note and throws. (On JDK 17 the return from a
 * native method does not look for it. The load alone is enough only as long as the interpreter
 * enters the JVM to link the next call.) The results of both are not used: the optimizing compiler,
 * in whose code all this is safe, removes them. For that reason they stand in each method and not
 * in one of their own, which could be compiled to nothing while its caller is still interpreted. In
 * a loop, the allocation also makes less optimized code find the note before long. A file truncated
 * between the probe and the access still kills.
 *
 * <p>{@code setMemory}, where no probe would help, and the JVM's vectorised comparison die of a
 * missing page even when compiled. They are not used.
 */
final class UnsafeMemory extends Memory {
  private static final Unsafe UNSAFE = theUnsafe();

  // Where the elements begin within an array object; not the same for all types on all JVMs.
  private static final long FIRST_BYTE = UNSAFE.arrayBaseOffset(byte[].class);
  private static final long FIRST_SHORT = UNSAFE.arrayBaseOffset(short[].class);
  private static final long FIRST_CHAR = UNSAFE.arrayBaseOffset(char[].class);
  private static final long FIRST_INT = UNSAFE.arrayBaseOffset(int[].class);
  private static final long FIRST_FLOAT = UNSAFE.arrayBaseOffset(float[].class);
  private static final long FIRST_LONG = UNSAFE.arrayBaseOffset(long[].class);
  private static final long FIRST_DOUBLE = UNSAFE.arrayBaseOffset(double[].class);

  private static Unsafe theUnsafe() {
    try {
      Field field = Unsafe.class.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return (Unsafe) field.get(null);
    } catch (ReflectiveOperationException e) {
      UnsupportedPlatformException explained =
          new UnsupportedPlatformException(
              "this JVM does not give access to sun.misc.Unsafe: use an OpenJDK of version 17 to 23,"
                  + " or a later one without -D"
                  + MemoryChoice.PROPERTY
                  + "=unsafe");
      explained.initCause(e);
      throw explained;
    }
  }

  /** Takes what the two parts of a probe make, see above; each caller must make them itself. */
  @SuppressWarnings("UnusedVariable")
  private static void probe(byte load, byte[] allocation) {}

  @Override
  public byte getByte(long address) {
    return UNSAFE.getByte(address);
  }

  @Override
  public byte getByteOpaque(long address) {
    return UNSAFE.getByteVolatile(null, address);
  }

  @Override
  public byte getByteAcquire(long address) {
    return UNSAFE.getByteVolatile(null, address);
  }

  @Override
  public byte getByteVolatile(long address) {
    return UNSAFE.getByteVolatile(null, address);
  }

  @Override
  public void putByte(long address, byte value) {
    UNSAFE.putByte(address, value);
  }

  @Override
  public void putByteOpaque(long address, byte value) {
    UNSAFE.storeFence();
    UNSAFE.putByte(address, value);
  }

  @Override
  public void putByteRelease(long address, byte value) {
    UNSAFE.storeFence();
    UNSAFE.putByte(address, value);
  }

  @Override
  public void putByteVolatile(long address, byte value) {
    probe(UNSAFE.getByte(address), new byte[0]);
    UNSAFE.putByteVolatile(null, address, value);
  }

  @Override
  public short getShort(long address) {
    return UNSAFE.getShort(address);
  }

  @Override
  public short getShortOpaque(long address) {
    return UNSAFE.getShortVolatile(null, address);
  }

  @Override
  public short getShortAcquire(long address) {
    return UNSAFE.getShortVolatile(null, address);
  }

  @Override
  public short getShortVolatile(long address) {
    return UNSAFE.getShortVolatile(null, address);
  }

  @Override
  public void putShort(long address, short value) {
    UNSAFE.putShort(address, value);
  }

  @Override
  public void putShortOpaque(long address, short value) {
    UNSAFE.storeFence();
    UNSAFE.putShort(address, value);
  }

  @Override
  public void putShortRelease(long address, short value) {
    UNSAFE.storeFence();
    UNSAFE.putShort(address, value);
  }

  @Override
  public void putShortVolatile(long address, short value) {
    probe(UNSAFE.getByte(address), new byte[0]);
    UNSAFE.putShortVolatile(null, address, value);
  }

  @Override
  public int getInt(long address) {
    return UNSAFE.getInt(address);
  }

  @Override
  public int getIntOpaque(long address) {
    return UNSAFE.getIntVolatile(null, address);
  }

  @Override
  public int getIntAcquire(long address) {
    return UNSAFE.getIntVolatile(null, address);
  }

  @Override
  public int getIntVolatile(long address) {
    return UNSAFE.getIntVolatile(null, address);
  }

  @Override
  public void putInt(long address, int value) {
    UNSAFE.putInt(address, value);
  }

  @Override
  public void putIntOpaque(long address, int value) {
    UNSAFE.storeFence();
    UNSAFE.putInt(address, value);
  }

  @Override
  public void putIntRelease(long address, int value) {
    UNSAFE.storeFence();
    UNSAFE.putInt(address, value);
  }

  @Override
  public void putIntVolatile(long address, int value) {
    probe(UNSAFE.getByte(address), new byte[0]);
    UNSAFE.putIntVolatile(null, address, value);
  }

  @Override
  public long getLong(long address) {
    return UNSAFE.getLong(address);
  }

  @Override
  public long getLongOpaque(long address) {
    return UNSAFE.getLongVolatile(null, address);
  }

  @Override
  public long getLongAcquire(long address) {
    return UNSAFE.getLongVolatile(null, address);
  }

  @Override
  public long getLongVolatile(long address) {
    return UNSAFE.getLongVolatile(null, address);
  }

  @Override
  public void putLong(long address, long value) {
    UNSAFE.putLong(address, value);
  }

  @Override
  public void putLongOpaque(long address, long value) {
    UNSAFE.storeFence();
    UNSAFE.putLong(address, value);
  }

  @Override
  public void putLongRelease(long address, long value) {
    UNSAFE.storeFence();
    UNSAFE.putLong(address, value);
  }

  @Override
  public void putLongVolatile(long address, long value) {
    probe(UNSAFE.getByte(address), new byte[0]);
    UNSAFE.putLongVolatile(null, address, value);
  }

  @Override
  public boolean compareAndSetInt(long address, int expected, int value) {
    probe(UNSAFE.getByte(address), new byte[0]);
    return UNSAFE.compareAndSwapInt(null, address, expected, value);
  }

  @Override
  public int compareAndExchangeInt(long address, int expected, int value) {
    int witness;
    do {
      probe(UNSAFE.getByte(address), new byte[0]);
      witness = UNSAFE.getIntVolatile(null, address);
    } while (witness == expected && !UNSAFE.compareAndSwapInt(null, address, expected, value));
    return witness;
  }

  @Override
  public int getAndAddInt(long address, int delta) {
    probe(UNSAFE.getByte(address), new byte[0]);
    return UNSAFE.getAndAddInt(null, address, delta);
  }

  @Override
  public int getAndSetInt(long address, int value) {
    probe(UNSAFE.getByte(address), new byte[0]);
    return UNSAFE.getAndSetInt(null, address, value);
  }

  @Override
  public int getAndBitwiseOrInt(long address, int mask) {
    int witness;
    do {
      probe(UNSAFE.getByte(address), new byte[0]);
      witness = UNSAFE.getIntVolatile(null, address);
    } while (!UNSAFE.compareAndSwapInt(null, address, witness, witness | mask));
    return witness;
  }

  @Override
  public int getAndBitwiseAndInt(long address, int mask) {
    int witness;
    do {
      probe(UNSAFE.getByte(address), new byte[0]);
      witness = UNSAFE.getIntVolatile(null, address);
    } while (!UNSAFE.compareAndSwapInt(null, address, witness, witness & mask));
    return witness;
  }

  @Override
  public boolean compareAndSetLong(long address, long expected, long value) {
    probe(UNSAFE.getByte(address), new byte[0]);
    return UNSAFE.compareAndSwapLong(null, address, expected, value);
  }

  @Override
  public long compareAndExchangeLong(long address, long expected, long value) {
    long witness;
    do {
      probe(UNSAFE.getByte(address), new byte[0]);
      witness = UNSAFE.getLongVolatile(null, address);
    } while (witness == expected && !UNSAFE.compareAndSwapLong(null, address, expected, value));
    return witness;
  }

  @Override
  public long getAndAddLong(long address, long delta) {
    probe(UNSAFE.getByte(address), new byte[0]);
    return UNSAFE.getAndAddLong(null, address, delta);
  }

  @Override
  public long getAndSetLong(long address, long value) {
    probe(UNSAFE.getByte(address), new byte[0]);
    return UNSAFE.getAndSetLong(null, address, value);
  }

  @Override
  public long getAndBitwiseOrLong(long address, long mask) {
    long witness;
    do {
      probe(UNSAFE.getByte(address), new byte[0]);
      witness = UNSAFE.getLongVolatile(null, address);
    } while (!UNSAFE.compareAndSwapLong(null, address, witness, witness | mask));
    return witness;
  }

  @Override
  public long getAndBitwiseAndLong(long address, long mask) {
    long witness;
    do {
      probe(UNSAFE.getByte(address), new byte[0]);
      witness = UNSAFE.getLongVolatile(null, address);
    } while (!UNSAFE.compareAndSwapLong(null, address, witness, witness & mask));
    return witness;
  }

  @Override
  public void copy(long from, long to, long length) {
    UNSAFE.copyMemory(from, to, length);
  }

  @Override
  public void copyIn(Object array, int index, long to, int size) {
    long length = elementLength(array);
    UNSAFE.copyMemory(array, firstElement(array) + index * length, null, to, size * length);
  }

  @Override
  public void copyOut(long from, Object array, int index, int size) {
    long length = elementLength(array);
    UNSAFE.copyMemory(null, from, array, firstElement(array) + index * length, size * length);
  }

  private static long firstElement(Object array) {
    if (array instanceof byte[]) {
      return FIRST_BYTE;
    }
    if (array instanceof short[]) {
      return FIRST_SHORT;
    }
    if (array instanceof char[]) {
      return FIRST_CHAR;
    }
    if (array instanceof int[]) {
      return FIRST_INT;
    }
    if (array instanceof float[]) {
      return FIRST_FLOAT;
    }
    if (array instanceof long[]) {
      return FIRST_LONG;
    }
    if (array instanceof double[]) {
      return FIRST_DOUBLE;
    }
    throw notAnArray(array);
  }

  @Override
  public void fill(long address, long length, byte value) {
    long values = (value & 0xFFL) * 0x0101010101010101L;
    long index = 0;
    for (; index <= length - Long.BYTES; index += Long.BYTES) {
      UNSAFE.putLong(address + index, values);
    }
    for (; index < length; index++) {
      UNSAFE.putByte(address + index, value);
    }
  }
}
