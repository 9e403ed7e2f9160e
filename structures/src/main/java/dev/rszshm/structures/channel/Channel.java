package dev.rszshm.structures.channel;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.errors.ChannelClosedException;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.channel.errors.NotAChannelException;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.internal.ring.Destination;
import dev.rszshm.structures.internal.ring.Founding;
import dev.rszshm.structures.internal.ring.Geometry;
import dev.rszshm.structures.internal.ring.Patience;
import dev.rszshm.structures.internal.ring.Patience.Outcome;
import dev.rszshm.structures.internal.ring.Peers;
import dev.rszshm.structures.internal.ring.Ring;
import dev.rszshm.structures.internal.ring.RingLayout;
import dev.rszshm.structures.internal.ring.Source;
import dev.rszshm.sync.Deadline;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.internal.ParticipantCounts;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;

/**
 * Sends messages from any number of threads of any number of processes to any number of others, in
 * order, each message to one receiver.
 *
 * <pre>{@code
 * Channel jobs = Channel.named(allocator, "jobs", ChannelSpec.of(1000, Width.variable(200)));
 * jobs.send("first".getBytes(UTF_8));
 * // in any other process
 * byte[] job = jobs.receive();
 * }</pre>
 *
 * <p>{@link ChannelSpec} says which kinds there are. A channel of depth 0 hands each message over:
 * a send returns when it is received. One of depth 1 lets senders and receivers take turns.
 *
 * <p><b>If a process dies</b>, each message is there once or not at all, and nobody is held up:
 * killed before a send has ended, it is sent or not; killed before a receive has ended, the message
 * is still there or it was received. Processes count as senders and as receivers from their first
 * call on. Who waits for a message learns within 100 ms when all senders have died or detached, and
 * who waits for room when all receivers have: {@link PeerDiedException}, once; a further call waits
 * for others to come.
 *
 * <p><b>If a process stands still</b> (stopped by a signal or a debugger) in the middle of writing
 * a message, receivers wait for that message, also after {@link #close}, because messages are
 * received in order: use a time-out, and end the process to go on.
 *
 * <p><b>Closing</b> lets nobody send any more, for good. Receivers get what was sent before; then
 * both get {@link ChannelClosedException}.
 *
 * <p>A message in a stream that is longer than an eighth of its room, or than 128 KiB, goes in
 * parts. The process that has received the first part receives the others, by whichever of its
 * threads calls next: messages of others that come between the parts stay in the channel for
 * whoever receives, and a time-out or an interrupt ends a call in the middle, without loss. So a
 * process that has begun with a long message goes on receiving: the others wait for it at the next
 * part. If the sender dies or gives up, its message is dropped; if the receiver dies, the message
 * dies with it.
 *
 * <p>All methods may be called by any thread at any time. They throw {@link IllegalStateException}
 * if the heap is closed. The object is a handle, of which a process can have any number.
 */
public final class Channel {
  /** The type of the root that {@link #named} makes. */
  public static final long ROOT_TYPE = RingLayout.MAGIC_VALUE;

  private static final byte[] NOTHING = {};

  private final Heap heap;
  private final long offset;
  private final ChannelSpec spec;
  private final Ring ring;
  private final Sender sender;
  private final Receiver receiver;
  private final Peers senders;
  private final Peers receivers;

  private Channel(Heap heap, long offset, ChannelSpec spec) {
    this.heap = heap;
    this.offset = offset;
    this.spec = spec;
    Geometry geometry = Geometry.of(spec, heap.participantSlots());
    long counts = offset + RingLayout.COUNTS;
    this.senders = new Peers(heap, counts, offset + RingLayout.SENDER_ARRIVALS);
    this.receivers =
        new Peers(heap, counts + geometry.counts(), offset + RingLayout.RECEIVER_ARRIVALS);
    ParticipantCounts waiting = ParticipantCounts.at(heap, counts + 2 * geometry.counts());
    Patience patience = new Patience(heap);
    this.ring = new Ring(heap, offset, geometry);
    this.sender = new Sender(ring, offset, spec, patience, receivers, waiting);
    this.receiver = new Receiver(ring, offset, spec, patience, senders, waiting);
  }

  /**
   * Finds the channel at an offset, or makes it where there are zeros. Any number of processes may
   * do that at once.
   *
   * @param offset a multiple of 128; {@link ChannelSpec#bytes} says how long it is
   * @throws NotAChannelException if there is another one, or the heap is a plain file
   */
  public static Channel create(Heap heap, long offset, ChannelSpec spec) {
    Founding.findOrMake(heap, offset, spec);
    return new Channel(heap, offset, spec);
  }

