package dev.rszshm.sync;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.sync.internal.MonitorLayout;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitResult;

/**
 * A re-entrant lock: the thread that holds it may take it again, and gives it up when it has
 * released it as often. It survives its holders like a {@link Mutex}.
 *
 * <p>Behind the lock's word stands how often it is held, which only the holder reads and writes:
 * the next one sets it anew, whatever a dead one has left there.
 */
public final class Monitor extends RobustLock {
  /** What a {@link Directory} is told that this is. */
  private static final long TYPE = 0x5359_4e43_0003L;

  private static final int VERSION = 1;

  /** Bytes; the offset is a multiple of 8. Zeros are a new one. */
  public static final int LENGTH = MonitorLayout.LENGTH;

  private final long depth;

  private Monitor(Heap heap, long offset) {
    super(heap, offset, "monitor");
    this.depth = offset + MonitorLayout.DEPTH;
    heap.getIntVolatile(depth);
  }

  /**
   * The monitor at an offset.
   *
   * @throws IllegalStateException if the heap is a plain file, which keeps no participants
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if it is attached for reading only
   */
  public static Monitor at(Heap heap, long offset) {
    return new Monitor(heap, offset);
  }

  /** Finds the monitor of a name, or makes it; see {@link Directory}. Otherwise as {@link #at}. */
  public static Monitor named(Directory directory, String name) {
    long place = directory.place(name, TYPE, VERSION, LENGTH);
    return at(directory.heap(), place);
  }

  /** How often the current thread holds it. */
  public int holdCount() {
    return isHeldByCurrentThread() ? heap.getInt(depth) : 0;
  }

  @Override
  long holderWord() {
    return word.heldByThisThread();
  }

  @Override
  WaitResult<Acquisition> reenter(WaitMode mode) {
    int count = heap.getInt(depth);
    if (count == Integer.MAX_VALUE) {
      throw new IllegalMonitorStateException(
          "this thread holds " + word + " " + count + " times, and cannot take it once more");
    }
    heap.putInt(depth, count + 1);
    return CONSISTENT;
  }

  @Override
  WaitResult.End enter(WaitMode mode) {
    heap.putInt(depth, 1);
    return WaitResult.End.DONE;
  }

  @Override
  boolean isLastRelease() {
    int count = heap.getInt(depth);
    if (count <= 1) {
      return true; // the release looks who holds it
    }
    word.requireHeld(holderWord());
    heap.putInt(depth, count - 1);
    return false;
  }

  @Override
  int releaseAll() {
    int count = heap.getInt(depth);
    super.releaseAll();
    return count;
  }

  @Override
  void reacquire(int count) {
    try {
      super.reacquire(count);
    } catch (Throwable e) {
      if (heap.isOpen() && isHeldByCurrentThread()) {
        heap.putInt(depth, count);
      }
      throw e;
    }
    heap.putInt(depth, count);
  }
}
