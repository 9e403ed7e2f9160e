package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.structures.internal.ring.Patience.Outcome;
import dev.rszshm.sync.internal.ParticipantCounts;

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
  private final Patience patience;
  private final Peers receivers;
  private final ParticipantCounts waiting;
  private final Push push;

  /** Sends into the ring, if there is room. */
  public interface Push {
    /** Says where in {@code position}. */
    Outcome push(MessageSource source, long[] position);
  }

  public UnbufferedSender(
      Ring ring, Patience patience, Peers receivers, ParticipantCounts waiting, Push push) {
    this.ring = ring;
    this.heap = ring.heap;
    this.patience = patience;
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
    return Wait.run(Wait.briefly(heap, SLICE_NANOS), wait -> awaitReceipt(position[0], wait, null));
  }

  /** Hands a message to a receiver. */
  public Outcome handOver(MessageSource source, Wait wait) throws InterruptedException {
    long[] position = new long[1];
    Outcome outcome =
        patience.await(ring.notFull, () -> push.push(source, position), wait, receivers);
    return outcome == Outcome.DONE ? awaitReceipt(position[0], wait, receivers) : outcome;
  }

  private Outcome awaitReceipt(long position, Wait wait, Peers others) throws InterruptedException {
    Outcome outcome;
    try {
      outcome = patience.await(ring.notFull, () -> look(position), wait, others);
    } catch (InterruptedException e) {
      if (withdraw(position)) {
        throw e;
      }
      Thread.currentThread().interrupt();
      return Outcome.DONE;
    } catch (PeerDiedException e) {
      if (withdraw(position)) {
        throw e;
      }
      return Outcome.DONE;
    }
    return outcome == Outcome.DONE || !withdraw(position) ? Outcome.DONE : outcome;
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
