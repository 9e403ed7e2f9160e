package dev.rszshm.sync;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import java.util.OptionalLong;

/**
 * Who holds a lock.
 *
 * @param participant the attachment; its process may have died since
 * @param thread the id of the thread in its JVM (the lower 32 bits), if the lock notes it
 */
public record Holder(Participant participant, OptionalLong thread) {

  /** The tag of a process that only looks. */
  public static final int READER = 0;

  /**
   * Returns what a lock calls this process.
   *
   * @throws IllegalStateException if it is no participant, whose death others could notice
   */
  public static Participant self(Heap heap) {
    if (heap.isPlain()) {
      throw new IllegalStateException(
          heap.path()
              + " is a plain file, which keeps no participants: locks need them, to notice who has"
              + " died");
    }
    heap.requireWritable();
    return heap.self().orElseThrow();
  }

  /**
   * Returns the tag of this process in locks, or {@link #READER}, which no holder has, if the heap
   * is attached for reading only: that is enough to look.
   *
   * @throws IllegalStateException if the heap is a plain file, which keeps no participants
   */
  public static int tagOf(Heap heap) {
    return heap.isPlain() || heap.self().isPresent() ? self(heap).tag() : READER;
  }

  @Override
  public String toString() {
    return "process "
        + participant.pid()
        + (participant.name().isEmpty() ? "" : " (" + participant.name() + ")")
        + (thread.isPresent() ? ", thread " + thread.getAsLong() : "")
        + (participant.alive() ? "" : ", which is dead");
  }
}
