package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.spi.Memory;

/** The memory of a simulated process: every access goes to {@link Accesses}, with its order. */
final class SimulatedMemory extends Memory {
  private final Accesses accesses;

  SimulatedMemory(SimulatedProcess process, boolean ghost) {
    this.accesses = new Accesses(process, ghost);
  }

  /** An address that is not mapped is an {@link AccessFault}. */
  @Override
  public boolean isGuarded() {
    return true;
  }

  @Override
  public byte getByte(long address) {
    return (byte) accesses.load(address, Byte.BYTES, Order.PLAIN);
  }

  @Override
  public byte getByteOpaque(long address) {
    return (byte) accesses.load(address, Byte.BYTES, Order.OPAQUE);
  }

  @Override
  public byte getByteAcquire(long address) {
    return (byte) accesses.load(address, Byte.BYTES, Order.SYNCHRONIZED);
  }

  @Override
  public byte getByteVolatile(long address) {
    return (byte) accesses.load(address, Byte.BYTES, Order.VOLATILE);
  }

  @Override
  public void putByte(long address, byte value) {
    accesses.store(address, Byte.BYTES, Order.PLAIN, value);
  }

  @Override
  public void putByteOpaque(long address, byte value) {
    accesses.store(address, Byte.BYTES, Order.OPAQUE, value);
  }

  @Override
  public void putByteRelease(long address, byte value) {
    accesses.store(address, Byte.BYTES, Order.SYNCHRONIZED, value);
  }

  @Override
  public void putByteVolatile(long address, byte value) {
    accesses.store(address, Byte.BYTES, Order.VOLATILE, value);
  }

  @Override
  public short getShort(long address) {
    return (short) accesses.load(address, Short.BYTES, Order.PLAIN);
  }

  @Override
  public short getShortOpaque(long address) {
    return (short) accesses.load(address, Short.BYTES, Order.OPAQUE);
  }

  @Override
  public short getShortAcquire(long address) {
    return (short) accesses.load(address, Short.BYTES, Order.SYNCHRONIZED);
  }

  @Override
  public short getShortVolatile(long address) {
    return (short) accesses.load(address, Short.BYTES, Order.VOLATILE);
  }

  @Override
  public void putShort(long address, short value) {
    accesses.store(address, Short.BYTES, Order.PLAIN, value);
  }

  @Override
  public void putShortOpaque(long address, short value) {
    accesses.store(address, Short.BYTES, Order.OPAQUE, value);
  }

  @Override
  public void putShortRelease(long address, short value) {
    accesses.store(address, Short.BYTES, Order.SYNCHRONIZED, value);
  }

  @Override
  public void putShortVolatile(long address, short value) {
    accesses.store(address, Short.BYTES, Order.VOLATILE, value);
  }

  @Override
  public int getInt(long address) {
    return (int) accesses.load(address, Integer.BYTES, Order.PLAIN);
  }

  @Override
  public int getIntOpaque(long address) {
    return (int) accesses.load(address, Integer.BYTES, Order.OPAQUE);
  }

  @Override
  public int getIntAcquire(long address) {
    return (int) accesses.load(address, Integer.BYTES, Order.SYNCHRONIZED);
  }

  @Override
  public int getIntVolatile(long address) {
    return (int) accesses.load(address, Integer.BYTES, Order.VOLATILE);
  }

  @Override
  public void putInt(long address, int value) {
    accesses.store(address, Integer.BYTES, Order.PLAIN, value);
  }

  @Override
  public void putIntOpaque(long address, int value) {
    accesses.store(address, Integer.BYTES, Order.OPAQUE, value);
  }

  @Override
  public void putIntRelease(long address, int value) {
    accesses.store(address, Integer.BYTES, Order.SYNCHRONIZED, value);
  }

  @Override
  public void putIntVolatile(long address, int value) {
    accesses.store(address, Integer.BYTES, Order.VOLATILE, value);
  }

  @Override
  public long getLong(long address) {
    return accesses.load(address, Long.BYTES, Order.PLAIN);
  }

  @Override
  public long getLongOpaque(long address) {
    return accesses.load(address, Long.BYTES, Order.OPAQUE);
  }

