package dev.rszshm.structures.topic;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Selectable;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.LaggedException;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.structures.internal.ring.MessageDestination;
import dev.rszshm.structures.internal.ring.OtherEnd;
import dev.rszshm.structures.internal.ring.Outcome;
import dev.rszshm.structures.internal.ring.Peers;
import dev.rszshm.structures.internal.ring.Readiness;
import dev.rszshm.structures.internal.ring.Ring;
import dev.rszshm.structures.internal.ring.RingWaiting;
import dev.rszshm.structures.internal.ring.SelectableKinds;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.internal.WaitMode;
import java.time.Duration;
import java.util.Optional;

/**
 * Receives every message that is published to a topic from {@link Topic#subscribe} on.
 *
 * <p>Close it: an open one holds publishers up as long as the process lives, unless the topic is
 * overwriting. All methods may be called by any thread at any time; of several threads that
 * receive, each gets other messages.
 */
public final class Subscription implements Selectable, AutoCloseable {
  static {
    SelectableKinds.connect(Subscription.class, Subscription::readiness);
  }

  private static final int NONE = -1;

  private final Topic topic;
  private final Ring ring;
  private final Heap heap;
  private final Subscribers subscribers;
  private final boolean overwriting;
  private final Peers publishers;
  private final boolean waitsForPeers;
  private int place = NONE;
  private long cursor;

  /** Guarded by this, but for who only looks. */
  private volatile boolean closed;

  Subscription(
      Topic topic, Ring ring, Subscribers subscribers, Peers publishers, boolean waitsForPeers) {

    this.topic = topic;
    this.ring = ring;
    this.heap = ring.heap;
    this.subscribers = subscribers;
    this.overwriting = topic.spec().isOverwriting();
    this.publishers = publishers;
    this.waitsForPeers = waitsForPeers;
  }

  /**
   * Takes a place, when all objects are made; returns whether there is one. If something is thrown,
   * nobody will close this, and the place is left by whoever comes next.
   */
  boolean begin() {
    try {
      place = subscribers.take();
      if (place == NONE) {
        return false;
      }
      cursor = subscribers.begin(place);
      return true;
    } catch (Throwable thrown) {
      if (place != NONE) {
        subscribers.unleft.slots[place] = true; // no call: there may be no stack for one
        subscribers.unleft.any = true;
      }
      throw thrown;
    }
  }

  /** Returns the heap in which the topic is. */
  @Override
  public Heap heap() {
    return heap;
  }

  /** Returns the topic to which this is a subscription. */
  public Topic topic() {
    return topic;
  }

  /**
   * Receives the next message. Waits until there is one.
   *
   * @throws LaggedException if the topic is overwriting and the next message is gone
   * @throws ChannelShutdownException if the topic was shut down, and all that was published before
   *     has been received
   * @throws PeerDiedException if the call waits, and all publishers have died or detached; once for
   *     each time that happens
   * @throws IllegalStateException if the subscription or the heap is closed
   * @throws InterruptedException if the current thread is interrupted before or while it waits
   */
  public byte[] receive() throws InterruptedException {
    MessageDestination to = MessageDestination.newArray(ring);
    received(await(to, WaitMode.INTERRUPTIBLE).orThrow(topic));
    return to.bytes();
  }

  /** As {@link #receive()}, but an interrupt does not end the call and stays set. */
  public byte[] receiveUninterruptibly() {
    MessageDestination to = MessageDestination.newArray(ring);
    received(await(to, WaitMode.UNINTERRUPTIBLE));
    return to.bytes();
  }

  /**
   * Receives the next message, waiting no longer than a time; otherwise as {@link #receive()}.
   *
   * @return empty if the time is over
   */
  public Optional<byte[]> receive(Duration timeout) throws InterruptedException {
    MessageDestination to = MessageDestination.newArray(ring);
    return received(await(to, WaitMode.within(heap, timeout)).orThrow(topic))
        ? Optional.of(to.bytes())
        : Optional.empty();
  }

