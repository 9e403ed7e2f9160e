package dev.rszshm.structures.request;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.errors.ChannelClosedException;
import dev.rszshm.structures.channel.errors.DamagedChannelException;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.channel.errors.NotAChannelException;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.structures.channel.errors.RequestFailedException;
import dev.rszshm.structures.internal.ring.Enclosure;
import dev.rszshm.structures.internal.ring.Geometry;
import dev.rszshm.structures.internal.ring.Header;
import dev.rszshm.structures.internal.ring.Patience;
import dev.rszshm.structures.internal.ring.Patience.Outcome;
import dev.rszshm.structures.internal.ring.Peers;
import dev.rszshm.structures.internal.ring.Ring;
import dev.rszshm.structures.internal.ring.RingLayout;
import dev.rszshm.structures.request.ReplySlots.Call;
import dev.rszshm.sync.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Sends requests from any number of clients to any number of servers, in any processes, and brings
 * each reply to the one who asked.
 *
 * <pre>{@code
 * RequestChannel sums = RequestChannel.named(allocator, "sums", new RequestSpec(100, 64, 8, 16));
 * byte[] reply = sums.call(request, Duration.ofSeconds(1));
 * // in any other process
 * while (true) {
 *   try (Request request = sums.receive()) {
 *     request.reply(sum(request.bytes()));
 *   }
 * }
 * }</pre>
 *
 * <p>Each request goes to one server, and requests are taken in the order in which they were sent.
 * A reply that comes after its client has given up is dropped.
 *
 * <p><b>If a process dies</b>: a client whose server is killed with its request, or who waits for a
 * server when the last one has gone, gets a {@link PeerDiedException} within 100 ms; the request
 * may have had its effect or not. What a killed client has asked is received by a server or not,
 * and its place for a reply is used by others.
 *
 * <p><b>Closing</b> lets nobody send requests any more, for good. Servers get those that were sent
 * before, and their clients the replies; then servers get {@link ChannelClosedException}.
 *
 * <p>All methods may be called by any thread at any time. They throw {@link IllegalStateException}
 * if the heap is closed. The object is a handle, of which a process can have any number.
 */
public final class RequestChannel {
  /** The type of the root that {@link #named} makes. */
  public static final long ROOT_TYPE = RequestLayout.MAGIC_VALUE;

  private static final Enclosure REQUESTS =
      new Enclosure(
          "request channel",
          "RequestChannel",
          RequestLayout.MAGIC_VALUE,
          RequestLayout.CURRENT_VERSION);

  private final Heap heap;
  private final Memory memory;
  private final long offset;
  private final RequestSpec spec;
  private final Ring ring;
  private final ReplySlots slots;
  private final Patience patience;
  private final Peers clients;
  private final Peers servers;

  private RequestChannel(Heap heap, long offset, RequestSpec spec) {
    this.heap = heap;
    this.memory = RawAccess.of(heap, RequestChannel.class);
    this.offset = offset;
    this.spec = spec;
    long inner = offset + RequestLayout.ring(spec.calls(), spec.longestReply());
    Geometry geometry = Geometry.of(spec.requests(), heap.participantSlots());
    long counts = inner + RingLayout.COUNTS;
    this.ring = new Ring(heap, inner, geometry);
    this.slots = new ReplySlots(heap, offset, spec);
    this.patience = new Patience(heap);
    this.clients = new Peers(heap, counts, inner + RingLayout.SENDER_ARRIVALS);
    this.servers =
        new Peers(heap, counts + geometry.counts(), inner + RingLayout.RECEIVER_ARRIVALS);
  }

  /**
   * Finds the request channel at an offset, or makes it where there are zeros. Any number of
   * processes may do that at once.
   *
   * @param offset a multiple of 128; {@link RequestSpec#bytes} says how long it is
   * @throws NotAChannelException if there is another one, or the heap is a plain file
   */
  public static RequestChannel create(Heap heap, long offset, RequestSpec spec) {
    long options = RequestLayout.options(spec.longestReply(), spec.calls());
    long ring = RequestLayout.ring(spec.calls(), spec.longestReply());
    REQUESTS.makeIfNew(heap, offset, options, ring, spec.requests());
    RequestChannel found = at(heap, offset);
    if (!found.spec.equals(spec)) {
      throw REQUESTS.mismatch(heap, offset, found.spec, spec);
    }
    return found;
  }

  /**
   * Finds the request channel at an offset.
   *
   * @throws NotAChannelException if there is none
   */
  public static RequestChannel at(Heap heap, long offset) {
    long options = REQUESTS.options(heap, offset);
    int calls = RequestLayout.slots(options);
    int longestReply = RequestLayout.longestReply(options);
    ChannelSpec requests = REQUESTS.channel(heap, offset, RequestLayout.ring(calls, longestReply));
    int longest = requests.width().bytes() - RequestLayout.MESSAGE_REQUEST;
    return new RequestChannel(
        heap, offset, new RequestSpec(requests.depth(), longest, longestReply, calls));
  }

