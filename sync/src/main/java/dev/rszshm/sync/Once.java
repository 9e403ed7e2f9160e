package dev.rszshm.sync;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.sync.internal.OnceLayout;

/*
 * Layout
 * ------
 * OnceLayout.
 *
 * Protocol
 * --------
 * 1 done: nothing to do; 2 take the lock; 3 done meanwhile: release; 4 run; 5 write 1; 6 release.
 *
 * If a process dies here
 * ----------------------
 * 2-4: the next one gets the lock from the dead, and runs. 5, 6: it is done; the lock is taken once more by
 * whoever was waiting.
 */

/**
 * Runs something once for all processes, however many ask for it at once: those who come meanwhile
 * wait until it is done. If the process that runs it dies, or the body throws, the next one runs it
 * again; so the body must bear to be begun more than once.
 */
public final class Once {
  /** What a {@link Directory} is told that this is. */
  static final long TYPE = 0x5359_4e43_000bL;

  private static final int VERSION = 1;

  /** Bytes; the offset is a multiple of 8. Zeros are a new one. */
  public static final int LENGTH = OnceLayout.LENGTH;

  private final Heap heap;
  private final long done;
  private final Mutex mutex;

  private Once(Heap heap, long offset) {
    this.heap = heap;
    this.done = offset + OnceLayout.DONE;
    this.mutex = Mutex.at(heap, offset);
    this.mutex.onOwnerDied(() -> {}); // whoever has the lock looks what is done
  }

  /** The one at an offset. */
  public static Once at(Heap heap, long offset) {
    Places.note(heap, Once.class, offset, LENGTH);
    return new Once(heap, offset);
  }

  /** Finds the once of a name, or makes it; see {@link Directory}. Otherwise as {@link #at}. */
  public static Once named(Directory directory, String name) {
    long place = directory.place(name, TYPE, VERSION, LENGTH);
    return at(directory.heap(), place);
  }

  /** Whether it is done. */
  public boolean isDone() {
    return heap.getIntVolatile(done) != 0;
  }

  /**
   * Runs the body unless that is done, and returns when it is. What the body wrote is seen by all
   * who come back from here, in any process.
   *
   * @return whether this call has run it
   * @throws IllegalMonitorStateException if the body calls this again
   */
  public boolean run(Runnable body) {
    if (isDone()) {
      return false;
    }
    mutex.lock();
    boolean runs;
    try {
      runs = !isDone();
      if (runs) {
        body.run();
        heap.putIntVolatile(done, 1);
      }
    } catch (Throwable e) {
      Locks.unlockAfter(e, mutex);
      throw e;
    }
    mutex.unlock();
    return runs;
  }
}
