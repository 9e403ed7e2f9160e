package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.sync.Deadline;
import dev.rszshm.sync.internal.ParticipantCounts;
import dev.rszshm.sync.internal.WaitMode;

/*
 * Sends in a channel without a buffer: whoever sends waits until the message is received.
 *
 * Layout
 * ------
 * A ring of one slot, and a count of the receivers that wait, by participant.
 *
 * Protocol
 * --------
 * 1 send into the slot, when it is free;
 * 2 wait until the head is behind the message: it is received.
 * Time is over, the channel is closed, or all receivers are gone: receive the message oneself. If a
 * receiver was faster, it is sent after all.
 * Without waiting: 1 and 2 only if a receiver waits, and for one slice at most.
 *
 * If a process dies here
 * ----------------------
 * before the commit of 1: nothing. Behind it: the message is received by the next who comes, as if it had
 * come in time.
 */
public final class UnbufferedSender {
  /**
   * How long a receiver that waits may need to take what it is handed: that long it may be stopped.
   */
  private static final long SLICE_NANOS = 50_000_000;

  private final Ring ring;
  private final Heap heap;
  private final OtherEnd receivers;
  private final ParticipantCounts waiting;
  private final Push push;

  /** Sends into the ring, if there is room. */
  public interface Push {
    /** Says where in {@code position}. */
    Outcome push(MessageSource source, long[] position);
  }

  public UnbufferedSender(Ring ring, OtherEnd receivers, ParticipantCounts waiting, Push push) {
    this.ring = ring;
    this.heap = ring.heap;
    this.receivers = receivers;
    this.waiting = waiting;
    this.push = push;
  }

  /** Hands a message to a receiver that waits already. */
  public Outcome tryHandOver(MessageSource source) {
    if (!waiting.isAnyOfLiving()) {
      return ring.isShutdown() ? Outcome.SHUTDOWN : Outcome.NOT_YET;
    }
    long[] position = new long[1];
    Outcome outcome = push.push(source, position);
    if (outcome != Outcome.DONE) {
      return outcome;
    }
    WaitMode shortly = WaitMode.until(Deadline.after(heap, SLICE_NANOS)).uninterruptibly();
    return awaitReceipt(position[0], shortly, OtherEnd.NOT_WATCHED);
  }

  /** Hands a message to a receiver. */
  public Outcome handOver(MessageSource source, WaitMode mode) {
    long[] position = new long[1];
    Outcome outcome =
        RingWaiting.await(heap, ring.notFull, () -> push.push(source, position), mode, receivers);
    return outcome == Outcome.DONE ? awaitReceipt(position[0], mode, receivers) : outcome;
  }

  private Outcome awaitReceipt(long position, WaitMode mode, OtherEnd others) {
    Outcome outcome;
    try {
      outcome = RingWaiting.await(heap, ring.notFull, () -> look(position), mode, others);
    } catch (PeerDiedException e) {
      if (withdraw(position)) {
        throw e;
      }
      return Outcome.DONE;
    }
    if (outcome == Outcome.DONE || withdraw(position)) {
      return outcome;
    }
    if (outcome == Outcome.INTERRUPTED) {
      Thread.currentThread().interrupt(); // it was received: the interrupt is for the next wait
    }
    return Outcome.DONE;
  }

  private Outcome look(long position) {
    ring.enter();
    if (ring.head() > position) {
      return Outcome.DONE;
    }
    return ring.isShutdown() ? Outcome.SHUTDOWN : Outcome.NOT_YET;
  }

  private boolean withdraw(long position) {
    ring.enter();
    return ring.consume(position, ring.header(position));
  }
}