  /**
   * Finds the request channel of a name, or makes it; see {@link Directory}.
   *
   * @throws NotAChannelException if there is one of another kind
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name stands for something else
   */
  public static RequestChannel named(Directory directory, String name, RequestSpec spec) {
    Heap heap = directory.heap();
    long place =
        directory.place(
            name, ROOT_TYPE, RequestLayout.CURRENT_VERSION, spec.bytes(heap), RingLayout.ALIGNMENT);
    return create(heap, place, spec);
  }

  /** Of which kind it is. */
  public RequestSpec spec() {
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

  /**
   * Sends a request and waits for the reply. An interrupt before or while it waits ends it, within
   * 50 ms. When it ends without a reply, the request was carried out or not.
   *
   * @throws TimeoutException if the time is over
   * @throws RequestFailedException if the server says that there is no reply
   * @throws PeerDiedException if the server has died, or none is left of those there were
   * @throws MessageLengthException if the request is longer than {@link RequestSpec#longestRequest}
   * @throws ChannelClosedException if the channel is closed
   */
  public byte[] call(byte[] request, Duration timeout)
      throws InterruptedException, TimeoutException {
    return call(request, Deadline.after(heap, timeout));
  }

  /** As {@link #call(byte[], Duration)}, for as long as it takes. */
  public byte[] call(byte[] request) throws InterruptedException {
    try {
      return call(request, Deadline.never());
    } catch (TimeoutException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private byte[] call(byte[] request, Deadline deadline)
      throws InterruptedException, TimeoutException {
    ring.enter();
    if (request.length > spec.longestRequest()) {
      throw new MessageLengthException(
          "found a request of "
              + request.length
              + " bytes, expected at most "
              + spec.longestRequest()
              + ", in "
              + this);
    }
    clients.arrive();
    Call[] taken = new Call[1];
    Outcome outcome = patience.await(slots.slotFree(), () -> take(taken), deadline, true, null);
    if (outcome != Outcome.DONE) {
      throw new TimeoutException(
          "the time is over: all " + spec.calls() + " calls of " + this + " are under way");
    }
    Call call = taken[0];
    try {
      send(call, request, deadline);
      return awaitReply(call, deadline);
    } catch (PeerDiedException e) {
      throw new PeerDiedException(
          slots.isServerDead(call)
              ? "the server that had the request has died or detached: it was carried out or not"
              : "all servers of " + this + " have died or detached: call again for others");
    } finally {
      if (heap.isOpen()) {
        slots.end(call);
      }
    }
  }

  private Outcome take(Call[] taken) {
    ring.enter();
    taken[0] = slots.take();
    return taken[0] == null ? Outcome.NOT_YET : Outcome.DONE;
  }

  private void send(Call call, byte[] request, Deadline deadline)
      throws InterruptedException, TimeoutException {
    Outcome outcome =
        patience.await(
            ring.notFull, () -> push(call, request), deadline, true, known -> servers.departed());
    if (outcome == Outcome.CLOSED) {
      throw new ChannelClosedException(this + " is closed: nothing can be asked any more");
    }
    if (outcome != Outcome.DONE) {
      throw new TimeoutException(
          "the time is over: "
              + spec.depth()
              + " requests wait for a server in "
              + this
              + ", and there is room for no more");
    }
  }

  private Outcome push(Call call, byte[] request) {
    ring.enter();
    int length = RequestLayout.MESSAGE_REQUEST + request.length;
    long position = ring.claim(length);
    if (position <= 0) {
      return position == Ring.CLOSED ? Outcome.CLOSED : Outcome.NOT_YET;
    }
    boolean awaited;
    try {
      awaited = ring.isAwaited();
      long payload = ring.payload(position);
      memory.putInt(payload + RequestLayout.MESSAGE_SLOT, call.slot());
      memory.putInt(payload + RequestLayout.MESSAGE_NUMBER, call.number());
      memory.copyIn(request, 0, payload + RequestLayout.MESSAGE_REQUEST, request.length);
      ring.commit(position, Header.MESSAGE, length);
    } catch (Throwable thrown) {
      ring.abandoned = position; // no call: there may be no stack for one
      ring.settleAbandoned();
      throw thrown;
    }
    if (awaited) {
      ring.notEmpty.signalOne();
    }
    return Outcome.DONE;
  }

  /** Not 0 if nobody is left who could answer a call. */
  private long lost(Call call) {
    if (slots.isWaiting(call)) {
      return servers.departed();
    }
    return slots.isServerDead(call) ? 1 : 0;
  }

  private Outcome answered(Call call) {
    ring.enter();
    return slots.isAnswered(call) ? Outcome.DONE : Outcome.NOT_YET;
  }

  private byte[] awaitReply(Call call, Deadline deadline)
      throws InterruptedException, TimeoutException {
    Outcome outcome =
        patience.await(
            slots.events(call), () -> answered(call), deadline, true, known -> lost(call));
    if (outcome != Outcome.DONE) {
      throw new TimeoutException(
          "the time is over: "
              + (slots.isWaiting(call) ? "no server has taken the request" : "a server is at it"));
    }
    byte[] answer = slots.answer(call);
    if (answer == null) {
      heap.requireWritable(); // or what was read is nothing
      throw new DamagedChannelException("found a reply of a wrong length in " + this);
    }
    if (slots.hasFailed(call)) {
      throw new RequestFailedException(new String(answer, StandardCharsets.UTF_8));
    }
    return answer;
  }

  /**
   * Receives the next request, when there is one. An interrupt is kept for later. That all clients
   * have gone does not end the wait: others may come.
   *
   * @throws ChannelClosedException if the channel is closed, and all requests have been received
   * @throws DamagedChannelException if a request is none; it is dropped
   */
  public Request receive() {
    try {
      return receive(Deadline.never(), false);
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** As {@link #receive()}, but an interrupt before or while it waits ends it, within 50 ms. */
  public Request receiveInterruptibly() throws InterruptedException {
    return receive(Deadline.never(), true);
  }

  /**
   * As {@link #receiveInterruptibly}, but waits no longer than a time.
   *
   * @return null if the time was over
   */
  public Request receive(Duration timeout) throws InterruptedException {
    return receive(Deadline.after(heap, timeout), true);
  }

  /**
   * Receives the next request if there is one; otherwise as {@link #receive()}.
   *
   * @return null if there is none
   */
  public Request tryReceive() {
    ring.enter();
    servers.arrive();
    Request[] received = new Request[1];
    return received(receive(received)) ? received[0] : null;
  }

  private Request receive(Deadline deadline, boolean interruptible) throws InterruptedException {
    ring.enter();
    servers.arrive();
    Request[] received = new Request[1];
    Outcome outcome =
        patience.await(ring.notEmpty, () -> receive(received), deadline, interruptible, null);
    return received(outcome) ? received[0] : null;
  }

  private boolean received(Outcome outcome) {
    if (outcome == Outcome.CLOSED) {
      throw new ChannelClosedException(
          this + " is closed, and all that was asked has been received");
    }
    return outcome == Outcome.DONE;
  }

  private Outcome receive(Request[] received) {
    ring.enter();
    long position = ring.head();
    while (position > 0) {
      long header = ring.header(position);
      if (!ring.isMessage(position, header)) {
        position = ring.pass(position, header);
        continue;
      }
      received[0] = accept(position, header);
      ring.consume(position, header);
      if (received[0] != null) {
        return Outcome.DONE;
      }
      position = ring.head();
    }
    return position == Ring.CLOSED
        ? Outcome.CLOSED
        : position == Ring.BUSY ? Outcome.BUSY : Outcome.NOT_YET;
  }

  /** The request at the head, if this process gets it; otherwise null. */
  private Request accept(long position, long header) {
    long payload = ring.payload(position);
    int length = ring.length(position, header) - RequestLayout.MESSAGE_REQUEST;
    Call call =
        new Call(
            memory.getInt(payload + RequestLayout.MESSAGE_SLOT),
            memory.getInt(payload + RequestLayout.MESSAGE_NUMBER));
    byte[] bytes = new byte[Math.max(0, length)];
    memory.copyOut(payload + RequestLayout.MESSAGE_REQUEST, bytes, 0, bytes.length);
    memory.acquireFence();
    if (ring.head() != position) {
      return null;
    }
    if (length < 0 || call.slot() < 0 || call.slot() >= slots.size()) {
      ring.consume(position, header);
      heap.requireWritable(); // or what was read is nothing
      throw new DamagedChannelException(
          "found a request of "
              + length
              + " bytes for reply slot "
              + call.slot()
              + " in "
              + this
              + ", expected a slot below "
              + slots.size()
              + ". It is dropped");
    }
    return slots.accept(call) ? new Request(this, ring, slots, call, bytes) : null;
  }

  /** Lets nobody send requests any more; servers get those that were sent before. */
  public void close() {
    ring.enter();
    ring.close();
  }

  /** Whether it was closed. There may be requests to receive. */
  public boolean isClosed() {
    ring.enter();
    return ring.isClosed();
  }

  @Override
  public String toString() {
    return "the request channel at offset " + offset + " of " + heap.path() + " (" + spec + ")";
  }
}
