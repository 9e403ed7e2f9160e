package dev.rszshm.testkit.memory;

import dev.rszshm.heap.spi.Memory;

/**
 * A memory that passes every access on to another one: the base of memories that record, count,
 * delay or interrupt accesses. A subclass overrides what it looks at, and calls {@code super} for
 * the access itself; what it does not override costs one call more.
 *
 * <p>{@code char}, {@code float} and {@code double} arrive as accesses to the integers of the same
 * length; a comparison arrives as reads: {@link Memory} does that.
 */
public abstract class ForwardingMemory extends Memory {
  private final Memory target;

  /** Passes accesses on to a memory. */
  protected ForwardingMemory(Memory target) {
    this.target = target;
  }

  @Override
  public boolean isGuarded() {
    return target.isGuarded();
  }

  @Override
  public byte getByte(long address) {
    return target.getByte(address);
  }

  @Override
  public byte getByteOpaque(long address) {
    return target.getByteOpaque(address);
  }

  @Override
  public byte getByteAcquire(long address) {
    return target.getByteAcquire(address);
  }

  @Override
  public byte getByteVolatile(long address) {
    return target.getByteVolatile(address);
  }

  @Override
  public void putByte(long address, byte value) {
    target.putByte(address, value);
  }

  @Override
  public void putByteOpaque(long address, byte value) {
    target.putByteOpaque(address, value);
  }

  @Override
  public void putByteRelease(long address, byte value) {
    target.putByteRelease(address, value);
  }

  @Override
  public void putByteVolatile(long address, byte value) {
    target.putByteVolatile(address, value);
  }

  @Override
  public short getShort(long address) {
    return target.getShort(address);
  }

  @Override
  public short getShortOpaque(long address) {
    return target.getShortOpaque(address);
  }

  @Override
  public short getShortAcquire(long address) {
    return target.getShortAcquire(address);
  }

  @Override
  public short getShortVolatile(long address) {
    return target.getShortVolatile(address);
  }

  @Override
  public void putShort(long address, short value) {
    target.putShort(address, value);
  }

  @Override
  public void putShortOpaque(long address, short value) {
    target.putShortOpaque(address, value);
  }

  @Override
  public void putShortRelease(long address, short value) {
    target.putShortRelease(address, value);
  }

  @Override
  public void putShortVolatile(long address, short value) {
    target.putShortVolatile(address, value);
  }

  @Override
  public int getInt(long address) {
    return target.getInt(address);
  }

  @Override
  public int getIntOpaque(long address) {
    return target.getIntOpaque(address);
  }

  @Override
  public int getIntAcquire(long address) {
    return target.getIntAcquire(address);
  }

  @Override
  public int getIntVolatile(long address) {
    return target.getIntVolatile(address);
  }

  @Override
  public void putInt(long address, int value) {
    target.putInt(address, value);
  }

  @Override
  public void putIntOpaque(long address, int value) {
    target.putIntOpaque(address, value);
  }

  @Override
  public void putIntRelease(long address, int value) {
    target.putIntRelease(address, value);
  }

  @Override
  public void putIntVolatile(long address, int value) {
    target.putIntVolatile(address, value);
  }

  @Override
  public long getLong(long address) {
    return target.getLong(address);
  }

  @Override
  public long getLongOpaque(long address) {
    return target.getLongOpaque(address);
  }

  @Override
  public long getLongAcquire(long address) {
    return target.getLongAcquire(address);
  }

  @Override
  public long getLongVolatile(long address) {
    return target.getLongVolatile(address);
  }

  @Override
  public void putLong(long address, long value) {
    target.putLong(address, value);
  }

  @Override
  public void putLongOpaque(long address, long value) {
    target.putLongOpaque(address, value);
  }

  @Override
  public void putLongRelease(long address, long value) {
    target.putLongRelease(address, value);
  }

  @Override
  public void putLongVolatile(long address, long value) {
    target.putLongVolatile(address, value);
  }

  @Override
  public boolean compareAndSetInt(long address, int expected, int value) {
    return target.compareAndSetInt(address, expected, value);
  }

  @Override
  public int compareAndExchangeInt(long address, int expected, int value) {
    return target.compareAndExchangeInt(address, expected, value);
  }

  @Override
  public int getAndAddInt(long address, int delta) {
    return target.getAndAddInt(address, delta);
  }

  @Override
  public int getAndSetInt(long address, int value) {
    return target.getAndSetInt(address, value);
  }

  @Override
  public int getAndBitwiseOrInt(long address, int mask) {
    return target.getAndBitwiseOrInt(address, mask);
  }

  @Override
  public int getAndBitwiseAndInt(long address, int mask) {
    return target.getAndBitwiseAndInt(address, mask);
  }

  @Override
  public boolean compareAndSetLong(long address, long expected, long value) {
    return target.compareAndSetLong(address, expected, value);
  }

  @Override
  public long compareAndExchangeLong(long address, long expected, long value) {
    return target.compareAndExchangeLong(address, expected, value);
  }

  @Override
  public long getAndAddLong(long address, long delta) {
    return target.getAndAddLong(address, delta);
  }

  @Override
  public long getAndSetLong(long address, long value) {
    return target.getAndSetLong(address, value);
  }

  @Override
  public long getAndBitwiseOrLong(long address, long mask) {
    return target.getAndBitwiseOrLong(address, mask);
  }

  @Override
  public long getAndBitwiseAndLong(long address, long mask) {
    return target.getAndBitwiseAndLong(address, mask);
  }

  @Override
  public void copy(long from, long to, long length) {
    target.copy(from, to, length);
  }

  @Override
  public void copyIn(Object array, int index, long to, int size) {
    target.copyIn(array, index, to, size);
  }

  @Override
  public void copyOut(long from, Object array, int index, int size) {
    target.copyOut(from, array, index, size);
  }

  @Override
  public void fill(long address, long length, byte value) {
    target.fill(address, length, value);
  }

  @Override
  public void acquireFence() {
    target.acquireFence();
  }

  @Override
  public void releaseFence() {
    target.releaseFence();
  }

  @Override
  public void fullFence() {
    target.fullFence();
  }
}
