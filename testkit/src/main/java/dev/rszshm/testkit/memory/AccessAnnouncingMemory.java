package dev.rszshm.testkit.memory;

import dev.rszshm.heap.spi.Memory;
import java.util.function.Consumer;

/** A memory that announces every access before it happens: loads and fences, too. */
public final class AccessAnnouncingMemory extends StoreAnnouncingMemory {
  private final Consumer<String> step;

  /**
   * Announces the accesses to a memory.
   *
   * @param step gets the name of each; what it throws, the caller gets instead
   */
  public AccessAnnouncingMemory(Memory target, Consumer<String> step) {
    super(target, step);
    this.step = step;
  }

  @Override
  public byte getByte(long address) {
    step.accept("getByte");
    return super.getByte(address);
  }

  @Override
  public byte getByteOpaque(long address) {
    step.accept("getByteOpaque");
    return super.getByteOpaque(address);
  }

  @Override
  public byte getByteAcquire(long address) {
    step.accept("getByteAcquire");
    return super.getByteAcquire(address);
  }

  @Override
  public byte getByteVolatile(long address) {
    step.accept("getByteVolatile");
    return super.getByteVolatile(address);
  }

  @Override
  public short getShort(long address) {
    step.accept("getShort");
    return super.getShort(address);
  }

  @Override
  public short getShortOpaque(long address) {
    step.accept("getShortOpaque");
    return super.getShortOpaque(address);
  }

  @Override
  public short getShortAcquire(long address) {
    step.accept("getShortAcquire");
    return super.getShortAcquire(address);
  }

  @Override
  public short getShortVolatile(long address) {
    step.accept("getShortVolatile");
    return super.getShortVolatile(address);
  }

  @Override
  public int getInt(long address) {
    step.accept("getInt");
    return super.getInt(address);
  }

  @Override
  public int getIntOpaque(long address) {
    step.accept("getIntOpaque");
    return super.getIntOpaque(address);
  }

  @Override
  public int getIntAcquire(long address) {
    step.accept("getIntAcquire");
    return super.getIntAcquire(address);
  }

  @Override
  public int getIntVolatile(long address) {
    step.accept("getIntVolatile");
    return super.getIntVolatile(address);
  }

  @Override
  public long getLong(long address) {
    step.accept("getLong");
    return super.getLong(address);
  }

  @Override
  public long getLongOpaque(long address) {
    step.accept("getLongOpaque");
    return super.getLongOpaque(address);
  }

  @Override
  public long getLongAcquire(long address) {
    step.accept("getLongAcquire");
    return super.getLongAcquire(address);
  }

  @Override
  public long getLongVolatile(long address) {
    step.accept("getLongVolatile");
    return super.getLongVolatile(address);
  }

  @Override
  public void copyOut(long from, Object array, int index, int size) {
    step.accept("copyOut");
    super.copyOut(from, array, index, size);
  }

  @Override
  public void acquireFence() {
    step.accept("acquireFence");
    super.acquireFence();
  }

  @Override
  public void releaseFence() {
    step.accept("releaseFence");
    super.releaseFence();
  }

  @Override
  public void fullFence() {
    step.accept("fullFence");
    super.fullFence();
  }
}
