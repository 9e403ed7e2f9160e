package dev.rszshm.sync;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.sync.internal.LockLayout;

/**
 * A mutual exclusion lock, not re-entrant, that knows its holder: the process and the thread. A
 * thread that asks for it twice, or gives up what it does not hold, gets an exception.
 *
 * <pre>{@code
 * Mutex mutex = Mutex.at(heap, offset);
 * mutex.onOwnerDied(() -> repair(heap));
 * mutex.lock();
 * try {
 *   change(heap);
 * } finally {
 *   mutex.unlock();
 * }
 * }</pre>
 */
public final class Mutex extends RobustLock {
  /** What a {@link Directory} is told that this is. */
  static final long TYPE = 0x5359_4e43_0001L;

  private static final int VERSION = 1;

  /** Bytes; the offset is a multiple of 8. Zeros are a new one. */
  public static final int LENGTH = LockLayout.LENGTH;

  private Mutex(Heap heap, long offset) {
    super(heap, offset, "mutex");
  }

  /**
   * The mutex at an offset.
   *
   * @throws IllegalStateException if the heap is a plain file, which keeps no participants
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if it is attached for reading only
   */
  public static Mutex at(Heap heap, long offset) {
    Places.note(heap, Mutex.class, offset, LENGTH);
    return new Mutex(heap, offset);
  }

  /** Finds the mutex of a name, or makes it; see {@link Directory}. Otherwise as {@link #at}. */
  public static Mutex named(Directory directory, String name) {
    long place = directory.place(name, TYPE, VERSION, LENGTH);
    return at(directory.heap(), place);
  }

  @Override
  long holderWord() {
    return word.heldByThisThread();
  }
}