  /**
   * Finds the channel at an offset.
   *
   * @throws NotAChannelException if there is none
   */
  public static Channel at(Heap heap, long offset) {
    return new Channel(heap, offset, Founding.find(heap, offset));
  }

  /**
   * Finds the channel of a name, or makes it; see {@link Directory}.
   *
   * @throws NotAChannelException if there is one of another kind
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name stands for something else
   */
  public static Channel named(Directory directory, String name, ChannelSpec spec) {
    Heap heap = directory.heap();
    long place =
        directory.place(
            name, ROOT_TYPE, RingLayout.CURRENT_VERSION, spec.bytes(heap), RingLayout.ALIGNMENT);
    return create(heap, place, spec);
  }

  /** Of which kind it is. */
  public ChannelSpec spec() {
    return spec;
  }

  /** The heap it is in. */
  public Heap heap() {
    return heap;
  }

  /** Where it is in the heap. */
  public long offset() {
    return offset;
  }

  private Source toSend(byte[] message, int index, int length) {
    ring.enter();
    senders.arrive();
    sender.requireLength(length);
    return Source.array(heap, message, index, length);
  }

  private Source toSend(long from, long length) {
    ring.enter();
    senders.arrive();
    sender.requireLength(length);
    return Source.heap(heap, from, length);
  }

  private boolean sent(Outcome outcome) {
    if (outcome == Outcome.CLOSED) {
      throw new ChannelClosedException(ring + " is closed: nothing can be sent any more");
    }
    return outcome == Outcome.DONE;
  }

