package dev.rszshm.structures.topic;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.structures.channel.errors.ChannelClosedException;
import dev.rszshm.structures.channel.errors.LaggedException;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.structures.internal.ring.Destination;
import dev.rszshm.structures.internal.ring.Patience;
import dev.rszshm.structures.internal.ring.Patience.Outcome;
import dev.rszshm.structures.internal.ring.Peers;
import dev.rszshm.structures.internal.ring.Ring;
import dev.rszshm.sync.Deadline;
import java.time.Duration;

/**
 * Receives every message that is published to a topic from {@link Topic#subscribe} on.
 *
 * <p>Close it: an open one holds publishers up as long as the process lives, unless the topic is
 * overwriting. All methods may be called by any thread at any time; of several threads that
 * receive, each gets other messages.
 */
public final class Subscription implements AutoCloseable {
  private final Topic topic;
  private final Ring ring;
  private final Heap heap;
  private final Subscribers subscribers;
  private final boolean overwriting;
  private final Patience patience;
  private final Peers publishers;
  private final int place;
  private long cursor;
  private boolean closed;

  Subscription(
      Topic topic,
      Ring ring,
      Subscribers subscribers,
      Patience patience,
      Peers publishers,
      int place) {
    this.topic = topic;
    this.ring = ring;
    this.heap = ring.heap;
    this.subscribers = subscribers;
    this.overwriting = topic.spec().isOverwriting();
    this.patience = patience;
    this.publishers = publishers;
    this.place = place;
    this.cursor = subscribers.begin(place);
  }

  /** What it is a subscription of. */
  public Topic topic() {
    return topic;
  }

  /**
   * Receives the next message, when there is one. An interrupt is kept for later.
   *
   * @throws LaggedException if the topic is overwriting and the next message is gone
   * @throws ChannelClosedException if the topic is closed, and all that was published before has
   *     been received
   * @throws PeerDiedException if it waits, and all publishers have died or detached; once for each
   *     time that happens
   * @throws IllegalStateException if the subscription or the heap is closed
   */
  public byte[] receive() {
    return receiveSurely(Destination.newArray(heap)).bytes();
  }

  /**
   * Receives the next message into an array; otherwise as {@link #receive()}.
   *
   * @return its length
   * @throws MessageLengthException if the array is too short; the message is still there
   */
  public int receive(byte[] into) {
    return (int) receiveSurely(Destination.array(heap, into, 0, into.length)).length();
  }

  private Destination receiveSurely(Destination to) {
    try {
      receive(to, Deadline.never(), false);
      return to;
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** As {@link #receive()}, but an interrupt before or while it waits ends it, within 50 ms. */
  public byte[] receiveInterruptibly() throws InterruptedException {
    Destination to = Destination.newArray(heap);
    receive(to, Deadline.never(), true);
    return to.bytes();
  }

  /**
   * As {@link #receiveInterruptibly}, but waits no longer than a time.
   *
   * @return null if the time was over
   */
  public byte[] receive(Duration timeout) throws InterruptedException {
    Destination to = Destination.newArray(heap);
    return receive(to, Deadline.after(heap, timeout), true) ? to.bytes() : null;
  }

  /**
   * Receives the next message if there is one; otherwise as {@link #receive()}.
   *
   * @return null if there is none
   */
  public byte[] tryReceive() {
    Destination to = Destination.newArray(heap);
    return received(attempt(to)) ? to.bytes() : null;
  }

  private boolean receive(Destination to, Deadline deadline, boolean interruptible)
      throws InterruptedException {
    Outcome outcome = attempt(to);
    return received(
        outcome == Outcome.DONE
            ? outcome
            : patience.await(
                ring.notEmpty, () -> attempt(to), deadline, interruptible, publishers));
  }

  private boolean received(Outcome outcome) {
    if (outcome == Outcome.CLOSED) {
      throw new ChannelClosedException(
          topic + " is closed, and all that was published before has been received");
    }
    return outcome == Outcome.DONE;
  }

  private synchronized Outcome attempt(Destination to) {
    ring.enter();
    if (closed) {
      throw new IllegalStateException("this subscription of " + topic + " was closed: subscribe");
    }
    while (true) {
      long header = ring.header(cursor);
      if (ring.isMessage(cursor, header)) {
        receiveAt(header, to);
        return Outcome.DONE;
      }
      requireInTime();
      if (ring.isSettled(cursor, header)) {
        moveTo(ring.behind(cursor, header));
      } else if (ring.isClaimed(cursor, header)) {
        if (ring.settleClaim(cursor, header) == Ring.BUSY) {
          return Outcome.BUSY;
        }
      } else {
        return ring.isClosedAt(cursor, header) ? Outcome.CLOSED : Outcome.NOT_YET;
      }
    }
  }

  private void receiveAt(long header, Destination to) {
    int length = ring.length(cursor, header);
    if (!to.hasRoomFor(length)) {
      requireInTime();
      throw to.tooLong(length);
    }
    to.begin(length);
    if (length > 0) {
      to.put(0, ring.payload(cursor), length);
    }
    requireInTime();
    moveTo(ring.behind(cursor, header));
  }

  /** Throws if what was just read at the cursor may be no more what it was. */
  private void requireInTime() {
    if (!overwriting) {
      return;
    }
    RawAccess.of(heap, Subscription.class).acquireFence();
    long front = ring.head();
    if (front > cursor) {
      long missed = ring.geometry.distance(cursor, front);
      cursor = front;
      throw new LaggedException(
          "this subscription of "
              + topic
              + " was too slow and has missed "
              + missed
              + (topic.spec().messages().isStream() ? " places of 64 bytes" : " messages")
              + ": it goes on with the oldest that is there",
          missed);
    }
  }

  private void moveTo(long position) {
    cursor = position;
    if (!overwriting) {
      subscribers.move(place, position);
    }
  }

  /** Ends the subscription. Closing again does nothing. */
  @Override
  public synchronized void close() {
    if (!closed && heap.isOpen()) {
      subscribers.leave(place);
    }
    closed = true;
  }
}
