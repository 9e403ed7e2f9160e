package dev.rszshm.sync;

import java.util.Locale;
import java.util.Optional;

/** The kinds of what is shared by name for locking and waiting. */
public enum SynchronizerKind {
  /** A {@link Mutex}. */
  MUTEX(Mutex.TYPE),
  /** A {@link FastMutex}. */
  FAST_MUTEX(FastMutex.TYPE),
  /** A {@link Monitor}. */
  MONITOR(Monitor.TYPE),
  /** A {@link SharedReadWriteLock}. */
  READ_WRITE_LOCK(SharedReadWriteLock.TYPE),
  /** A {@link SharedCondition}. */
  CONDITION(SharedCondition.TYPE),
  /** A {@link SharedSemaphore}. */
  SEMAPHORE(SharedSemaphore.TYPE),
  /** A {@link RobustSemaphore}. */
  ROBUST_SEMAPHORE(RobustSemaphore.TYPE),
  /** A {@link SharedBarrier}. */
  BARRIER(SharedBarrier.TYPE),
  /** A {@link SharedLatch}. */
  LATCH(SharedLatch.TYPE),
  /** A {@link SharedEvent}. */
  EVENT(SharedEvent.TYPE),
  /** A {@link Once}. */
  ONCE(Once.TYPE),
  /** An {@link EventCount}. */
  EVENT_COUNT(EventCount.TYPE),
  /** A {@link FairMutex}. */
  FAIR_MUTEX(FairMutex.TYPE),
  /** A {@link RobustLatch}. */
  ROBUST_LATCH(RobustLatch.TYPE);

  private final long rootType;

  SynchronizerKind(long rootType) {
    this.rootType = rootType;
  }

  /** Returns the type under which a {@link dev.rszshm.heap.Directory} keeps it. */
  public long rootType() {
    return rootType;
  }

  /** Returns the kind that a directory keeps under a type, or empty if there is none. */
  public static Optional<SynchronizerKind> ofRootType(long type) {
    for (SynchronizerKind kind : values()) {
      if (kind.rootType == type) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** Returns its name in words, such as {@code read-write lock}. */
  @Override
  public String toString() {
    return this == READ_WRITE_LOCK
        ? "read-write lock"
        : name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
