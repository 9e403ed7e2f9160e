package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.sync.EventCount;
import org.jspecify.annotations.Nullable;

/*
 * Messages in shared memory, from any number of senders to any number of receivers: in one order, each
 * received once.
 *
 * Layout
 * ------
 * RingLayout, Header. A granule is what is claimed and freed; each has a header. A message begins at one
 * granule, whose header tells its state, and takes as many in a row as it needs (in slots: one). Where
 * the next does not fit before the end of the lap, padding fills the rest. The head is the position of
 * the next message to receive. The end of what is claimed is written nowhere: it is where the chain of
 * messages meets a header of an earlier lap. The tail is a hint of where to look for it.
 *
 * Protocol
 * --------
 * claim:
 *  1 from the tail, or the head if that is further, follow the messages to a header of an earlier lap;
 *  2 is there room before the granule that the head, or the oldest pin, has not left? (The answer is
 *    kept: it only gets better.) None: full;
 *  3 header: from what was found to CLAIMED(participant, granules), by compare-and-set. This is the claim;
 *    if somebody else was faster, go on behind that;
 *  4 move the tail behind it.
 * commit: 5 write the payload; 6 header: MESSAGE(lap, length), with release order. Abort: PADDING.
 * receive:
 *  7 look at the header at the head: of an earlier lap: empty; CLAIMED: nothing yet; PADDING: move the
 *    head on; SHUTDOWN: nothing ever again;
 *  8 MESSAGE: copy the payload;
 *  9 head: behind the message, by compare-and-set. This is the receipt; if somebody else was faster,
 *    forget what was copied, and go on at 7.
 * close: SHUTDOWN into the header at the end, by compare-and-set: what comes before it will be received,
 * and nothing can come behind it. One granule more than may be claimed is there for it.
 *
 * That a message was received is not written into its header: it is before the head, and that is all. So
 * headers are written by senders only, and a line of them travels to the receiver and not back.
 * A header never leaves a lap that it has reached, but for a later one, so no compare-and-set at 3 or of
 * a close succeeds for somebody who comes late: he would have to stand still between two instructions for
 * exactly 2^33 laps. The head is a number that never comes again.
 *
 * With a single sender the claim is not written, and the commit is a store: SingleSender. With a single
 * receiver the receipt is a store. It wakes senders where another eighth of the ring begins, and where it finds
 * nothing more: with a full fence between the receipt and the look whether they sleep. Nobody else moves the
 * head then, so what a sender has given up keeps its room until the receiver comes by.
 *
 * Waiting: a sender looks between 3 and 5 whether a receiver may sleep, and wakes it after 6. Who began
 * to wait after that look sees the claim, and sleeps for a millisecond at most (RingWaiting).
 *
 * If a process dies here
 * ----------------------
 * before 3: nothing has happened. 3-5: the claim of a dead one; whoever meets it at the head makes it
 * padding, by compare-and-set. Before 4: others follow the chain. After 6, before anybody is woken:
 * sleepers look again within 50 ms. Before 9: the message is still there. After 9: it is received, and
 * senders who wait for room find it within 50 ms.
 */
public final class Ring extends RingView {
  /** A message takes less time to write than this many looks, unless its sender stands still. */
  private static final int CLAIM_LOOKS = 16;

  /**
   * Pauses before each look at a claim. A look takes the line away from the sender that writes in
   * it, which costs both sides more than the write: a receiver that comes too close to a sender
   * lets it get ahead. Too many would delay a single message.
   */
  private static final int PAUSES_FOR_A_CLAIM = 8;

  public final EventCount notEmpty;
  public final EventCount notFull;
  public final RingClaims claims;

  /** The memory of the heap by address, for straight-line code behind {@link #enter}. */
  public final Memory memory;

  private final Pins pins;
  private final @Nullable AcknowledgedReceipts receipts;
  private final @Nullable SingleSender single;
  private final @Nullable EndRole receiverRole;
  private final @Nullable SingleReceiver singleReceiver;
  private final boolean plainHead;

  /** The head when senders were woken the last time; only the single receiver uses it. */
  private long signalledHead;

  private final int tag;
  private final int claimLooks;
  private final long base;
  private final long payloads;
  private final long payloadStride;
  private final boolean oneForOne;
  private final long head;

