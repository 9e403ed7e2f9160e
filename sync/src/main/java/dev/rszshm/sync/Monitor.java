package dev.rszshm.sync;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.sync.internal.MonitorLayout;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitResult;

/**
 * A re-entrant lock: the thread that holds it may take it again, and gives it up when it has
 * released it as often. It survives its holders like a {@link Mutex}.
 *
 * <p>Behind the lock's word stands how often the holder has taken it again, which only the holder
 * reads and writes. It is 0 whenever the lock is free, so taking a free lock is one step; whoever
 * does not find it free sets it to 0, whatever a dead one has left there.
 */
public final class Monitor extends RobustLock {
  /** What a {@link Directory} is told that this is. */
  static final long TYPE = 0x5359_4e43_0003L;

  private static final int VERSION = 1;

  /** Bytes; the offset is a multiple of 8. Zeros are a new one. */
  public static final int LENGTH = MonitorLayout.LENGTH;

  /** How often its holder has taken it again. */
  private final long reentries;

  private Monitor(Heap heap, long offset) {
    super(heap, offset, "monitor");
    this.reentries = offset + MonitorLayout.REENTRIES;
    heap.getIntVolatile(reentries);
  }

  /**
   * The monitor at an offset.
   *
   * @throws IllegalStateException if the heap is a plain file, which keeps no participants
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if it is attached for reading only
   */
  public static Monitor at(Heap heap, long offset) {
    Places.note(heap, Monitor.class, offset, LENGTH);
    return new Monitor(heap, offset);
  }

  /** Finds the monitor of a name, or makes it; see {@link Directory}. Otherwise as {@link #at}. */
  public static Monitor named(Directory directory, String name) {
    long place = directory.place(name, TYPE, VERSION, LENGTH);
    return at(directory.heap(), place);
  }

  /** How often the current thread holds it. */
  public int holdCount() {
    return isHeldByCurrentThread() ? heap.getInt(reentries) + 1 : 0;
  }

  @Override
  long holderWord() {
    return word.heldByThisThread();
  }

  @Override
  WaitResult<Acquisition> reenter(WaitMode mode) {
    int count = heap.getInt(reentries);
    if (count == Integer.MAX_VALUE - 1) {
      throw new IllegalMonitorStateException(
          "this thread holds " + word + " " + (count + 1) + " times, and cannot take it once more");
    }
    heap.putInt(reentries, count + 1);
    return CONSISTENT;
  }

  @Override
  WaitResult.End enter(WaitMode mode) {
    heap.putInt(reentries, 0);
    return WaitResult.End.DONE;
  }

  @Override
  boolean isLastRelease() {
    int count = heap.getInt(reentries);
    if (count <= 0) {
      return true; // the release looks who holds it
    }
    word.requireHeld(holderWord());
    heap.putInt(reentries, count - 1);
    return false;
  }

  @Override
  int releaseAll() {
    long holder = holderWord();
    word.requireHeld(holder);
    int count = heap.getInt(reentries);
    if (count != 0) {
      heap.putInt(reentries, 0);
    }
    try {
      return super.releaseAll() + count;
    } catch (Throwable e) {
      if (count != 0 && heap.isOpen() && word.isHeldBy(holder)) {
        heap.putInt(reentries, count);
      }
      throw e;
    }
  }

  @Override
  void reacquire(int depth) {
    try {
      super.reacquire(depth);
      restore(depth);
    } catch (Throwable e) {
      restore(depth);
      throw e;
    }
  }

  private void restore(int depth) {
    if (depth != 1 && heap.isOpen() && isHeldByCurrentThread()) {
      heap.putInt(reentries, depth - 1);
    }
  }
}
