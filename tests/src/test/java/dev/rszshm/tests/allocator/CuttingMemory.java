package dev.rszshm.tests.allocator;

import dev.rszshm.heap.spi.Platform;
import dev.rszshm.testkit.memory.ForwardingMemory;

/** Throws at one access to memory, and at all that follow, until it is told otherwise. */
final class CuttingMemory extends ForwardingMemory {
  /** What is thrown. */
  static final class Cut extends Error {
    private static final long serialVersionUID = 1;

    Cut() {
      super("cut short", null, false, false);
    }
  }

  private int left = Integer.MAX_VALUE;

  CuttingMemory() {
    super(Platform.host().memory());
  }

  /** Lets so many accesses pass from now on. */
  void cutAfter(int accesses) {
    left = accesses;
  }

  private void access() {
    if (left == 0) {
      throw new Cut();
    }
    left--;
  }

  @Override
  public long getLong(long address) {
    access();
    return super.getLong(address);
  }

  @Override
  public long getLongAcquire(long address) {
    access();
    return super.getLongAcquire(address);
  }

  @Override
  public void putLong(long address, long value) {
    access();
    super.putLong(address, value);
  }

  @Override
  public void putLongRelease(long address, long value) {
    access();
    super.putLongRelease(address, value);
  }

  @Override
  public boolean compareAndSetLong(long address, long expected, long value) {
    access();
    return super.compareAndSetLong(address, expected, value);
  }

  @Override
  public long getAndBitwiseOrLong(long address, long mask) {
    access();
    return super.getAndBitwiseOrLong(address, mask);
  }

  @Override
  public long getAndBitwiseAndLong(long address, long mask) {
    access();
    return super.getAndBitwiseAndLong(address, mask);
  }

  @Override
  public long getAndAddLong(long address, long value) {
    access();
    return super.getAndAddLong(address, value);
  }
}
