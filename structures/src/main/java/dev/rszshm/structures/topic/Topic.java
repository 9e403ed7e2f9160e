package dev.rszshm.structures.topic;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.channel.errors.NotAChannelException;
import dev.rszshm.structures.internal.process.NamedPlace;
import dev.rszshm.structures.internal.ring.CompositeHeader;
import dev.rszshm.structures.internal.ring.Header;
import dev.rszshm.structures.internal.ring.MessageSource;
import dev.rszshm.structures.internal.ring.OtherEnd;
import dev.rszshm.structures.internal.ring.Outcome;
import dev.rszshm.structures.internal.ring.Peers;
import dev.rszshm.structures.internal.ring.Ring;
import dev.rszshm.structures.internal.ring.RingClaims;
import dev.rszshm.structures.internal.ring.RingGeometry;
import dev.rszshm.structures.internal.ring.RingLayout;
import dev.rszshm.structures.internal.ring.RingWaiting;
import dev.rszshm.sync.internal.WaitMode;
import java.time.Duration;
import java.util.Optional;

/**
 * Publishes messages from any number of threads of any number of processes to any number of
 * subscribers. Each subscriber receives every message that is published after it has subscribed,
 * and all receive them in the same order.
 *
 * <pre>{@code
 * Topic prices = Topic.named(allocator, "prices", TopicSpec.of(1000, Width.variable(200)));
 * try (Subscription subscription = prices.subscribe()) {
 *   byte[] price = subscription.receive();
 * }
 * // in any other process
 * prices.publish(bytes);
 * }</pre>
 *
 * <p>A message that no subscriber is there for is dropped. The slowest subscriber holds publishers
 * up when the room is used; in an overwriting topic ({@link TopicSpec#overwriting}) it misses
 * messages instead, and learns of it by a {@link
 * dev.rszshm.structures.channel.errors.LaggedException}.
 *
 * <p><b>If a process dies</b>, nobody is held up: a publisher that is killed has published its
 * message or not, the same for all subscribers, and a subscriber that is killed is none any more.
 *
 * <p><b>If a publisher stands still</b> (stopped by a signal or a debugger) in the middle of
 * writing a message, subscribers wait for that message, also after {@link #shutdown}, and when the
 * room is used so do publishers, of an overwriting topic too: use a time-out, and end the process
 * to go on.
 *
 * <p><b>Shutting down</b> lets nobody publish any more, for good. Subscribers get what was
 * published before; then both get {@link ChannelShutdownException}.
 *
 * <p>All methods may be called by any thread at any time. They throw {@link IllegalStateException}
 * if the heap is closed. The object is a handle, of which a process can have any number.
 */
public final class Topic {
  /** The type of what {@link #named} makes, for a {@link Directory}. */
  public static final long ROOT_TYPE = TopicLayout.MAGIC_VALUE;

  private static final CompositeHeader TOPIC =
      new CompositeHeader("topic", "Topic", TopicLayout.MAGIC_VALUE, TopicLayout.CURRENT_VERSION);

  private final Heap heap;
  private final long offset;
  private final TopicSpec spec;
  private final Ring ring;
  private final Subscribers subscribers;
  private final Peers publishers;
  private final boolean waitsForPeers;

  private Topic(Heap heap, long offset, TopicSpec spec, boolean waitsForPeers) {
    this.waitsForPeers = waitsForPeers;
    this.heap = heap;
    this.offset = offset;
    this.spec = spec;
    long inner = offset + TopicLayout.ring(spec.subscribers());
    this.ring = new Ring(heap, inner, RingGeometry.of(spec.messages(), heap.participantSlots()));
    this.subscribers = new Subscribers(ring, offset, spec.subscribers());
    this.publishers = newPeers();
  }

  /** The publishers, for somebody who is told once for each time that all of them have gone. */
  private Peers newPeers() {
    long inner = offset + TopicLayout.ring(spec.subscribers());
    return new Peers(heap, inner + RingLayout.COUNTS, inner + RingLayout.SENDER_ARRIVALS);
  }