  /**
   * Receives the next message into an array; otherwise as {@link #receive()}.
   *
   * @return its length
   * @throws MessageLengthException if the array is too short; the message is still there
   */
  public int receive(byte[] into) throws InterruptedException {
    MessageDestination to = MessageDestination.array(ring, into, 0, into.length);
    received(await(to, WaitMode.INTERRUPTIBLE).orThrow(topic));
    return (int) to.length();
  }

  /**
   * Receives the next message if there is one; otherwise as {@link #receive()}.
   *
   * @return empty if there is none
   */
  public Optional<byte[]> tryReceive() {
    MessageDestination to = MessageDestination.newArray(ring);
    return received(attempt(to)) ? Optional.of(to.bytes()) : Optional.empty();
  }

  private Outcome await(MessageDestination to, WaitMode mode) {
    Outcome outcome = attempt(to);
    if (outcome == Outcome.DONE) {
      return outcome;
    }
    OtherEnd others = waitsForPeers ? OtherEnd.NOT_WATCHED : publishers;
    return RingWaiting.await(heap, ring.notEmpty, () -> attempt(to), mode, others);
  }

  private boolean received(Outcome outcome) {
    if (outcome == Outcome.SHUTDOWN) {
      throw new ChannelShutdownException(
          topic + " was shut down, and all that was published before has been received");
    }
    return outcome == Outcome.DONE;
  }

  private Readiness readiness() {
    return new Readiness() {
      @Override
      public EventCount event() {
        return ring.notEmpty;
      }

      @Override
      public Outcome look() {
        return lookAtNext();
      }

      @Override
      public long departed() {
        return waitsForPeers ? 0 : publishers.departed();
      }
    };
  }

  /** Says whether {@link #tryReceive} would return a message, or throw, at once. */
  private synchronized Outcome lookAtNext() {
    requireOpen();
    while (true) {
      long header = ring.header(cursor);
      if (ring.isMessage(cursor, header) || overwriting && ring.head() > cursor) {
        return Outcome.DONE;
      }
      if (!skip(header)) {
        return notReady(header);
      }
    }
  }

  private synchronized Outcome attempt(MessageDestination to) {
    requireOpen();
    while (true) {
      long header = ring.header(cursor);
      if (ring.isMessage(cursor, header)) {
        receiveAt(header, to);
        return Outcome.DONE;
      }
      requireInTime();
      if (!skip(header)) {
        return notReady(header);
      }
    }
  }

  private void requireOpen() {
    ring.enter();
    if (closed) {
      throw new IllegalStateException("this subscription of " + topic + " was closed: subscribe");
    }
  }

  /** Goes on behind padding and claims of the dead; returns whether to look at the cursor again. */
  private boolean skip(long header) {
    if (ring.isSettled(cursor, header)) {
      moveTo(ring.behind(cursor, header));
      return true;
    }
    return ring.isClaimed(cursor, header) && ring.settleClaim(cursor, header) != Ring.BUSY;
  }

  private Outcome notReady(long header) {
    if (ring.isClaimed(cursor, header)) {
      return Outcome.BUSY;
    }
    return ring.isShutdownAt(cursor, header) ? Outcome.SHUTDOWN : Outcome.NOT_YET;
  }

  private void receiveAt(long header, MessageDestination to) {
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
    ring.memory.acquireFence();
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

  /** Ends the subscription. A second call does nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    try {
      if (heap.isOpen()) {
        subscribers.leave(place);
        closed = true;
        ring.notFull.signalAll();
      }
      closed = true;
    } catch (Throwable thrown) {
      if (!closed) {
        subscribers.unleft.slots[place] = true; // no call: there may be no stack for one
        subscribers.unleft.any = true;
        closed = true;
      }
      throw thrown;
    }
  }

  @Override
  public String toString() {
    return "the subscription at place "
        + place
        + " of "
        + topic
        + (closed ? ", which is closed" : "");
  }
}
