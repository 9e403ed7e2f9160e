package dev.rszshm.structures.channel;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.EndTakenException;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.channel.errors.NotAChannelException;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.internal.process.NamedPlace;
import dev.rszshm.structures.internal.ring.MessageDestination;
import dev.rszshm.structures.internal.ring.MessageSource;
import dev.rszshm.structures.internal.ring.OtherEnd;
import dev.rszshm.structures.internal.ring.Outcome;
import dev.rszshm.structures.internal.ring.Peers;
import dev.rszshm.structures.internal.ring.Readiness;
import dev.rszshm.structures.internal.ring.Ring;
import dev.rszshm.structures.internal.ring.RingClaims;
import dev.rszshm.structures.internal.ring.RingCreation;
import dev.rszshm.structures.internal.ring.RingGeometry;
import dev.rszshm.structures.internal.ring.RingLayout;
import dev.rszshm.structures.internal.ring.SelectableKinds;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.internal.ParticipantCounts;
import dev.rszshm.sync.internal.WaitMode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
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
 * <p>{@link ChannelSpec} says which kinds there are. In a channel of depth 0 a send returns when
 * its message is received. In one of depth 1 senders and receivers take turns.
 *
 * <p><b>If a process dies</b>, each message is there once or not at all, and nobody is held up:
 * killed before a send has ended, it is sent or not; killed before a receive has ended, the message
 * is still there or it was received. Processes count as senders and as receivers from their first
 * call on. A thread that waits for a message learns within 100 ms that all senders have died or
 * detached, and one that waits for room that all receivers have, by a {@link PeerDiedException},
 * once; a further call waits for others to come, and so do all calls of {@link #waitingForPeers}.
 *
 * <p><b>A receiver that dies with a message</b> takes it along, unless the channel is {@link
 * ChannelSpec#acknowledged}: then what was taken and is not {@link Message#done} is given to
 * another receiver.
 *
 * <p><b>If a process stands still</b> (stopped by a signal or a debugger) in the middle of writing
 * a message, receivers wait for that message, also after {@link #shutdown}, because messages are
 * received in order: use a time-out, and end the process to go on.
 *
 * <p><b>Shutting down</b> lets nobody send any more, for good. Receivers get what was sent before;
 * then both get {@link ChannelShutdownException}.
 *
 * <p>A message in a stream that is longer than an eighth of its room, or than 128 KiB, goes in
 * parts. The process that has received the first part receives the others, by whichever of its
 * threads calls next: messages of others that come between the parts stay in the channel for
 * whoever receives, and a time-out or an interrupt ends a call in the middle, without loss. So a
 * process that has begun with a long message goes on receiving: the others wait for it at the next
 * part. If the sender dies or gives up, its message is dropped; if the receiver dies, the message
 * dies with it.
 *
 * <p><b>With one sender and one receiver</b>, {@link ChannelSpec#singleSender} and {@link
 * ChannelSpec#singleReceiver} make it faster. Methods that send, or receive, throw {@link
 * EndTakenException} then if another living thread has that end.
 *
 * <p>All methods may be called by any thread at any time. They throw {@link IllegalStateException}
 * if the heap is closed. The object is a handle, of which a process can have any number.
 */
public final class Channel implements Selectable {
  static {
    SelectableKinds.connect(Channel.class, Channel::readiness);
  }

  /** The type of what {@link #named} makes, for a {@link Directory}. */
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
  private final ParticipantCounts waiting;
  private final boolean waitsForPeers;

  private Channel(Heap heap, long offset, ChannelSpec spec) {
    this.heap = heap;
    this.offset = offset;
    this.spec = spec;
    RingGeometry geometry = RingGeometry.of(spec, heap.participantSlots());
    long counts = offset + RingLayout.COUNTS;
    this.senders = new Peers(heap, counts, offset + RingLayout.SENDER_ARRIVALS);
    this.receivers =
        new Peers(heap, counts + geometry.counts(), offset + RingLayout.RECEIVER_ARRIVALS);
    this.ring = new Ring(heap, offset, geometry);
    this.waiting = ParticipantCounts.at(heap, counts + 2 * geometry.counts());
    this.waitsForPeers = false;
    this.sender = new Sender(ring, offset, spec, receivers, waiting);
    this.receiver = new Receiver(ring, offset, spec, senders, waiting);
  }

  /** A handle that waits for peers. */
  private Channel(Channel channel) {
    this.heap = channel.heap;
    this.offset = channel.offset;
    this.spec = channel.spec;
    this.ring = channel.ring;
    this.senders = channel.senders;
    this.receivers = channel.receivers;
    this.waiting = channel.waiting;
    this.waitsForPeers = true;
    this.sender = new Sender(ring, offset, spec, OtherEnd.NOT_WATCHED, waiting);
    this.receiver = new Receiver(ring, offset, spec, OtherEnd.NOT_WATCHED, waiting);
  }

  /**
   * Finds the channel at an offset, or makes it in bytes of zeros. Any number of processes may do
   * so at once; if one dies in it, the next one completes it.
   *
   * @param offset a multiple of 128; {@link ChannelSpec#length} says how many bytes it takes
   * @throws NotAChannelException if something else is there, or the heap is a plain file
   */
  public static Channel at(Heap heap, long offset, ChannelSpec spec) {
    Places.note(heap, Channel.class, offset, spec.length(heap));
    RingCreation.findOrMake(heap, offset, spec);
    return new Channel(heap, offset, spec);
  }

  /**
   * Finds the channel at an offset.
   *
   * @throws NotAChannelException if there is none
   */
  public static Channel at(Heap heap, long offset) {
    return new Channel(heap, offset, RingCreation.find(heap, offset));
  }

  /**
   * Finds the channel of a name, or makes it; see {@link Directory}.
   *
   * @throws NotAChannelException if the name stands for one of another kind
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name stands for something else
   */
  public static Channel named(Directory directory, String name, ChannelSpec spec) {
    Heap heap = directory.heap();
    long place =
        directory.place(
            name, ROOT_TYPE, RingLayout.CURRENT_VERSION, spec.length(heap), RingLayout.ALIGNMENT);
    return at(heap, place, spec);
  }

  /**
   * Finds the channel of a name, and makes nothing; {@link #spec} says of what kind it is. Who has
   * attached the heap for reading only finds a {@link ChannelView#find view}.
   *
   * @return the channel; empty if nobody has made one of this name yet, or the name stands for
   *     something else
   * @throws NotAChannelException if it is damaged
   * @throws dev.rszshm.heap.errors.HeapException if the heap is attached for reading only
   */
  public static Optional<Channel> find(Allocator allocator, String name) {
    return NamedPlace.existing(allocator, name, ROOT_TYPE, RingLayout.ALIGNMENT)
        .map(place -> at(allocator.heap(), place));
  }

  /** Returns the kind of this channel. */
  public ChannelSpec spec() {
    return spec;
  }

  /** Returns the heap in which this channel is. */
  @Override
  public Heap heap() {
    return heap;
  }

  /** Returns the offset of this channel in the heap. */
  public long offset() {
    return offset;
  }

  /**
   * Returns a handle for the same channel whose calls wait for others to come when all at the other
   * end have died or detached, and do not throw {@link PeerDiedException}. For a pool of workers
   * that die and are replaced. It is a matter of the handle: each caller knows best whether it is
   * worth its while to wait.
   */
  public Channel waitingForPeers() {
    return waitsForPeers ? this : new Channel(this);
  }

  private MessageSource toSend(byte[] message, int index, int length) {
    MessageSource source = MessageSource.array(ring, message, index, length);
    enterToSend(length);
    return source;
  }

  private MessageSource toSend(long from, long length) {
    MessageSource source = MessageSource.heap(ring, from, length);
    enterToSend(length);
    return source;
  }

  private void enterToSend(long length) {
    ring.enterToSend();
    senders.arrive();
    sender.requireLength(length);
  }

  private boolean sent(Outcome outcome) {
    if (outcome == Outcome.SHUTDOWN) {
      throw new ChannelShutdownException(ring + " was shut down: nothing can be sent any more");
    }
    return outcome == Outcome.DONE;
  }

  private void sendUninterruptibly(MessageSource source) {
    sent(sender.send(source, WaitMode.UNINTERRUPTIBLE));
  }

  /**
   * Sends a message. Waits until there is room; in a channel without a buffer, until the message is
   * received.
   *
   * @throws MessageLengthException if no message of this channel has that length
   * @throws ChannelShutdownException if the channel was shut down
   * @throws PeerDiedException if the call waits and all receivers have died; the message is not
   *     sent
   * @throws InterruptedException if the current thread is interrupted before or while it waits; the
   *     message is not sent
   */
  public void send(byte[] message) throws InterruptedException {
    if (sender.sendAtOnce(message)) {
      return;
    }
    sent(sender.send(toSend(message, 0, message.length), WaitMode.INTERRUPTIBLE).orThrow(this));
  }

  /**
   * Sends a part of an array as a message; otherwise as {@link #send(byte[])}.
   *
   * @throws IndexOutOfBoundsException if the array has no such part
   */
  public void send(byte[] array, int index, int length) throws InterruptedException {
    sent(sender.send(toSend(array, index, length), WaitMode.INTERRUPTIBLE).orThrow(this));
  }

  /** Sends a message without content; otherwise as {@link #send(byte[])}. */
  public void send() throws InterruptedException {
    send(NOTHING);
  }

  /** As {@link #send(byte[])}, but an interrupt does not end the call and stays set. */
  public void sendUninterruptibly(byte[] message) {
    if (sender.sendAtOnce(message)) {
      return;
    }
    sendUninterruptibly(toSend(message, 0, message.length));
  }

  /**
   * Sends a message, waiting no longer than a time; otherwise as {@link #send(byte[])}.
   *
   * @return whether the message was sent
   */
  public boolean send(byte[] message, Duration timeout) throws InterruptedException {
    if (sender.sendAtOnce(message)) {
      return true;
    }
    return sent(
        sender
            .send(toSend(message, 0, message.length), WaitMode.within(heap, timeout))
            .orThrow(this));
  }

  /** Sends bytes of the heap as a message; otherwise as {@link #send(byte[])}. */
  public void sendFrom(long from, long length) throws InterruptedException {
    sent(sender.send(toSend(from, length), WaitMode.INTERRUPTIBLE).orThrow(this));
  }

  /** As {@link #sendFrom(long, long)}, but an interrupt does not end the call and stays set. */
  public void sendFromUninterruptibly(long from, long length) {
    sendUninterruptibly(toSend(from, length));
  }

  /**
   * Sends bytes of an input as a message, without holding all of them in memory; otherwise as
   * {@link #send(byte[])}.
   *
   * @param length of the message
   * @throws IOException if the input cannot be read or is shorter; nobody receives any of it
   */
  public void sendFrom(InputStream input, long length) throws IOException, InterruptedException {
    enterToSend(length);
    sent(
        sender
            .sendFrom(MessageSource.stream(ring, input, length), WaitMode.INTERRUPTIBLE)
            .orThrow(this));
  }

  /**
   * Sends a message if that can be done without waiting for room; in a channel without a buffer, if
   * a receiver waits.
   *
   * @return whether it was sent
   * @throws MessageLengthException if no message of this channel has that length, or it must go in
   *     parts and takes more than half of the room
   * @throws ChannelShutdownException if the channel was shut down
   */
  public boolean trySend(byte[] message) {
    return sender.sendAtOnce(message) || sent(sender.trySend(toSend(message, 0, message.length)));
  }

  /** Sends bytes of the heap as a message; otherwise as {@link #trySend(byte[])}. */
  public boolean trySendFrom(long from, long length) {
    return sent(sender.trySend(toSend(from, length)));
  }

  /**
   * Sends messages in order, and wakes receivers as seldom as possible. Messages of others may come
   * between them. Otherwise as {@link #send(byte[])} for each; if one cannot be sent, those before
   * it are.
   */
  public void sendAll(List<byte[]> messages) throws InterruptedException {
    for (byte[] message : messages) {
      enterToSend(message.length);
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
   * Claims room for a message that the caller writes into the heap itself. Waits until there is
   * some. Senders that come later are not held up; receivers wait for the message.
   *
   * @throws MessageLengthException if no message of this channel has that length, or it does not go
   *     in one piece
   * @throws UnsupportedOperationException in a channel without a buffer
   * @throws ChannelShutdownException if the channel was shut down
   * @throws PeerDiedException if the call waits and all receivers have died
   */
  public Claim claim(int length) throws InterruptedException {
    Claim claim = toClaim(length);
    Outcome outcome = await(claim, WaitMode.INTERRUPTIBLE);
    if (outcome != Outcome.DONE) {
      sent(outcome.orThrow(this));
    }
    return claim;
  }

  /** As {@link #claim(int)}, but an interrupt does not end the call and stays set. */
  public Claim claimUninterruptibly(int length) {
    Claim claim = toClaim(length);
    Outcome outcome = await(claim, WaitMode.UNINTERRUPTIBLE);
    if (outcome != Outcome.DONE) {
      sent(outcome);
    }
    return claim;
  }

  /**
   * Claims room, waiting no longer than a time; otherwise as {@link #claim(int)}.
   *
   * @return empty if the time is over
   */
  public Optional<Claim> claim(int length, Duration timeout) throws InterruptedException {
    Claim claim = toClaim(length);
    Optional<Claim> claimed = Optional.of(claim);
    Outcome outcome = await(claim, WaitMode.within(heap, timeout));
    if (outcome != Outcome.DONE) {
      sent(outcome.orThrow(this));
      return Optional.empty();
    }
    return claimed;
  }

  /** Makes all that a caller gets before anything is claimed: behind that nothing may fail. */
  private Claim toClaim(int length) {
    enterToSend(length);
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
    return new Claim(ring, length);
  }

  private Outcome await(Claim claim, WaitMode mode) {
    try {
      return sender.claim(claim, mode);
    } catch (Throwable thrown) {
      long position = claim.position;
      if (position > 0) {
        ring.claims.abandoned.positions[(int) position & RingClaims.Abandoned.MASK] =
            position; // no call
        ring.claims.abandoned.any = true;
        ring.claims.settleAbandoned();
      }
      throw thrown;
    }
  }

  private boolean received(Outcome outcome) {
    if (outcome == Outcome.SHUTDOWN) {
      throw new ChannelShutdownException(
          ring + " was shut down, and all that was sent has been received");
    }
    return outcome == Outcome.DONE;
  }

  private Outcome await(MessageDestination to, WaitMode mode) {
    return receiver.receive(to, mode);
  }

  private MessageDestination toNewArray() {
    enterToReceive();
    return MessageDestination.newArray(ring);
  }

  private MessageDestination toArray(byte[] into, int index, int room) {
    enterToReceive();
    return MessageDestination.array(ring, into, index, room);
  }

  private int receiveAtOnce(byte[] into) {
    return receivers.hasArrived() ? receiver.receiveAtOnce(into) : -1;
  }

  private void enterToReceive() {
    ring.enterToReceive();
    receivers.arrive();
  }

  /**
   * Receives the next message. Waits until there is one.
   *
   * @throws ChannelShutdownException if the channel was shut down and is empty
   * @throws PeerDiedException if the call waits and all senders have died
   * @throws dev.rszshm.structures.channel.errors.DamagedChannelException if a message that came in
   *     parts is not whole; it is dropped
   * @throws InterruptedException if the current thread is interrupted before or while it waits
   */
  public byte[] receive() throws InterruptedException {
    MessageDestination to = toNewArray();
    received(await(to, WaitMode.INTERRUPTIBLE).orThrow(this));
    return to.bytes();
  }

  /** As {@link #receive()}, but an interrupt does not end the call and stays set. */
  public byte[] receiveUninterruptibly() {
    MessageDestination to = toNewArray();
    received(await(to, WaitMode.UNINTERRUPTIBLE));
    return to.bytes();
  }

  /**
   * Receives the next message, waiting no longer than a time; otherwise as {@link #receive()}.
   *
   * @return empty if the time is over
   */
  public Optional<byte[]> receive(Duration timeout) throws InterruptedException {
    MessageDestination to = toNewArray();
    return received(await(to, WaitMode.within(heap, timeout)).orThrow(this))
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
    int length = receiveAtOnce(into);
    return length >= 0 ? length : receive(into, 0, into.length);
  }

  /** Receives the next message into a part of an array; otherwise as {@link #receive(byte[])}. */
  public int receive(byte[] into, int index, int room) throws InterruptedException {
    MessageDestination to = toArray(into, index, room);
    received(await(to, WaitMode.INTERRUPTIBLE).orThrow(this));
    return (int) to.length();
  }

  /** As {@link #receive(byte[])}, but an interrupt does not end the call and stays set. */
  public int receiveUninterruptibly(byte[] into) {
    int length = receiveAtOnce(into);
    if (length >= 0) {
      return length;
    }
    MessageDestination to = toArray(into, 0, into.length);
    received(await(to, WaitMode.UNINTERRUPTIBLE));
    return (int) to.length();
  }

  /**
   * Receives the next message into the heap; otherwise as {@link #receive(byte[])}.
   *
   * @param room bytes that the message may have
   */
  public long receiveInto(long to, long room) throws InterruptedException {
    enterToReceive();
    MessageDestination into = MessageDestination.heap(ring, to, room);
    received(await(into, WaitMode.INTERRUPTIBLE).orThrow(this));
    return into.length();
  }

  /** As {@link #receiveInto}, but an interrupt does not end the call and stays set. */
  public long receiveIntoUninterruptibly(long to, long room) {
    enterToReceive();
    MessageDestination into = MessageDestination.heap(ring, to, room);
    received(await(into, WaitMode.UNINTERRUPTIBLE));
    return into.length();
  }

  /**
   * Receives the next message if there is one.
   *
   * @return empty if there is none
   * @throws ChannelShutdownException if the channel was shut down and is empty
   */
  public Optional<byte[]> tryReceive() {
    MessageDestination to = toNewArray();
    return received(receiver.tryReceive(to)) ? Optional.of(to.bytes()) : Optional.empty();
  }

  /**
   * Receives the next message into an array if there is one; otherwise as {@link #tryReceive()}.
   *
   * @return its length; empty if there is none
   * @throws MessageLengthException if the array is too short; the message is still there
   */
  public OptionalInt tryReceive(byte[] into) {
    int length = receiveAtOnce(into);
    if (length >= 0) {
      return OptionalInt.of(length);
    }
    MessageDestination to = toArray(into, 0, into.length);
    return received(receiver.tryReceive(to))
        ? OptionalInt.of((int) to.length())
        : OptionalInt.empty();
  }

  /**
   * Receives up to a number of messages in one step. Waits for the first; otherwise as {@link
   * #receive()}.
   */
  public List<byte[]> receiveAll(int most) throws InterruptedException {
    List<byte[]> messages = toList(most);
    received(receiver.await(() -> receiver.receiveAll(messages, most), WaitMode.INTERRUPTIBLE));
    return messages;
  }

  /**
   * Receives up to a number of messages that are there, in one step; otherwise as {@link
   * #tryReceive()}.
   */
  public List<byte[]> tryReceiveAll(int most) {
    List<byte[]> messages = toList(most);
    received(receiver.receiveAll(messages, most));
    return messages;
  }

  private List<byte[]> toList(int most) {
    enterToReceive(most);
    return new ArrayList<>();
  }

  private void enterToReceive(int most) {
    if (most < 1) {
      throw new IllegalArgumentException(
          "found " + most + " messages to receive, expected 1 or more");
    }
    enterToReceive();
  }

  /**
   * Receives up to a number of messages that are there, in one step, and passes each to a handler
   * where it is, without a copy. Waits for the first.
   *
   * <pre>{@code
   * long[] sum = new long[1];
   * while (!done) {
   *   channel.receiveEach(256, (offset, length) -> sum[0] += heap.getLong(offset));
   * }
   * }</pre>
   *
   * <p>The handler is called in the order of the messages, by the current thread, which may use the
   * channel meanwhile. The room of all is used again when it has returned for the last one. If it
   * throws, it is still called for the others, which nobody else would get, and then this method
   * throws what was thrown first. If the process dies, or this method itself runs out of stack or
   * memory, those are lost for which the handler had not been called. If the handler closes the
   * heap, the others are lost, and this method throws.
   *
   * <p>In a channel that is {@link ChannelSpec#acknowledged} each message is received and
   * acknowledged in a step of its own. If the handler throws or the process dies, the message is
   * given again, and those behind it are still there.
   *
   * @param most how many messages are received at most, 1 or more
   * @return how many were received
   * @throws IllegalStateException if 64 messages or steps of messages are open, or the heap is
   *     closed, also by the handler
   * @throws MessageLengthException as {@link #take()} does
   * @throws ChannelShutdownException as {@link #take()} does
   * @throws PeerDiedException if the call waits and all senders have died
   * @throws InterruptedException if the current thread is interrupted before or while it waits
   */
  public int receiveEach(int most, MessageHandler handler) throws InterruptedException {
    Receiver.EachAttempt attempt = toEach(most, handler);
    int count = attempt.receive(WaitMode.INTERRUPTIBLE);
    if (count == 0) {
      received(attempt.outcome.orThrow(this));
    }
    return count;
  }

  /** As {@link #receiveEach}, but an interrupt does not end the call and stays set. */
  public int receiveEachUninterruptibly(int most, MessageHandler handler) {
    Receiver.EachAttempt attempt = toEach(most, handler);
    int count = attempt.receive(WaitMode.UNINTERRUPTIBLE);
    received(attempt.outcome);
    return count;
  }

  /**
   * Receives up to a number of messages that are there, and passes each to a handler where it is;
   * otherwise as {@link #receiveEach}.
   *
   * @return how many were received; 0 if there is none
   */
  public int tryReceiveEach(int most, MessageHandler handler) {
    Receiver.EachAttempt attempt = toEach(most, handler);
    int count = attempt.receive(null);
    received(attempt.outcome);
    return count;
  }

  private Receiver.EachAttempt toEach(int most, MessageHandler handler) {
    Objects.requireNonNull(handler, "handler");
    enterToReceive(most);
    return receiver.eachAttempt(most, handler);
  }

  /**
   * Receives the next message where it is, without a copy. Waits until there is one. Close it soon:
   * its room, and all behind it, is not used again before. 64 can be open at a time.
   *
   * @throws MessageLengthException if the next message came in parts; it is still there
   * @throws IllegalStateException if 64 messages are open
   * @throws ChannelShutdownException if the channel was shut down and is empty. With acknowledged
   *     receipts this waits, or finds nothing, as long as another process, or another thread of
   *     this one, has a message that it may give back
   * @throws PeerDiedException if the call waits and all senders have died
   * @throws InterruptedException if the current thread is interrupted before or while it waits
   */
  public Message take() throws InterruptedException {
    Receiver.TakeAttempt attempt = toTake();
    received(receiver.await(attempt, WaitMode.INTERRUPTIBLE).orThrow(this));
    return attempt.message().orElseThrow();
  }

  /** As {@link #take()}, but an interrupt does not end the call and stays set. */
  public Message takeUninterruptibly() {
    Receiver.TakeAttempt attempt = toTake();
    received(receiver.await(attempt, WaitMode.UNINTERRUPTIBLE));
    return attempt.message().orElseThrow();
  }

  /**
   * Receives the next message where it is, waiting no longer than a time; otherwise as {@link
   * #take()}.
   *
   * @return empty if the time is over
   */
  public Optional<Message> take(Duration timeout) throws InterruptedException {
    Receiver.TakeAttempt attempt = toTake();
    received(receiver.await(attempt, WaitMode.within(heap, timeout)).orThrow(this));
    return attempt.message();
  }

  private Receiver.TakeAttempt toTake() {
    enterToReceive();
    return receiver.takeAttempt();
  }

  /**
   * Receives the next message where it is if there is one; otherwise as {@link #take()}.
   *
   * @return empty if there is none
   */
  public Optional<Message> tryTake() {
    Receiver.TakeAttempt attempt = toTake();
    received(attempt.make());
    return attempt.message();
  }

  private Readiness readiness() {
    return new Readiness() {
      @Override
      public EventCount event() {
        return ring.notEmpty;
      }

      @Override
      public Outcome look() {
        enterToReceive();
        return receiver.look();
      }

      @Override
      public long departed() {
        return waitsForPeers ? 0 : senders.departed();
      }

      @Override
      public void waiting(boolean begins) {
        receiver.waits(begins);
      }
    };
  }

  /**
   * Gives up the ends that the current thread has of a channel with a {@link
   * ChannelSpec#singleSender single sender} or {@link ChannelSpec#singleReceiver receiver}: another
   * thread, of this or another process, can take them. It also gives up those of a thread of this
   * process that has ended. Does nothing if there are none. If the process dies in it, its ends can
   * be taken as well.
   *
   * <p>A message in parts of which this process has received some is dropped, as if it had died.
   */
  public void leave() {
    ring.leave(receiver::leave);
  }

  /**
   * Ends the channel for all processes: nobody can send any more, and receivers get what was sent
   * before. A second call does nothing.
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

  /**
   * Returns the number of messages that were received and neither acknowledged nor received again:
   * those that somebody has at work, those that were given back, and those of the dead. It is 0 in
   * a channel without acknowledged receipts. When nobody sends any more, all is done if {@link
   * #size} is 0 and this is 0 then.
   */
  public int unacknowledged() {
    ring.enter();
    return spec.isAcknowledged() ? ring.taken() : 0;
  }

  /**
   * Returns the number of messages that were sent and not received, those included that are being
   * sent, and each part as one. It looks at each of them. Messages that were received and not
   * acknowledged do not count, also if they will be given again: see {@link #unacknowledged}.
   */
  public long size() {
    ring.enter();
    return ring.size();
  }

  /**
   * Returns the number of messages that can be sent without waiting; of a stream, an upper limit of
   * the bytes; 0 without a buffer.
   */
  public long remainingCapacity() {
    ring.enter();
    if (spec.isUnbuffered()) {
      return 0;
    }
    return ring.claims.room() * (spec.isStream() ? RingLayout.STREAM_GRANULE : 1);
  }

  /**
   * Returns a view of this channel as a queue. After a shut-down its methods throw {@link
   * ChannelShutdownException}; without a buffer, {@code offer} needs a receiver that waits. What
   * can only be done by looking at messages that stay ({@code peek}, {@code iterator}, {@code
   * contains}, {@code remove(Object)}) throws {@link UnsupportedOperationException}. A channel
   * carries bytes and keeps no codec: all who use it as a queue must name the same. A message that
   * the codec cannot decode is received all the same: its bytes are in the {@link
   * dev.rszshm.structures.codec.CodecException#takenBytes CodecException}.
   */
  public <T> BlockingQueue<T> asBlockingQueue(Codec<T> codec) {
    return new ChannelQueue<>(this, Objects.requireNonNull(codec));
  }

  @Override
  public String toString() {
    return ring + " (" + spec + ")";
  }
}
