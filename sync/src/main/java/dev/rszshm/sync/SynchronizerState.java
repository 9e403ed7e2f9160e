package dev.rszshm.sync;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.sync.internal.SynchronizerReading;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The state of something that is shared by name for locking and waiting, as it was at some moment:
 * for tools, and for a heap that is attached for reading only. Reading it changes nothing.
 *
 * @param kind the kind
 * @param summary the state in words, such as {@code free} or {@code 2 of 3 permits left}
 * @param holder who holds the lock, alive or dead; empty if it is free, or no lock
 * @param isFree whether the next one who wants it need not wait: the lock is free, there are
 *     permits, the latch is open, the event is set
 * @param mayHaveWaiters whether somebody may be asleep until it changes
 * @param participants who has a part in it: holds a permit or a read lock, has registered for a
 *     count, has come to the barrier, waits in the line of a fair mutex
 * @param value permits or counts that are left, parties that have come, or readers; empty if it has
 *     no number
 * @param maximum what the number can be at most
 * @param leftByTheDead what dead processes have left in it; the next one who uses it deals with it
 * @param damage what no correct program can have written
 */
public record SynchronizerState(
    SynchronizerKind kind,
    String summary,
    Optional<Holder> holder,
    boolean isFree,
    boolean mayHaveWaiters,
    List<Participant> participants,
    OptionalLong value,
    OptionalLong maximum,
    List<String> leftByTheDead,
    List<String> damage) {

  /** Copies the lists. */
  public SynchronizerState {
    participants = List.copyOf(participants);
    leftByTheDead = List.copyOf(leftByTheDead);
    damage = List.copyOf(damage);
  }

  /**
   * Returns the state of what is at an offset. Does not throw because of what is there.
   *
   * @param length the bytes that it has there
   * @throws IllegalStateException if the heap is closed, or a plain file
   * @throws IndexOutOfBoundsException if the bytes are not in the heap
   */
  public static SynchronizerState at(Heap heap, long offset, SynchronizerKind kind, long length) {
    heap.checkReadable(offset, length);
    return new SynchronizerReading(heap, offset, kind, length).read();
  }
}
