package dev.rszshm.heap.sync;

import dev.rszshm.heap.Heap;

/**
 * A mutual exclusion lock like a {@link Mutex}, which those who wait get in the order in which they
 * came, whatever process they belong to. It survives its holders like a mutex, and those who wait
 * too: the dead lose their places.
 *
 * <p>The price: a release that finds somebody waiting hands over by waking it, even if others could
 * go on sooner. There are 64 places to wait in order; more threads wait for a place, in no order. A
 * thread that finds nobody waiting takes a free lock at once, and {@link #tryLock()}, which does
 * not wait, takes a free lock before those who do.
 */
public final class FairMutex extends RobustLock {
  /** Bytes; the offset is a multiple of 8. Zeros are a new one. */
  public static final int LENGTH = FairMutexLayout.LENGTH;

  private final WaitingLine line;
  private final DeathWatch deaths;

  private FairMutex(Heap heap, long offset) {
    super(heap, offset, "fair mutex");
    heap.region(offset, LENGTH);
    this.line = new WaitingLine(heap, offset, word.tag);
    this.deaths = new DeathWatch(heap);
  }

  /**
   * The mutex at an offset.
   *
   * @throws IllegalStateException if the heap is a plain file, which keeps no participants
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if it is attached for reading only
   */
  public static FairMutex at(Heap heap, long offset) {
    return new FairMutex(heap, offset);
  }

  @Override
  long me() {
    return word.heldByThisThread();
  }

  @Override
  Acquisition again(boolean waits) {
    return Mutex.again(word, waits);
  }

  @Override
  boolean takeFree(long me) {
    return line.isEmpty() && word.acquireFree(me);
  }

  @Override
  Acquisition take(long me, Deadline deadline, boolean waits, boolean interruptibly)
      throws InterruptedException {
    if (!waits) {
      return word.acquireNow(me, true);
    }
    long place = line.join();
    while (place == WaitingLine.FULL) {
      if (deadline.hasPassed()) {
        return word.acquireNow(me, true);
      }
      requireNoInterrupt(interruptibly);
      line.sleepOutside(deadline);
      place = line.join();
    }
    int position = (int) place;
    Acquisition result = Acquisition.NOT_ACQUIRED;
    try {
      result = waitInLine(position, me, deadline, interruptibly);
    } finally {
      if (result == Acquisition.NOT_ACQUIRED) {
        line.giveUp(position);
      } else {
        line.leave(position);
      }
    }
    return result;
  }

  private Acquisition waitInLine(int position, long me, Deadline deadline, boolean interruptibly)
      throws InterruptedException {
    while (true) {
      line.clearSignal(position);
      boolean last = deadline.hasPassed();
      boolean asks = last || deaths.isDue();
      Acquisition result =
          line.isFirst(position, asks) ? word.acquireNow(me, asks) : Acquisition.NOT_ACQUIRED;
      if (result != Acquisition.NOT_ACQUIRED || last) {
        return result;
      }
      requireNoInterrupt(interruptibly);
      line.sleep(position, deadline);
    }
  }

  private void requireNoInterrupt(boolean interruptibly) throws InterruptedException {
    if (interruptibly && Thread.interrupted()) {
      throw new InterruptedException("interrupted while waiting for " + word);
    }
  }

  @Override
  void left() {
    line.signalFirst();
  }
}