  private void sendSurely(Source source) {
    try {
      sent(sender.send(source, Deadline.never(), false));
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /**
   * Sends a message, when there is room; without a buffer, when it is received. An interrupt is
   * kept for later.
   *
   * @throws MessageLengthException if no message of this channel has its length
   * @throws ChannelClosedException if the channel is closed
   * @throws PeerDiedException if it waits, and all receivers have died; the message is not sent
   */
  public void send(byte[] message) {
    sendSurely(toSend(message, 0, message.length));
  }

  /** Sends a part of an array as a message; otherwise as {@link #send(byte[])}. */
  public void send(byte[] array, int index, int length) {
    sendSurely(toSend(array, index, length));
  }

  /** Sends a message without content; otherwise as {@link #send(byte[])}. */
  public void send() {
    send(NOTHING);
  }

  /** Sends bytes of the heap as a message; otherwise as {@link #send(byte[])}. */
  public void sendFrom(long from, long length) {
    sendSurely(toSend(from, length));
  }

  /**
   * Sends bytes of an input as a message, without holding all of them; otherwise as {@link
   * #sendInterruptibly}.
   *
   * @param length of the message
   * @throws IOException if the input cannot be read or is shorter; nobody gets any of it
   */
  public void sendFrom(InputStream input, long length) throws IOException, InterruptedException {
    ring.enter();
    senders.arrive();
    sender.requireLength(length);
    sent(sender.sendFrom(Source.stream(heap, input, length), Deadline.never()));
  }

  /**
   * As {@link #send(byte[])}, but an interrupt before or while it waits ends it, within 50 ms; the
   * message is not sent then.
   */
  public void sendInterruptibly(byte[] message) throws InterruptedException {
    sent(sender.send(toSend(message, 0, message.length), Deadline.never(), true));
  }

  /**
   * As {@link #sendInterruptibly}, but waits no longer than a time.
   *
   * @return whether the message was sent
   */
  public boolean send(byte[] message, Duration timeout) throws InterruptedException {
    return sent(
        sender.send(toSend(message, 0, message.length), Deadline.after(heap, timeout), true));
  }

  /**
   * Sends a message if that can be done without waiting for room; without a buffer, if a receiver
   * waits.
   *
   * @return whether it was sent
   * @throws MessageLengthException if no message of this channel has its length, or it must go in
   *     parts and takes more than half of the room
   * @throws ChannelClosedException if the channel is closed
   */
  public boolean trySend(byte[] message) {
    return sent(sender.trySend(toSend(message, 0, message.length)));
  }

  /** As {@link #trySend(byte[])}, from bytes of the heap. */
  public boolean trySendFrom(long from, long length) {
    return sent(sender.trySend(toSend(from, length)));
  }

  /**
   * Sends messages, in order, and wakes receivers no more often than it must wait. Messages of
   * others may come between them. Otherwise as {@link #send(byte[])} for each; if one cannot be
   * sent, those before it are.
   */
  public void sendAll(List<byte[]> messages) {
    ring.enter();
    senders.arrive();
    for (byte[] message : messages) {
      sender.requireLength(message.length);
    }
    int sent = 0;
    while (sent < messages.size()) {
      sent += spec.isUnbuffered() ? 0 : sender.pushAll(messages, sent);
      if (sent < messages.size()) {
        send(messages.get(sent++));
      }
    }
  }

  /**
   * Claims room for a message that the caller writes into the heap itself, when there is some.
   * Senders that come later are not held up; receivers wait for it.
   *
   * @throws MessageLengthException if no message of this channel has the length, or it does not go
   *     in one piece
   * @throws UnsupportedOperationException in a channel without a buffer
   * @throws ChannelClosedException if the channel is closed
   * @throws PeerDiedException if it waits, and all receivers have died
   */
  public Claim claim(int length) {
    try {
      return claim(length, Deadline.never(), false);
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /**
   * As {@link #claim(int)}, but waits no longer than a time, and an interrupt ends it.
   *
   * @return null if the time was over
   */
  public Claim claim(int length, Duration timeout) throws InterruptedException {
    return claim(length, Deadline.after(heap, timeout), true);
  }

  private Claim claim(int length, Deadline deadline, boolean interruptible)
      throws InterruptedException {
    ring.enter();
    senders.arrive();
    sender.requireLength(length);
    if (spec.isUnbuffered()) {
      throw new UnsupportedOperationException(
          "a channel without a buffer has no room to claim: send, or make it with depth 1");
    }
    if (length < 0 || length > ring.geometry.longest()) {
      throw new MessageLengthException(
          "found a claim of "
              + length
              + " bytes, expected 0 to "
              + ring.geometry.longest()
              + ", which "
              + ring
              + " has in one piece");
    }
    long[] position = new long[1];
    try {
      boolean claimed = sent(sender.awaitClaim(length, position, deadline, interruptible));
      return claimed ? new Claim(ring, position[0], length) : null;
    } catch (Throwable thrown) {
      if (position[0] > 0) {
        ring.abandoned = position[0]; // no call: there may be no stack for one
        ring.settleAbandoned();
      }
      throw thrown;
    }
  }

  private void received(Outcome outcome) {
    if (outcome == Outcome.CLOSED) {
      throw new ChannelClosedException(
          ring + " is closed, and all that was sent has been received");
    }
  }

  private Destination receiveSurely(Destination to) {
    try {
      received(receiver.await(() -> receiver.receive(to), Deadline.never(), false));
      return to;
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private void enterToReceive() {
    ring.enter();
    receivers.arrive();
  }

  /**
   * Receives the next message, when there is one. An interrupt is kept for later.
   *
   * @throws ChannelClosedException if the channel is closed, and empty
   * @throws PeerDiedException if it waits, and all senders have died
   * @throws dev.rszshm.structures.channel.errors.DamagedChannelException if a message that came in
   *     parts is not whole; it is dropped
   */
  public byte[] receive() {
    enterToReceive();
    return receiveSurely(Destination.newArray(heap)).bytes();
  }

  /**
   * Receives the next message into an array; otherwise as {@link #receive()}.
   *
   * @return its length
   * @throws MessageLengthException if the array is too short; the message is still there
   */
  public int receive(byte[] into) {
    return receive(into, 0, into.length);
  }

  /** Receives the next message into a part of an array; otherwise as {@link #receive(byte[])}. */
  public int receive(byte[] into, int index, int room) {
    enterToReceive();
    return (int) receiveSurely(Destination.array(heap, into, index, room)).length();
  }

  /**
   * Receives the next message into the heap; otherwise as {@link #receive(byte[])}.
   *
   * @param room bytes it may have
   */
  public long receiveInto(long to, long room) {
    enterToReceive();
    return receiveSurely(Destination.heap(heap, to, room)).length();
  }

  /** As {@link #receive()}, but an interrupt before or while it waits ends it, within 50 ms. */
  public byte[] receiveInterruptibly() throws InterruptedException {
    enterToReceive();
    Destination to = Destination.newArray(heap);
    received(receiver.await(() -> receiver.receive(to), Deadline.never(), true));
    return to.bytes();
  }

  /**
   * As {@link #receiveInterruptibly}, but waits no longer than a time.
   *
   * @return null if the time was over
   */
  public byte[] receive(Duration timeout) throws InterruptedException {
    enterToReceive();
    Destination to = Destination.newArray(heap);
    Outcome outcome =
        receiver.await(() -> receiver.receive(to), Deadline.after(heap, timeout), true);
    received(outcome);
    return outcome == Outcome.DONE ? to.bytes() : null;
  }

  /**
   * Receives the next message if there is one.
   *
   * @return null if there is none
   * @throws ChannelClosedException if the channel is closed, and empty
   */
  public byte[] tryReceive() {
    enterToReceive();
    Destination to = Destination.newArray(heap);
    Outcome outcome = receiver.tryReceive(to);
    received(outcome);
    return outcome == Outcome.DONE ? to.bytes() : null;
  }

  /**
   * Receives the next message into an array if there is one; otherwise as {@link #tryReceive()}.
   *
   * @return its length, or -1 if there is none
   * @throws MessageLengthException if the array is too short; the message is still there
   */
  public int tryReceive(byte[] into) {
    enterToReceive();
    Destination to = Destination.array(heap, into, 0, into.length);
    Outcome outcome = receiver.tryReceive(to);
    received(outcome);
    return outcome == Outcome.DONE ? (int) to.length() : -1;
  }

  /**
   * Receives up to a number of messages, in one step; waits for the first. Otherwise as {@link
   * #receive()}.
   */
  public List<byte[]> receiveAll(int most) {
    requireAtLeastOne(most);
    enterToReceive();
    List<byte[]> messages = new ArrayList<>();
    try {
      received(receiver.await(() -> receiver.receiveAll(messages, most), Deadline.never(), false));
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible);
    }
    return messages;
  }

  /** Receives up to a number of messages that are there, in one step; otherwise as tryReceive. */
  public List<byte[]> tryReceiveAll(int most) {
    requireAtLeastOne(most);
    enterToReceive();
    List<byte[]> messages = new ArrayList<>();
    received(receiver.receiveAll(messages, most));
    return messages;
  }

  private static void requireAtLeastOne(int most) {
    if (most < 1) {
      throw new IllegalArgumentException(
          "found " + most + " messages to receive, expected 1 or more");
    }
  }

  /**
   * Receives the next message where it is, without a copy, when there is one. Close it soon: its
   * room, and all behind it, is not used again before. 64 can be open at a time.
   *
   * @throws MessageLengthException if the next message came in parts; it is still there
   * @throws IllegalStateException if 64 messages are open
   * @throws ChannelClosedException if the channel is closed, and empty
   * @throws PeerDiedException if it waits, and all senders have died
   */
  public Message take() {
    enterToReceive();
    Message[] taken = new Message[1];
    try {
      received(receiver.await(() -> receiver.take(taken), Deadline.never(), false));
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible);
    }
    return taken[0];
  }

  /**
   * Receives the next message where it is if there is one; otherwise as {@link #take}.
   *
   * @return null if there is none
   */
  public Message tryTake() {
    enterToReceive();
    Message[] taken = new Message[1];
    received(receiver.take(taken));
    return taken[0];
  }

  /** This end of it, for those who wait for several channels. */
  Receiver receiver() {
    enterToReceive();
    return receiver;
  }

  /** The other end, for those who wait for several channels. */
  Peers senders() {
    return senders;
  }

  /** What is signalled when there may be a message. */
  EventCount notEmpty() {
    return ring.notEmpty;
  }

  /** Lets nobody send any more; receivers get what was sent before. Closing again does nothing. */
  public void close() {
    ring.enter();
    ring.close();
  }

  /** Whether it was closed. There may be messages to receive. */
  public boolean isClosed() {
    ring.enter();
    return ring.isClosed();
  }

  /**
   * Number of messages that were sent and not received, those included that are being sent, and
   * each part as one. It looks at each of them.
   */
  public long size() {
    ring.enter();
    return ring.size();
  }

  /**
   * Number of messages that can be sent without waiting; of a stream, an upper limit of the bytes.
   * 0 without a buffer.
   */
  public long remainingCapacity() {
    ring.enter();
    if (spec.isUnbuffered()) {
      return 0;
    }
    return ring.room() * (spec.isStream() ? RingLayout.STREAM_GRANULE : 1);
  }

  /**
   * This channel as a queue. Closed, its methods throw {@link ChannelClosedException}; without a
   * buffer, {@code offer} needs a receiver that waits. What can only be done by looking at messages
   * that stay ({@code peek}, {@code iterator}, {@code contains}, {@code remove(Object)}) throws
   * {@link UnsupportedOperationException}.
   */
  public <T> BlockingQueue<T> asBlockingQueue(Codec<T> codec) {
    return new ChannelQueue<>(this, Objects.requireNonNull(codec));
  }

  @Override
  public String toString() {
    return ring + " (" + spec + ")";
  }
}
