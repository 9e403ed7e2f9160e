package dev.rszshm.structures.request;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.Selectable;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.DamagedChannelException;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.channel.errors.NotAChannelException;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.structures.channel.errors.RequestFailedException;
import dev.rszshm.structures.internal.process.NamedPlace;
import dev.rszshm.structures.internal.ring.CompositeHeader;
import dev.rszshm.structures.internal.ring.Header;
import dev.rszshm.structures.internal.ring.OtherEnd;
import dev.rszshm.structures.internal.ring.Outcome;
import dev.rszshm.structures.internal.ring.Peers;
import dev.rszshm.structures.internal.ring.Readiness;
import dev.rszshm.structures.internal.ring.Ring;
import dev.rszshm.structures.internal.ring.RingClaims;
import dev.rszshm.structures.internal.ring.RingGeometry;
import dev.rszshm.structures.internal.ring.RingLayout;
import dev.rszshm.structures.internal.ring.RingWaiting;
import dev.rszshm.structures.internal.ring.SelectableKinds;
import dev.rszshm.structures.request.ReplySlots.Call;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.internal.WaitMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests from any number of clients to any number of servers, in any processes, and brings
 * each reply to the one who asked.
 *
 * <pre>{@code
 * RequestChannel sums = RequestChannel.named(allocator, "sums", RequestSpec.of(64, 8));
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
 * <p><b>Shutting down</b> lets nobody send requests any more, for good. Servers get those that were
 * sent before, and their clients the replies; then servers get {@link ChannelShutdownException}.
 *
 * <p>All methods may be called by any thread at any time. They throw {@link IllegalStateException}
 * if the heap is closed. The object is a handle, of which a process can have any number.
 */
public final class RequestChannel implements Selectable {
  static {
    SelectableKinds.connect(RequestChannel.class, RequestChannel::readiness);
  }

  /** The type of what {@link #named} makes, for a {@link Directory}. */
  public static final long ROOT_TYPE = RequestLayout.MAGIC_VALUE;

  private static final CompositeHeader REQUESTS =
      new CompositeHeader(
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
  private final RequestReceiver requests;
  private final Peers clients;
  private final Peers servers;
  private final boolean waitsForPeers;

  private RequestChannel(Heap heap, long offset, RequestSpec spec, boolean waitsForPeers) {
    this.waitsForPeers = waitsForPeers;
    this.heap = heap;
    this.memory = RawAccess.of(heap, RequestChannel.class);
    this.offset = offset;
    this.spec = spec;
    long inner = offset + RequestLayout.ring(spec.calls(), spec.maxReplyLength());
    RingGeometry geometry = RingGeometry.of(spec.requests(), heap.participantSlots());
    long counts = inner + RingLayout.COUNTS;
    this.ring = new Ring(heap, inner, geometry);
    this.slots = new ReplySlots(heap, offset, spec);
    this.requests = new RequestReceiver(this, ring, slots);
    this.clients = new Peers(heap, counts, inner + RingLayout.SENDER_ARRIVALS);
    this.servers =
        new Peers(heap, counts + geometry.counts(), inner + RingLayout.RECEIVER_ARRIVALS);
  }

  /**
   * Finds the request channel at an offset, or makes it in bytes of zeros. Any number of processes
   * may do so at once; if one dies in it, the next one completes it.
   *
   * @param offset a multiple of 128; {@link RequestSpec#length} says how many bytes it takes
   * @throws NotAChannelException if something else is there, or the heap is a plain file
   */
  public static RequestChannel at(Heap heap, long offset, RequestSpec spec) {
    Places.note(heap, RequestChannel.class, offset, spec.length(heap));
    long options = RequestLayout.options(spec.maxReplyLength(), spec.calls());
    long ring = RequestLayout.ring(spec.calls(), spec.maxReplyLength());
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
        heap, offset, new RequestSpec(longest, longestReply, requests.depth(), calls), false);
  }

  /**
   * Finds the request channel of a name, or makes it; see {@link Directory}.
   *
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name stands for something
   *     else, or for one with another specification that has another length
   * @throws NotAChannelException if it stands for one with another specification
   */
  public static RequestChannel named(Directory directory, String name, RequestSpec spec) {
    Heap heap = directory.heap();
    long place =
        NamedPlace.find(
            directory,
            name,
            ROOT_TYPE,
            RingLayout.ALIGNMENT,
            () ->
                directory.place(
                    name,
                    ROOT_TYPE,
                    RequestLayout.CURRENT_VERSION,
                    spec.length(heap),
                    RingLayout.ALIGNMENT),
            found -> at(heap, found).spec,
            spec);
    return at(heap, place, spec);
  }

  /**
   * Finds the request channel of a name, and makes nothing.
   *
   * @return the request channel; empty if nobody has made one of this name yet, or the name stands
   *     for something else
   * @throws NotAChannelException if it is damaged
   * @throws dev.rszshm.heap.errors.HeapException if the heap is attached for reading only
   */
  public static Optional<RequestChannel> find(Allocator allocator, String name) {
    return NamedPlace.existing(allocator, name, ROOT_TYPE, RingLayout.ALIGNMENT)
        .map(place -> at(allocator.heap(), place));
  }

  /** Returns the kind of this request channel. */
  public RequestSpec spec() {
    return spec;
  }

  /** Returns the heap in which this request channel is. */
  @Override
  public Heap heap() {
    return heap;
  }

  /** Returns the offset of this request channel in the heap. */
  public long offset() {
    return offset;
  }

  /**
   * Returns a handle for the same channel whose calls wait for others to come when all servers have
   * died or detached before one of them has received the request. A call whose server dies with it
   * still throws {@link PeerDiedException}: it was carried out or not.
   */
  public RequestChannel waitingForPeers() {
    return new RequestChannel(heap, offset, spec, true);
  }

  /**
   * Sends a request and waits for the reply. An interrupt before or while it waits ends it, within
   * 50 ms. When it ends without a reply, the request was carried out or not.
   *
   * @throws TimeoutException if the time is over
   * @throws RequestFailedException if the server says that there is no reply
   * @throws PeerDiedException if the server has died, or none is left of those there were
   * @throws MessageLengthException if the request is longer than {@link
   *     RequestSpec#maxRequestLength}
   * @throws ChannelShutdownException if the channel is closed
   */
  public byte[] call(byte[] request, Duration timeout)
      throws InterruptedException, TimeoutException {
    return call(request, WaitMode.within(heap, timeout));
  }

  /** As {@link #call(byte[], Duration)}, for as long as it takes. */
  public byte[] call(byte[] request) throws InterruptedException {
    try {
      return call(request, WaitMode.INTERRUPTIBLE);
    } catch (TimeoutException e) {
      throw new AssertionError("a wait without an end has ended", e);
    }
  }

  private byte[] call(byte[] request, WaitMode mode) throws InterruptedException, TimeoutException {
    ring.enter();
    if (request.length > spec.maxRequestLength()) {
      throw new MessageLengthException(
          "found a request of "
              + request.length
              + " bytes, expected at most "
              + spec.maxRequestLength()
              + ", in "
              + this);
    }
    clients.arrive();
    @Nullable Call[] taken = new Call[1];
    try {
      return call(taken, request, mode);
    } catch (Throwable thrown) {
      Call call = taken[0];
      if (call != null && !call.ended) {
        slots.unended.slots[call.slot] = true; // no call: there may be no stack for one
        slots.unended.any = true;
        endNotedAfter(thrown);
      }
      throw thrown;
    }
  }

  private byte[] call(@Nullable Call[] taken, byte[] request, WaitMode mode)
      throws InterruptedException, TimeoutException {
    Outcome outcome =
        RingWaiting.await(heap, slots.slotFree(), () -> take(taken), mode, OtherEnd.NOT_WATCHED)
            .orThrow(this);
    if (outcome != Outcome.DONE) {
      throw new TimeoutException(
          "timed out: all " + spec.calls() + " calls of " + this + " are under way");
    }
    Call call = taken[0];
    byte[] reply;
    try {
      send(call, request, mode);
      reply = awaitReply(call, mode);
    } catch (PeerDiedException e) {
      throw serversDied(call, e);
    }
    slots.end(call);
    return reply;
  }

  private void endNotedAfter(Throwable thrown) {
    try {
      if (heap.isOpen()) {
        slots.endNoted();
      }
    } catch (RuntimeException also) {
      thrown.addSuppressed(also);
    }
  }

  private PeerDiedException serversDied(Call call, PeerDiedException cause) {
    PeerDiedException thrown =
        new PeerDiedException(
            slots.isServerDead(call)
                ? "the server that had the request has died or detached: it was carried out or not"
                : "all servers of " + this + " have died or detached: call again for others");
    thrown.initCause(cause);
    return thrown;
  }

  private Outcome take(@Nullable Call[] taken) {
    ring.enter();
    taken[0] = slots.take();
    return taken[0] == null ? Outcome.NOT_YET : Outcome.DONE;
  }

  private void send(Call call, byte[] request, WaitMode mode)
      throws InterruptedException, TimeoutException {
    Outcome outcome =
        RingWaiting.await(
                heap, ring.notFull, () -> push(call, request), mode, known -> serversDeparted())
            .orThrow(this);
    if (outcome == Outcome.SHUTDOWN) {
      throw new ChannelShutdownException(this + " was shut down: nothing can be asked any more");
    }
    if (outcome != Outcome.DONE) {
      throw new TimeoutException(
          "timed out: "
              + spec.depth()
              + " requests wait for a server in "
              + this
              + ", and there is room for no more");
    }
  }

  private Outcome push(Call call, byte[] request) {
    ring.enter();
    int length = RequestLayout.MESSAGE_REQUEST + request.length;
    long position =
        ring.claims.send(
            length,
            Header.MESSAGE,
            payload -> {
              memory.putInt(payload + RequestLayout.MESSAGE_SLOT, call.slot);
              memory.putInt(payload + RequestLayout.MESSAGE_NUMBER, call.number);
              memory.copyIn(request, 0, payload + RequestLayout.MESSAGE_REQUEST, request.length);
            },
            RingClaims.Wake.ONE);
    return Outcome.of(position);
  }

  private long serversDeparted() {
    return waitsForPeers ? 0 : servers.departed();
  }

  /** Not 0 if nobody is left who could answer a call. */
  private long lost(Call call) {
    if (slots.isWaiting(call)) {
      return serversDeparted();
    }
    return slots.isServerDead(call) ? 1 : 0;
  }

  private Outcome answered(Call call) {
    ring.enter();
    return slots.isAnswered(call) ? Outcome.DONE : Outcome.NOT_YET;
  }

  private byte[] awaitReply(Call call, WaitMode mode)
      throws InterruptedException, TimeoutException {
    Outcome outcome =
        RingWaiting.await(heap, slots.events(call), () -> answered(call), mode, known -> lost(call))
            .orThrow(this);
    if (outcome != Outcome.DONE) {
      throw new TimeoutException(
          "timed out: "
              + (slots.isWaiting(call)
                  ? "no server has received the request"
                  : "a server has received the request and has not replied yet"));
    }
    byte[] answer = slots.answer(call);
    if (answer == null) {
      heap.requireOpen(); // or what was read is nothing
      throw new DamagedChannelException("found a reply of a wrong length in " + this);
    }
    if (slots.hasFailed(call)) {
      throw new RequestFailedException(new String(answer, StandardCharsets.UTF_8));
    }
    return answer;
  }

  /**
   * Receives the next request. Waits until there is one. That all clients have died or detached
   * does not end the wait: others may come.
   *
   * @throws ChannelShutdownException if the channel was shut down, and all requests have been
   *     received
   * @throws DamagedChannelException if a request is not sound; it is dropped
   * @throws InterruptedException if the current thread is interrupted before or while it waits
   */
  public Request receive() throws InterruptedException {
    @Nullable Request[] received = new Request[1];
    return received(await(received, WaitMode.INTERRUPTIBLE).orThrow(this), received).orElseThrow();
  }

  /** As {@link #receive()}, but an interrupt does not end the call and stays set. */
  public Request receiveUninterruptibly() {
    @Nullable Request[] received = new Request[1];
    return received(await(received, WaitMode.UNINTERRUPTIBLE), received).orElseThrow();
  }

  /**
   * Receives the next request, waiting no longer than a time; otherwise as {@link #receive()}.
   *
   * @return empty if the time is over
   */
  public Optional<Request> receive(Duration timeout) throws InterruptedException {
    @Nullable Request[] received = new Request[1];
    return received(await(received, WaitMode.within(heap, timeout)).orThrow(this), received);
  }

  /**
   * Receives the next request if there is one; otherwise as {@link #receive()}.
   *
   * @return empty if there is none
   */
  public Optional<Request> tryReceive() {
    ring.enter();
    servers.arrive();
    @Nullable Request[] received = new Request[1];
    return received(requests.receive(received), received);
  }

  private Outcome await(@Nullable Request[] received, WaitMode mode) {
    ring.enter();
    servers.arrive();
    return RingWaiting.await(
        heap, ring.notEmpty, () -> requests.receive(received), mode, OtherEnd.NOT_WATCHED);
  }

  private Optional<Request> received(Outcome outcome, @Nullable Request[] received) {
    if (outcome == Outcome.SHUTDOWN) {
      throw new ChannelShutdownException(
          this + " was shut down, and all that was asked has been received");
    }
    return Optional.ofNullable(received[0]);
  }

  private Readiness readiness() {
    return new Readiness() {
      @Override
      public EventCount event() {
        return ring.notEmpty;
      }

      @Override
      public Outcome look() {
        ring.enter();
        servers.arrive();
        return requests.look();
      }
    };
  }

  /**
   * Ends the request channel for all processes: nobody can send requests any more, and servers get
   * those that were sent before. A second call does nothing.
   */
  public void shutdown() {
    ring.enter();
    ring.shutdown();
  }

  /** Returns whether this was shut down. There may still be requests to receive. */
  public boolean isShutdown() {
    ring.enter();
    return ring.isShutdown();
  }

  @Override
  public String toString() {
    return "the request channel at offset " + offset + " of " + heap.path() + " (" + spec + ")";
  }
}