  /**
   * A ring that is set up.
   *
   * @param offset of the channel in the heap
   */
  public Ring(Heap heap, long offset, RingGeometry geometry) {
    super(heap, offset, geometry);
    this.memory = RawAccess.of(heap, Ring.class);
    this.base = heap.base() + offset;
    this.payloads = base + geometry.payloads();
    this.payloadStride = geometry.payloadStride();
    this.oneForOne = geometry.isOneForOne();
    this.head = base + RingLayout.HEAD;
    this.notEmpty = EventCount.at(heap, offset + RingLayout.NOT_EMPTY);
    this.notFull = EventCount.at(heap, offset + RingLayout.NOT_FULL);
    this.tag = heap.self().orElseThrow().tag();
    this.claimLooks = heap.processors() > 1 ? CLAIM_LOOKS : 0;
    this.single = geometry.hasSingleSender() ? new SingleSender(this) : null;
    this.receiverRole =
        geometry.hasSingleReceiver()
            ? new EndRole(this, RingLayout.RECEIVER_ROLE, "receiver", () -> {})
            : null;
    this.plainHead = geometry.hasPlainHead();
    this.singleReceiver =
        plainHead && receiverRole != null ? new SingleReceiver(this, receiverRole) : null;
    this.claims = new RingClaims(this);
    this.pins = new Pins(this);
    this.receipts = geometry.isAcknowledged() ? new AcknowledgedReceipts(this) : null;
  }

  @Override
  long read(long field) {
    return memory.getLongVolatile(base + field);
  }

  private boolean changeHeader(long position, long found, long header) {
    return memory.compareAndSetLong(base + headerField(position), found, header);
  }

  public int tag() {
    return tag;
  }

  /** Throws unless the heap is open; every operation begins with it. */
  public void enter() {
    if (!heap.isOpen()) {
      heap.requireWritable();
    }
  }

  /** Throws unless the current thread may send. */
  public void enterToSend() {
    enter();
    if (single != null) {
      single.role().enter();
    }
  }

  /** Throws unless the current thread may receive. */
  public void enterToReceive() {
    enter();
    if (receiverRole != null) {
      receiverRole.enter();
    }
  }

  /**
   * Sends a message if the current thread is the single sender, and there is nothing to wait for,
   * to find or to refuse.
   *
   * @return whether it was sent
   */
  public boolean sendAtOnce(byte[] message) {
    return single != null && single.sendAtOnce(message);
  }

  /**
   * Receives a message if the current thread is the single receiver, and the next message is there
   * and fits.
   *
   * @return its length; -1 if none was received
   */
  public int receiveAtOnce(byte[] into) {
    return singleReceiver == null ? SingleReceiver.NONE : singleReceiver.receiveAtOnce(into);
  }

  /**
   * Gives up the ends that the current thread has, if it is the only one at them.
   *
   * @param receiving ends what is being received
   */
  public void leave(Runnable receiving) {
    enter();
    if (single != null) {
      single.leave();
    }
    if (receiverRole != null) {
      receiverRole.leave(receiving);
    }
  }

  /** The sending end, if there is one sender. */
  @Nullable SingleSender singleSender() {
    return single;
  }

  /** Whether the current thread may move the head. */
  boolean mayMoveHead() {
    return !plainHead || receiverRole == null || receiverRole.isMine();
  }

  /** The address of what a message contains. */
  public long payload(long position) {
    return payloads + index(position) * payloadStride;
  }

  /** The offset in the heap of what a message contains. */
  public long payloadOffset(long position) {
    return payload(position) - heap.base();
  }

  /**
   * Moves the head behind a message: receives it.
   *
   * @return whether nobody else was faster
   */
  public boolean consume(long position, long header) {
    long end = behind(position, header);
    if (plainHead || !oneForOne) {
      return consumeUntil(position, end);
    }
    if (!memory.compareAndSetLong(head, position, end)) {
      return false;
    }
    notFull.signalOne();
    return true;
  }

  /**
   * Receives a message that is to be acknowledged, through a pin that has its position.
   *
   * @return whether nobody else was faster
   */
  boolean take(long position, long header, int pin) {
    int granules = (int) geometry.distance(position, behind(position, header));
    long taken = Header.taken(geometry.lap(position), pin, granules);
    if (!changeHeader(position, header, taken)) {
      return false;
    }
    memory.compareAndSetLong(head, position, behind(position, taken)); // others may have done it
    return true;
  }