  /**
   * Finds the topic at an offset, or makes it in bytes of zeros. Any number of processes may do so
   * at once; if one dies in it, the next one completes it.
   *
   * @param offset a multiple of 128; {@link TopicSpec#length} says how many bytes it takes
   * @throws NotAChannelException if something else is there, or the heap is a plain file
   */
  public static Topic at(Heap heap, long offset, TopicSpec spec) {
    Places.note(heap, Topic.class, offset, spec.length(heap));
    long options = TopicLayout.options(spec.isOverwriting(), spec.subscribers());
    long ring = TopicLayout.ring(spec.subscribers());
    TOPIC.makeIfNew(heap, offset, options, ring, spec.messages());
    Topic found = at(heap, offset);
    if (!found.spec.equals(spec)) {
      throw TOPIC.mismatch(heap, offset, found.spec, spec);
    }
    return found;
  }

  /**
   * Finds the topic at an offset.
   *
   * @throws NotAChannelException if there is none
   */
  public static Topic at(Heap heap, long offset) {
    long options = TOPIC.options(heap, offset);
    int subscribers = TopicLayout.subscribers(options);
    ChannelSpec messages = TOPIC.channel(heap, offset, TopicLayout.ring(subscribers));
    TopicSpec spec = new TopicSpec(messages, subscribers, TopicLayout.isOverwriting(options));
    return new Topic(heap, offset, spec, false);
  }

  /**
   * Finds the topic of a name, or makes it; see {@link Directory}.
   *
   * @throws NotAChannelException if the name stands for one of another kind
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name stands for something else
   */
  public static Topic named(Directory directory, String name, TopicSpec spec) {
    Heap heap = directory.heap();
    long place =
        directory.place(
            name, ROOT_TYPE, TopicLayout.CURRENT_VERSION, spec.length(heap), RingLayout.ALIGNMENT);
    return at(heap, place, spec);
  }

  /**
   * Finds the topic of a name, and makes nothing.
   *
   * @return the topic; empty if nobody has made one of this name yet, or the name stands for
   *     something else
   * @throws NotAChannelException if it is damaged
   * @throws dev.rszshm.heap.errors.HeapException if the heap is attached for reading only
   */
  public static Optional<Topic> find(Allocator allocator, String name) {
    return NamedPlace.existing(allocator, name, ROOT_TYPE, RingLayout.ALIGNMENT)
        .map(place -> at(allocator.heap(), place));
  }

  /** Returns the kind of this topic. */
  public TopicSpec spec() {
    return spec;
  }

  /** Returns the heap in which this topic is. */
  public Heap heap() {
    return heap;
  }

  /** Returns the offset of this topic in the heap. */
  public long offset() {
    return offset;
  }

  /** Returns the length of the longest message in bytes. */
  public int maxMessageLength() {
    return ring.geometry.longest();
  }

  /** Returns the number of subscribers that live. */
  public int subscribers() {
    ring.enter();
    return subscribers.countLiving();
  }

  /**
   * Returns a handle for the same topic whose subscriptions wait for others to come when all
   * publishers have died or detached, and do not throw {@link
   * dev.rszshm.structures.channel.errors.PeerDiedException}.
   */
  public Topic waitingForPeers() {
    return new Topic(heap, offset, spec, true);
  }

  /**
   * Subscribes this process: the subscription receives messages that are published from now on.
   *
   * @throws IllegalStateException if there are as many subscribers as there can be
   */
  public Subscription subscribe() {
    ring.enter();
    Subscription subscription =
        new Subscription(this, ring, subscribers, newPeers(), waitsForPeers);
    if (!subscription.begin()) {
      throw new IllegalStateException(
          this + " has " + spec.subscribers() + " subscribers, and that is all there can be");
    }
    return subscription;
  }

  /**
   * Publishes a message. Waits until there is room.
   *
   * @throws MessageLengthException if no message of this topic has that length
   * @throws ChannelShutdownException if the topic was shut down
   * @throws InterruptedException if the current thread is interrupted before or while it waits; the
   *     message is not published
   */
  public void publish(byte[] message) throws InterruptedException {
    publish(message, 0, message.length);
  }

  /** Publishes a part of an array as a message; otherwise as {@link #publish(byte[])}. */
  public void publish(byte[] array, int index, int length) throws InterruptedException {
    MessageSource source = MessageSource.array(ring, array, index, length);
    published(await(source, WaitMode.INTERRUPTIBLE).orThrow(this));
  }

