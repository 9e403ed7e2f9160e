package dev.rszshm.sync.internal;

/**
 * A read-write lock.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 the writer's lock word (LockLayout)
 *      8    4 event count (EventCountLayout): a reader has left, or a writer
 *     12    4 participant slots that may have readers: 0 to this - 1; it never falls
 *     16    … how many readers each process has (ParticipantCountsLayout)
 * </pre>
 */
public final class ReadWriteLockLayout {
  public static final int EVENTS = 8;
  public static final int SLOTS = 12;
  public static final int READERS = 16;

  private ReadWriteLockLayout() {}
}