  /** Whether a message that was taken can have a length. */
  boolean isWhole(long position, int length) {
    int taken = Header.takenGranules(header(position));
    return length <= geometry.longest()
        && geometry.granulesFor(length) == taken
        && taken <= granules - index(position);
  }

  /**
   * Moves the head behind several messages.
   *
   * @throws IllegalStateException if the heap was closed meanwhile: what was read of the messages
   *     means nothing, and they stay
   */
  public boolean consumeUntil(long position, long end) {
    if (plainHead) {
      // A compare-and-set fails in a heap that is closed, and a store does not.
      memory.acquireFence();
      heap.requireOpen();
      memory.putLongRelease(head, end);
      if (geometry.isEighthBetween(position, end)) {
        signalRoom(end);
      }
      return true;
    }
    if (!memory.compareAndSetLong(head, position, end)) {
      return false;
    }
    notFull.signalAll();
    return true;
  }

  private void signalRoom(long position) {
    memory.fullFence();
    notFull.signalAll();
    signalledHead = position;
  }

  /**
   * Deals with a header at the head that is no message and no part.
   *
   * @return where to look now; or {@link #NONE}, {@link #BUSY}, {@link #SHUTDOWN}
   */
  public long pass(long position, long header) {
    long front = head();
    if (front != position) {
      return front;
    }
    long lap = geometry.lap(position);
    if (Header.isOfLap(header, lap)) {
      if (Header.state(header) == Header.SHUTDOWN) {
        return SHUTDOWN;
      }
      if (Header.state(header) != Header.PADDING && Header.state(header) != Header.TAKEN) {
        throw damaged(
            position,
            "found a header of state " + Header.state(header),
            "one of a state that this channel has");
      }
      consume(position, header);
      return head();
    }
    if (!Header.isClaimedIn(header, lap)) {
      if (plainHead && signalledHead != position) {
        signalRoom(position);
      }
      if (single == null || !single.isEnding()) {
        return NONE;
      }
      if (!single.settle()) {
        return BUSY;
      }
      if (header(position) == header && head() == position) {
        throw damaged(position, "found a claim of another lap", "a message, or the end");
      }
      return position;
    }
    return settleClaim(position, header);
  }

  /**
   * Waits a moment for a claim to be committed, or makes it padding if its sender is dead.
   *
   * @return the position, to look again; or {@link #BUSY}
   */
  public long settleClaim(long position, long header) {
    for (int i = 0; i < claimLooks; i++) {
      for (int pauses = 0; pauses < PAUSES_FOR_A_CLAIM; pauses++) {
        Thread.onSpinWait();
      }
      if (header(position) != header) {
        return position;
      }
    }
    int claimer = Header.tag(header);
    if (claimer == tag && claims.settleIfAbandoned(position)) {
      return position;
    }
    if (heap.isAlive(claimer)) {
      return BUSY;
    }
    heap.compareAndSetLong( // checked: to ask who lives takes a while
        offset + headerField(position),
        header,
        Header.of(Header.PADDING, geometry.lap(position), Header.claimedGranules(header)));
    return position;
  }

  /** Moves the head behind padding and claims of the dead; returns whether there were any. */
  boolean passFront() {
    if (!mayMoveHead()) {
      return false;
    }
    long before = head();
    long position = before;
    while (position > 0) {
      long found = header(position);
      if (isMessage(position, found) || isPart(position, found)) {
        break;
      }
      position = pass(position, found);
    }
    return head() != before;
  }

  /** Lets nothing more be claimed, and wakes all who wait. */
  public void shutdown() {
    if (single != null) {
      single.shutdown();
    } else {
      closeChain();
    }
    notEmpty.signalAll();
    notFull.signalAll();
  }

  private void closeChain() {
    long position = head();
    while (true) {
      long found = header(position);
      long further = follow(position, found);
      if (further == SHUTDOWN) {
        break;
      }
      if (further != position) {
        position = further;
        continue;
      }
      long closed = Header.of(Header.SHUTDOWN, geometry.lap(position), 0);
      if (changeHeader(position, found, closed)) {
        break;
      }
    }
  }

  /** The receipts of a ring whose receivers acknowledge; otherwise null. */
  public @Nullable AcknowledgedReceipts receipts() {
    return receipts;
  }

  public Pins pins() {
    return pins;
  }
}