  /** Publishes bytes of the heap as a message; otherwise as {@link #publish(byte[])}. */
  public void publishFrom(long from, long length) throws InterruptedException {
    MessageSource source = MessageSource.heap(ring, from, length);
    published(await(source, WaitMode.INTERRUPTIBLE).orThrow(this));
  }

  /** As {@link #publish(byte[])}, but an interrupt does not end the call and stays set. */
  public void publishUninterruptibly(byte[] message) {
    MessageSource source = MessageSource.array(ring, message, 0, message.length);
    published(await(source, WaitMode.UNINTERRUPTIBLE));
  }

  /**
   * Publishes a message, waiting no longer than a time; otherwise as {@link #publish(byte[])}.
   *
   * @return whether the message was published
   */
  public boolean publish(byte[] message, Duration timeout) throws InterruptedException {
    MessageSource source = MessageSource.array(ring, message, 0, message.length);
    return published(await(source, WaitMode.within(heap, timeout)).orThrow(this));
  }

  /**
   * Publishes a message if there is room. In an overwriting topic there is always room, except
   * while the oldest message is still being written.
   *
   * @return whether it was published
   */
  public boolean tryPublish(byte[] message) {
    MessageSource source = MessageSource.array(ring, message, 0, message.length);
    enter(source);
    return published(push(source));
  }

  private Outcome await(MessageSource source, WaitMode mode) {
    enter(source);
    Outcome outcome = push(source);
    return outcome == Outcome.DONE
        ? outcome
        : RingWaiting.await(heap, ring.notFull, () -> push(source), mode, OtherEnd.NOT_WATCHED);
  }

  private void enter(MessageSource source) {
    ring.enter();
    publishers.arrive();
    requireLength(source.length());
  }

  private void requireLength(long length) {
    ChannelSpec.Kind kind = spec.messages().width().kind();
    boolean any = kind == ChannelSpec.Kind.VARIABLE || kind == ChannelSpec.Kind.STREAM;
    int longest = maxMessageLength();
    if (any ? length > longest : length != longest) {
      throw new MessageLengthException(
          "found a message of "
              + length
              + " bytes, expected "
              + (any ? "at most " : "")
              + longest
              + ", in "
              + this);
    }
  }

  private boolean published(Outcome outcome) {
    if (outcome == Outcome.SHUTDOWN) {
      throw new ChannelShutdownException(
          this + " was shut down: nothing can be published any more");
    }
    return outcome == Outcome.DONE;
  }

  private Outcome push(MessageSource source) {
    ring.enter();
    int length = (int) source.length();
    long position = trySend(source, length);
    long emptyFront = Ring.NONE;
    while (position == Ring.NONE) {
      long front = ring.head();
      Outcome outcome =
          spec.isOverwriting() ? subscribers.dropOldest(front) : subscribers.makeRoom();
      if (outcome == Outcome.NOT_YET && spec.isOverwriting()) {
        if (front == emptyFront) { // between the two looks at the head all room was in use
          throw ring.damaged(front, "found neither a message nor room for one", "one of the two");
        }
        emptyFront = front;
      } else if (outcome != Outcome.DONE) {
        return outcome;
      }
      position = trySend(source, length);
    }
    return Outcome.of(position);
  }

  private long trySend(MessageSource source, int length) {
    return ring.claims.trySend(
        length,
        Header.MESSAGE,
        address -> {
          ring.memory.releaseFence(); // the head has moved before what it has left is overwritten
          source.writeTo(address);
        },
        RingClaims.Wake.ALL);
  }

  /**
   * Ends the topic for all processes: nobody can publish any more, and subscribers get what was
   * published before. A second call does nothing.
   */
  public void shutdown() {
    ring.enter();
    ring.shutdown();
  }

  /** Returns whether this was shut down. There may still be messages to receive. */
  public boolean isShutdown() {
    ring.enter();
    return ring.isShutdown();
  }

  @Override
  public String toString() {
    return "the topic at offset " + offset + " of " + heap.path() + " (" + spec + ")";
  }
}