  @Override
  public long getLongAcquire(long address) {
    return accesses.load(address, Long.BYTES, Order.SYNCHRONIZED);
  }

  @Override
  public long getLongVolatile(long address) {
    return accesses.load(address, Long.BYTES, Order.VOLATILE);
  }

  @Override
  public void putLong(long address, long value) {
    accesses.store(address, Long.BYTES, Order.PLAIN, value);
  }

  @Override
  public void putLongOpaque(long address, long value) {
    accesses.store(address, Long.BYTES, Order.OPAQUE, value);
  }

  @Override
  public void putLongRelease(long address, long value) {
    accesses.store(address, Long.BYTES, Order.SYNCHRONIZED, value);
  }

  @Override
  public void putLongVolatile(long address, long value) {
    accesses.store(address, Long.BYTES, Order.VOLATILE, value);
  }

  @Override
  public boolean compareAndSetInt(long address, int expected, int value) {
    return compareAndExchangeInt(address, expected, value) == expected;
  }

  @Override
  public int compareAndExchangeInt(long address, int expected, int value) {
    return (int)
        accesses.change(
            address,
            Integer.BYTES,
            "compareAndExchange",
            old -> (int) old == expected ? value : null);
  }

  @Override
  public int getAndAddInt(long address, int delta) {
    return (int) accesses.change(address, Integer.BYTES, "getAndAdd", old -> (int) old + delta);
  }

  @Override
  public int getAndSetInt(long address, int value) {
    return (int) accesses.change(address, Integer.BYTES, "getAndSet", old -> value);
  }

  @Override
  public int getAndBitwiseOrInt(long address, int mask) {
    return (int)
        accesses.change(address, Integer.BYTES, "getAndBitwiseOr", old -> (int) old | mask);
  }

  @Override
  public int getAndBitwiseAndInt(long address, int mask) {
    return (int)
        accesses.change(address, Integer.BYTES, "getAndBitwiseAnd", old -> (int) old & mask);
  }

  @Override
  public boolean compareAndSetLong(long address, long expected, long value) {
    return compareAndExchangeLong(address, expected, value) == expected;
  }

  @Override
  public long compareAndExchangeLong(long address, long expected, long value) {
    return accesses.change(
        address, Long.BYTES, "compareAndExchange", old -> old == expected ? value : null);
  }

  @Override
  public long getAndAddLong(long address, long delta) {
    return accesses.change(address, Long.BYTES, "getAndAdd", old -> old + delta);
  }

  @Override
  public long getAndSetLong(long address, long value) {
    return accesses.change(address, Long.BYTES, "getAndSet", old -> value);
  }

  @Override
  public long getAndBitwiseOrLong(long address, long mask) {
    return accesses.change(address, Long.BYTES, "getAndBitwiseOr", old -> old | mask);
  }

  @Override
  public long getAndBitwiseAndLong(long address, long mask) {
    return accesses.change(address, Long.BYTES, "getAndBitwiseAnd", old -> old & mask);
  }

  @Override
  public void copy(long from, long to, long length) {
    byte[] bytes = new byte[Math.toIntExact(length)];
    accesses.loadAll(from, bytes, 0, bytes.length);
    accesses.storeAll(to, bytes, 0, bytes.length);
  }

  @Override
  public void copyIn(Object array, int index, long to, int size) {
    byte[] bytes = ArrayBytes.of(array, elementLength(array), index, size);
    accesses.storeAll(to, bytes, 0, bytes.length);
  }

  @Override
  public void copyOut(long from, Object array, int index, int size) {
    int element = elementLength(array);
    byte[] bytes = new byte[Math.multiplyExact(size, element)];
    accesses.loadAll(from, bytes, 0, bytes.length);
    ArrayBytes.put(bytes, array, index, size);
  }

  @Override
  public void fill(long address, long length, byte value) {
    byte[] bytes = new byte[Math.toIntExact(length)];
    java.util.Arrays.fill(bytes, value);
    accesses.storeAll(address, bytes, 0, bytes.length);
  }

  @Override
  public void acquireFence() {
    accesses.fence("acquireFence");
  }

  @Override
  public void releaseFence() {
    accesses.fence("releaseFence");
  }

  @Override
  public void fullFence() {
    accesses.fence("fullFence");
  }
}
