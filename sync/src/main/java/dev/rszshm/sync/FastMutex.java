package dev.rszshm.sync;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.sync.internal.LockLayout;

/**
 * A mutual exclusion lock that knows which process holds it and not which thread: any thread of
 * that process may give it up, and a thread that asks for it twice waits for itself. For short
 * sections that are measured to be hot, and for handing a lock from thread to thread. It survives
 * its holders like a {@link Mutex}.
 */
public final class FastMutex extends RobustLock {
  /** What a {@link Directory} is told that this is. */
  static final long TYPE = 0x5359_4e43_0002L;

  private static final int VERSION = 1;

  /** Bytes; the offset is a multiple of 8. Zeros are a new one. */
  public static final int LENGTH = LockLayout.LENGTH;

  private final long holderWord;

  private FastMutex(Heap heap, long offset) {
    super(heap, offset, "fast mutex");
    this.holderWord = LockLayout.held(word.tag, 0);
  }

  /**
   * The mutex at an offset.
   *
   * @throws IllegalStateException if the heap is a plain file, which keeps no participants
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if it is attached for reading only
   */
  public static FastMutex at(Heap heap, long offset) {
    Places.note(heap, FastMutex.class, offset, LENGTH);
    return new FastMutex(heap, offset);
  }

  /**
   * Finds the fast mutex of a name, or makes it; see {@link Directory}. Otherwise as {@link #at}.
   */
  public static FastMutex named(Directory directory, String name) {
    long place = directory.place(name, TYPE, VERSION, LENGTH);
    return at(directory.heap(), place);
  }

  @Override
  long holderWord() {
    return holderWord;
  }

  @Override
  boolean isReentry(long holder) {
    return false; // it may be another thread of this process
  }
}
