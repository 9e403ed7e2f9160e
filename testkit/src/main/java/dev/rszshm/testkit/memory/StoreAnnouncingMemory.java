package dev.rszshm.testkit.memory;

import dev.rszshm.heap.spi.Memory;
import java.util.function.Consumer;

/** A memory that announces every store before it happens, bulk stores and failing ones too. */
public class StoreAnnouncingMemory extends ForwardingMemory {
  private final Consumer<String> step;

  /**
   * Announces the stores to a memory.
   *
   * @param step gets the name of each; what it throws, the caller gets instead
   */
  public StoreAnnouncingMemory(Memory target, Consumer<String> step) {
    super(target);
    this.step = step;
  }

  @Override
  public void putByte(long address, byte value) {
    step.accept("putByte");
    super.putByte(address, value);
  }

  @Override
  public void putByteOpaque(long address, byte value) {
    step.accept("putByteOpaque");
    super.putByteOpaque(address, value);
  }

  @Override
  public void putByteRelease(long address, byte value) {
    step.accept("putByteRelease");
    super.putByteRelease(address, value);
  }

  @Override
  public void putByteVolatile(long address, byte value) {
    step.accept("putByteVolatile");
    super.putByteVolatile(address, value);
  }

  @Override
  public void putShort(long address, short value) {
    step.accept("putShort");
    super.putShort(address, value);
  }

  @Override
  public void putShortOpaque(long address, short value) {
    step.accept("putShortOpaque");
    super.putShortOpaque(address, value);
  }

  @Override
  public void putShortRelease(long address, short value) {
    step.accept("putShortRelease");
    super.putShortRelease(address, value);
  }

  @Override
  public void putShortVolatile(long address, short value) {
    step.accept("putShortVolatile");
    super.putShortVolatile(address, value);
  }

  @Override
  public void putInt(long address, int value) {
    step.accept("putInt");
    super.putInt(address, value);
  }

  @Override
  public void putIntOpaque(long address, int value) {
    step.accept("putIntOpaque");
    super.putIntOpaque(address, value);
  }

  @Override
  public void putIntRelease(long address, int value) {
    step.accept("putIntRelease");
    super.putIntRelease(address, value);
  }

  @Override
  public void putIntVolatile(long address, int value) {
    step.accept("putIntVolatile");
    super.putIntVolatile(address, value);
  }

  @Override
  public void putLong(long address, long value) {
    step.accept("putLong");
    super.putLong(address, value);
  }

  @Override
  public void putLongOpaque(long address, long value) {
    step.accept("putLongOpaque");
    super.putLongOpaque(address, value);
  }

  @Override
  public void putLongRelease(long address, long value) {
    step.accept("putLongRelease");
    super.putLongRelease(address, value);
  }

  @Override
  public void putLongVolatile(long address, long value) {
    step.accept("putLongVolatile");
    super.putLongVolatile(address, value);
  }

  @Override
  public boolean compareAndSetInt(long address, int expected, int value) {
    step.accept("compareAndSetInt");
    return super.compareAndSetInt(address, expected, value);
  }

  @Override
  public int compareAndExchangeInt(long address, int expected, int value) {
    step.accept("compareAndExchangeInt");
    return super.compareAndExchangeInt(address, expected, value);
  }

  @Override
  public int getAndAddInt(long address, int delta) {
    step.accept("getAndAddInt");
    return super.getAndAddInt(address, delta);
  }

  @Override
  public int getAndSetInt(long address, int value) {
    step.accept("getAndSetInt");
    return super.getAndSetInt(address, value);
  }

  @Override
  public int getAndBitwiseOrInt(long address, int mask) {
    step.accept("getAndBitwiseOrInt");
    return super.getAndBitwiseOrInt(address, mask);
  }

  @Override
  public int getAndBitwiseAndInt(long address, int mask) {
    step.accept("getAndBitwiseAndInt");
    return super.getAndBitwiseAndInt(address, mask);
  }

  @Override
  public boolean compareAndSetLong(long address, long expected, long value) {
    step.accept("compareAndSetLong");
    return super.compareAndSetLong(address, expected, value);
  }

  @Override
  public long compareAndExchangeLong(long address, long expected, long value) {
    step.accept("compareAndExchangeLong");
    return super.compareAndExchangeLong(address, expected, value);
  }

  @Override
  public long getAndAddLong(long address, long delta) {
    step.accept("getAndAddLong");
    return super.getAndAddLong(address, delta);
  }

  @Override
  public long getAndSetLong(long address, long value) {
    step.accept("getAndSetLong");
    return super.getAndSetLong(address, value);
  }

  @Override
  public long getAndBitwiseOrLong(long address, long mask) {
    step.accept("getAndBitwiseOrLong");
    return super.getAndBitwiseOrLong(address, mask);
  }

  @Override
  public long getAndBitwiseAndLong(long address, long mask) {
    step.accept("getAndBitwiseAndLong");
    return super.getAndBitwiseAndLong(address, mask);
  }

  @Override
  public void copy(long from, long to, long length) {
    step.accept("copy");
    super.copy(from, to, length);
  }

  @Override
  public void copyIn(Object array, int index, long to, int size) {
    step.accept("copyIn");
    super.copyIn(array, index, to, size);
  }

  @Override
  public void fill(long address, long length, byte value) {
    step.accept("fill");
    super.fill(address, length, value);
  }
}
