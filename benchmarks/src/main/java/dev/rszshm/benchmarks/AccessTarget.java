package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;
import dev.rszshm.heap.spi.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;

/**
 * A megabyte that is read and written, in one of several ways. A JVM of the benchmark uses one of
 * them only, so the compiler knows which, and its calls cost nothing.
 */
abstract class AccessTarget {
  static final int LENGTH = 1 << 20;

  /**
   * Makes one.
   *
   * @param name {@code memory}: unchecked; {@code heap} and {@code region}: checked; {@code array}:
   *     an array of Java, for orientation
   */
  static AccessTarget of(String name, Heap heap) {
    return switch (name) {
      case "memory" -> new OfMemory(heap);
      case "heap" -> new OfRegion(heap, heap.dataOffset());
      case "region" -> new OfRegion(heap.region(heap.dataOffset(), LENGTH), 0);
      case "array" -> new OfArray();
      default -> throw new IllegalArgumentException("unknown target " + name);
    };
  }

  abstract byte getByte(long at);

  abstract void putByte(long at, byte value);

  abstract int getInt(long at);

  abstract void putInt(long at, int value);

  abstract long getLong(long at);

  abstract void putLong(long at, long value);

  abstract int addInt(long at, int delta);

  abstract long addLong(long at, long delta);

  abstract boolean compareAndSetLong(long at, long expected, long value);

  abstract void copyIn(byte[] from, long at);

  abstract void fill(long at, int length, byte value);

  // A number of values from the beginning on, in one call of those who have one.

  long sumLongs(int size) {
    long sum = 0;
    for (int i = 0; i < size; i++) {
      sum += getLong((long) i * Long.BYTES);
    }
    return sum;
  }

  void fillLongs(int size, long value) {
    for (int i = 0; i < size; i++) {
      putLong((long) i * Long.BYTES, value);
    }
  }

  void forEachLong(int size, LongConsumer action) {
    for (int i = 0; i < size; i++) {
      action.accept(getLong((long) i * Long.BYTES));
    }
  }

  void replaceAllLongs(int size, LongUnaryOperator function) {
    for (int i = 0; i < size; i++) {
      long at = (long) i * Long.BYTES;
      putLong(at, function.applyAsLong(getLong(at)));
    }
  }

  void replaceAllInts(int size, IntUnaryOperator function) {
    for (int i = 0; i < size; i++) {
      long at = (long) i * Integer.BYTES;
      putInt(at, function.applyAsInt(getInt(at)));
    }
  }

  private static final class OfMemory extends AccessTarget {
    private final Memory memory = Memory.host();
    private final long address;

    OfMemory(Heap heap) {
      this.address = heap.toAddress(heap.dataOffset());
    }

    @Override
    byte getByte(long at) {
      return memory.getByte(address + at);
    }

    @Override
    void putByte(long at, byte value) {
      memory.putByte(address + at, value);
    }

    @Override
    int getInt(long at) {
      return memory.getInt(address + at);
    }

    @Override
    void putInt(long at, int value) {
      memory.putInt(address + at, value);
    }

    @Override
    long getLong(long at) {
      return memory.getLong(address + at);
    }

    @Override
    void putLong(long at, long value) {
      memory.putLong(address + at, value);
    }

    @Override
    int addInt(long at, int delta) {
      return memory.getAndAddInt(address + at, delta);
    }

    @Override
    long addLong(long at, long delta) {
      return memory.getAndAddLong(address + at, delta);
    }

    @Override
    boolean compareAndSetLong(long at, long expected, long value) {
      return memory.compareAndSetLong(address + at, expected, value);
    }

    @Override
    void copyIn(byte[] from, long at) {
      memory.copyIn(from, 0, address + at, from.length);
    }

    @Override
    void fill(long at, int length, byte value) {
      memory.fill(address + at, length, value);
    }
  }

  private static final class OfRegion extends AccessTarget {
    private final Region region;
    private final long first;

    OfRegion(Region region, long first) {
      this.region = region;
      this.first = first;
    }

    @Override
    byte getByte(long at) {
      return region.getByte(first + at);
    }

    @Override
    void putByte(long at, byte value) {
      region.putByte(first + at, value);
    }

    @Override
    int getInt(long at) {
      return region.getInt(first + at);
    }

    @Override
    void putInt(long at, int value) {
      region.putInt(first + at, value);
    }

    @Override
    long getLong(long at) {
      return region.getLong(first + at);
    }

    @Override
    void putLong(long at, long value) {
      region.putLong(first + at, value);
    }

    @Override
    int addInt(long at, int delta) {
      return region.getAndAddInt(first + at, delta);
    }

    @Override
    long addLong(long at, long delta) {
      return region.getAndAddLong(first + at, delta);
    }

    @Override
    boolean compareAndSetLong(long at, long expected, long value) {
      return region.compareAndSetLong(first + at, expected, value);
    }

    @Override
    void copyIn(byte[] from, long at) {
      region.putBytes(first + at, from);
    }

    @Override
    void fill(long at, int length, byte value) {
      region.fill(first + at, length, value);
    }

    @Override
    long sumLongs(int size) {
      return region.sumLongs(first, size);
    }

    @Override
    void fillLongs(int size, long value) {
      region.fillLongs(first, size, value);
    }

    @Override
    void forEachLong(int size, LongConsumer action) {
      region.forEachLong(first, size, action);
    }

    @Override
    void replaceAllLongs(int size, LongUnaryOperator function) {
      region.replaceAllLongs(first, size, function);
    }

    @Override
    void replaceAllInts(int size, IntUnaryOperator function) {
      region.replaceAllInts(first, size, function);
    }
  }

  private static final class OfArray extends AccessTarget {
    private static final VarHandle INTS =
        MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] array = new byte[LENGTH];

    @Override
    byte getByte(long at) {
      return array[(int) at];
    }

    @Override
    void putByte(long at, byte value) {
      array[(int) at] = value;
    }

    @Override
    int getInt(long at) {
      return (int) INTS.get(array, (int) at);
    }

    @Override
    void putInt(long at, int value) {
      INTS.set(array, (int) at, value);
    }

    @Override
    long getLong(long at) {
      return (long) LONGS.get(array, (int) at);
    }

    @Override
    void putLong(long at, long value) {
      LONGS.set(array, (int) at, value);
    }

    @Override
    int addInt(long at, int delta) {
      throw noAtomics();
    }

    @Override
    long addLong(long at, long delta) {
      throw noAtomics();
    }

    @Override
    boolean compareAndSetLong(long at, long expected, long value) {
      throw noAtomics();
    }

    private static UnsupportedOperationException noAtomics() {
      return new UnsupportedOperationException("bytes of an array are not changed atomically");
    }

    @Override
    void copyIn(byte[] from, long at) {
      System.arraycopy(from, 0, array, (int) at, from.length);
    }

    @Override
    void fill(long at, int length, byte value) {
      Arrays.fill(array, (int) at, (int) at + length, value);
    }
  }
}
