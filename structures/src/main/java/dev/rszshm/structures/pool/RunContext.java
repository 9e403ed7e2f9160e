package dev.rszshm.structures.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;
import dev.rszshm.structures.internal.pool.RunningTask;

/** The context of one task that runs. */
final class RunContext implements TaskContext {
  private final Allocator allocator;
  private final RunningTask run;
  private final Thread thread;
  private volatile boolean ended;
  private long block;
  private long begin;
  private long length;

  RunContext(Allocator allocator, RunningTask run) {
    this.allocator = allocator;
    this.run = run;
    this.thread = Thread.currentThread();
  }

  private void require() {
    if (ended || Thread.currentThread() != thread) {
      throw new IllegalStateException(
          "the context of a task is for the thread that runs it, and only that long");
    }
  }

  void end() {
    ended = true;
  }

  /** The block that was named as the result; 0: none. */
  long block() {
    return block;
  }

  long begin() {
    return begin;
  }

  long length() {
    return length;
  }

  @Override
  public Heap heap() {
    return allocator.heap();
  }

  @Override
  public Allocator allocator() {
    return allocator;
  }

  @Override
  public Region argument() {
    require();
    return heap().region(run.argumentOffset(), run.argumentLength());
  }

  @Override
  public long argumentOffset() {
    require();
    return run.argumentOffset();
  }

  @Override
  public long argumentLength() {
    require();
    return run.argumentLength();
  }

  @Override
  public long allocate(long size) {
    require();
    return run.allocate(size);
  }

  @Override
  public void free(long freed) {
    require();
    if (!run.free(freed)) {
      throw none(freed);
    }
    if (freed == block) {
      block = 0;
    }
  }

  private static IllegalArgumentException none(long block) {
    return new IllegalArgumentException(
        "offset " + block + " is no block that this task has allocated with its context");
  }

  @Override
  public void setResult(long newBlock, long newBegin, long newLength) {
    require();
    if (!run.isOwn(newBlock)) {
      throw none(newBlock);
    }
    long size = allocator.usableSize(newBlock);
    if (newBegin < 0 || newLength < 0 || newBegin > size - newLength) {
      throw new IllegalArgumentException(
          "found a result of "
              + newLength
              + " bytes from "
              + newBegin
              + " on, expected a part of the "
              + size
              + " bytes of the block");
    }
    block = newBlock;
    begin = newBegin;
    length = newLength;
  }

  @Override
  public boolean isCancelled() {
    require();
    return !run.isWanted();
  }

  @Override
  public int deaths() {
    require();
    return run.deaths();
  }
}
