package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.channel.errors.DamagedChannelException;
import dev.rszshm.sync.EventCount;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

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
 * Waiting: a sender looks between 3 and 5 whether a receiver may sleep, and wakes it after 6. Who began
 * to wait after that look sees the claim, and sleeps for a millisecond at most (Patience).
 *
 * If a process dies here
 * ----------------------
 * before 3: nothing has happened. 3-5: the claim of a dead one; whoever meets it at the head makes it
 * padding, by compare-and-set. Before 4: others follow the chain. After 6, before anybody is woken:
 * sleepers look again within 50 ms. Before 9: the message is still there. After 9: it is received, and
 * senders who wait for room find it within 50 ms.
 */
public final class Ring {
  /** No message, no room. */
  public static final long NONE = 0;

  /** A message is being written. */
  public static final long BUSY = -1;

  /** A message takes less time to write than this many looks, unless its sender stands still. */
  private static final int CLAIM_LOOKS = 128;

  /** Closed, and all is received. */
  public static final long SHUTDOWN = -2;

  /** How often a count of the messages begins again that a receipt has disturbed. */
  private static final int COUNTS = 16;

  public final Heap heap;
  public final RingGeometry geometry;
  public final EventCount notEmpty;
  public final EventCount notFull;
  private final Memory memory;
  private final Pins pins;
  private final AcknowledgedReceipts receipts;
  private final int tag;
  private final int claimLooks;
  private final long headers;
  private final long headerStride;
  private final long payloads;
  private final long payloadStride;
  private final long indexMask;
  private final int granules;
  private final boolean oneForOne;
  private final long offset;
  private final long tail;
  private final long head;
  private final AtomicLong limit = new AtomicLong();

  /**
   * A claim that something thrown has ended, noted with no call, because there may be no stack for
   * one; 0: none. {@link #settleAbandoned} gives it up.
   */
  public volatile long abandoned;

  /**
   * A ring that is set up.
   *
   * @param offset of the channel in the heap
   */
  public Ring(Heap heap, long offset, RingGeometry geometry) {
    this.heap = heap;
    this.geometry = geometry;
    this.memory = RawAccess.of(heap, Ring.class);
    this.offset = offset;
    long base = heap.base() + offset;
    this.headers = base + geometry.headers();
    this.headerStride = geometry.headerStride();
    this.payloads = base + geometry.payloads();
    this.payloadStride = geometry.payloadStride();
    this.indexMask = geometry.first() - 1;
    this.granules = geometry.granules();
    this.oneForOne = geometry.isOneForOne();
    this.tail = base + RingLayout.TAIL;
    this.head = base + RingLayout.HEAD;
    this.notEmpty = EventCount.at(heap, offset + RingLayout.NOT_EMPTY);
    this.notFull = EventCount.at(heap, offset + RingLayout.NOT_FULL);
    this.tag = heap.self().orElseThrow().tag();
    this.claimLooks = heap.processors() > 1 ? CLAIM_LOOKS : 0;
    this.pins = new Pins(heap, offset, tag, geometry);
    this.receipts = geometry.isAcknowledged() ? new AcknowledgedReceipts(this, offset) : null;
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

  /** The position of the next message to receive. */
  public long head() {
    long position = memory.getLongVolatile(head);
    if (position <= 0) {
      throw damaged(position, "found this as the position of its head", "a positive one");
    }
    return position;
  }

  /** The index of a granule that is there. */
  private long index(long position) {
    long index = position & indexMask;
    if (index >= granules || position <= 0) {
      throw damaged(position, "found a position with index " + index, "one below " + granules);
    }
    return index;
  }

  /** If the heap was closed meanwhile, what was read is nothing. */
  private DamagedChannelException damaged(long position, String found, String expected) {
    heap.requireWritable();
    return new DamagedChannelException(
        String.format(
            Locale.ROOT,
            "%s is damaged at position 0x%x: %s, expected %s: somebody has written where they"
                + " should not. Make another channel",
            this,
            position,
            found,
            expected));
  }

  private long headerAddress(long position) {
    return headers + index(position) * headerStride;
  }

  /** What begins at a position; read with volatile order, for those who look before they sleep. */
  public long header(long position) {
    return memory.getLongVolatile(headerAddress(position));
  }

  /** The address of what a message contains. */
  public long payload(long position) {
    return payloads + index(position) * payloadStride;
  }

  /** Bytes of a message, or of a part, all of which are in the ring. */
  public int length(long position, long header) {
    int length = Header.length(header);
    if (length > geometry.longest() || geometry.granulesFor(length) > granules - index(position)) {
      throw damaged(position, "found a message of " + length + " bytes", "one that fits there");
    }
    return length;
  }

  /** The offset in the heap of what a message contains. */
  public long payloadOffset(long position) {
    return payload(position) - heap.base();
  }

  public boolean isMessage(long position, long header) {
    return Header.isMessage(header, geometry.lap(position));
  }

  public boolean isPart(long position, long header) {
    return Header.isPart(header, geometry.lap(position));
  }

  /**
   * Claims room.
   *
   * @param length bytes; no more than go in one piece
   * @return the position; {@link #NONE} if there is no room, {@link #SHUTDOWN} if the ring is
   *     closed
   */
  public long claim(int length) {
    long position = tryClaim(length);
    while (position == NONE && passFront()) {
      position = tryClaim(length);
    }
    return position;
  }

  /** As {@link #claim}, without moving the head: what is full may have padding at its front. */
  public long tryClaim(int length) {
    if (abandoned != 0) {
      settleAbandoned();
    }
    int run = geometry.granulesFor(length);
    long position = memory.getLongAcquire(tail);
    while (true) {
      long address = headerAddress(position);
      long found = memory.getLongVolatile(address);
      long lap = geometry.lap(position);
      if (!Header.isSurelyOlder(found, lap)) {
        long further = follow(position, found);
        if (further != position) {
          if (further < 0) {
            return further;
          }
          position = further;
          continue;
        }
      }
      int rest = geometry.granules() - geometry.index(position);
      boolean fits = run <= rest;
      long end = geometry.next(position, fits ? run : rest);
      if (end > limit.getOpaque() && !refreshLimit(end)) {
        return NONE;
      }
      long word = fits ? Header.claimed(tag, lap, run) : Header.of(Header.PADDING, lap, rest);
      if (memory.compareAndSetLong(address, found, word)) {
        if (fits) {
          try {
            memory.putLongRelease(tail, end);
          } catch (Throwable thrown) {
            abandoned = position; // no call: there may be no stack for one
            settleAbandoned();
            throw thrown;
          }
          return position;
        }
        memory.putLongRelease(tail, end);
        position = end;
      }
    }
  }

  /** Gives up a claim that something thrown has ended, unless it was committed. */
  public void settleAbandoned() {
    long position = abandoned;
    if (position != 0 && heap.isOpen()) {
      long found = header(position);
      long lap = geometry.lap(position);
      if (Header.isClaimedIn(found, lap)
          && Header.tag(found) == tag
          && memory.compareAndSetLong(
              headerAddress(position),
              found,
              Header.of(Header.PADDING, lap, Header.claimedGranules(found)))) {
        notEmpty.signalAll();
        notFull.signalAll();
      }
      abandoned = 0;
    }
  }

  /**
   * Goes on from a position at which something may have begun.
   *
   * @return where to look next: here, if nothing has begun; or {@link #SHUTDOWN}
   */
  private long follow(long position, long found) {
    long lap = geometry.lap(position);
    if (Header.isOfLap(found, lap)) {
      return Header.state(found) == Header.SHUTDOWN ? SHUTDOWN : end(position, found);
    }
    // A claim tells a few bits of its lap, and a word from long ago looks like one of a later lap.
    // As
    // long as the head has not passed, nothing of a later lap can be here.
    long front = head();
    if (front > position) {
      return Math.max(front, memory.getLongAcquire(tail));
    }
    if (position > geometry.windowEnd(front) + indexMask + 1) {
      throw damaged(position, "found the end of what is claimed there", "it near the head");
    }
    return Header.isClaimed(found) ? end(position, found) : position;
  }

  /** The position behind what has begun at a position. */
  private long end(long position, long header) {
    int run =
        switch (Header.state(header)) {
          case Header.CLAIMED -> Header.claimedGranules(header);
          case Header.PADDING -> Header.length(header);
          case Header.TAKEN -> Header.takenGranules(header);
          default -> geometry.granulesFor(Header.length(header));
        };
    if (run < 1 || run > granules - index(position)) {
      throw damaged(position, "found something of " + run + " granules", "1 up to the lap's end");
    }
    return geometry.next(position, run);
  }

  private boolean refreshLimit(long end) {
    long now = geometry.windowEnd(oldest());
    limit.setOpaque(now);
    return end <= now;
  }

  /** The oldest granule that is in use. */
  private long oldest() {
    return receipts == null
        ? pins.oldest(head(), memory.getLongVolatile(tail))
        : receipts.oldest(head());
  }

  /** Whether what begins at a position is a message or padding, and not being written. */
  public boolean isSettled(long position, long header) {
    return Header.isOfLap(header, geometry.lap(position))
        && Header.state(header) != Header.SHUTDOWN;
  }

  /** Whether what begins at a position is being written. */
  public boolean isClaimed(long position, long header) {
    return Header.isClaimedIn(header, geometry.lap(position));
  }

  /** Whether the ring was closed at a position. */
  public boolean isShutdownAt(long position, long header) {
    return Header.isOfLap(header, geometry.lap(position))
        && Header.state(header) == Header.SHUTDOWN;
  }

  /** Whether a receiver may sleep; asked between claim and commit. */
  public boolean isAwaited() {
    return notEmpty.mayHaveSleepers();
  }

  /** Makes a claim a message, or a part of one. */
  public void commit(long position, int state, int length) {
    memory.putLongRelease(
        headerAddress(position), Header.of(state, geometry.lap(position), length));
  }

  /** Makes a claim a message, for those who took their time: in an order that waiters rely on. */
  public void commitLate(long position, int length) {
    memory.putLongVolatile(
        headerAddress(position), Header.of(Header.MESSAGE, geometry.lap(position), length));
    notEmpty.signalOne();
  }

  /** Gives a claim up. */
  public void abort(long position, int length) {
    memory.putLongVolatile(
        headerAddress(position),
        Header.of(Header.PADDING, geometry.lap(position), geometry.granulesFor(length)));
    notEmpty.signalAll();
    notFull.signalAll();
  }

  /**
   * Moves the head behind a message: receives it.
   *
   * @return whether nobody else was faster
   */
  public boolean consume(long position, long header) {
    long end = end(position, header);
    if (!oneForOne) {
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
    int granules = (int) geometry.distance(position, end(position, header));
    long taken = Header.taken(geometry.lap(position), pin, granules);
    if (!memory.compareAndSetLong(headerAddress(position), header, taken)) {
      return false;
    }
    memory.compareAndSetLong(head, position, end(position, taken)); // others may have done it
    return true;
  }

  /** Whether there is a granule at a position. */
  boolean isPosition(long position) {
    return position > 0 && (position & indexMask) < granules;
  }

  /** Whether a message that was taken can have a length. */
  boolean isWhole(long position, int length) {
    int taken = Header.takenGranules(header(position));
    return length <= geometry.longest()
        && geometry.granulesFor(length) == taken
        && taken <= granules - index(position);
  }

  /** Moves the head behind several messages. */
  public boolean consumeUntil(long position, long end) {
    if (!memory.compareAndSetLong(head, position, end)) {
      return false;
    }
    notFull.signalAll();
    return true;
  }

  /** The position behind a message. */
  public long behind(long position, long header) {
    return end(position, header);
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
      if (Header.state(header) == Header.PADDING || Header.state(header) == Header.TAKEN) {
        consume(position, header);
      }
      return head();
    }
    if (!Header.isClaimedIn(header, lap)) {
      return NONE;
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
      Thread.onSpinWait();
      if (header(position) != header) {
        return position;
      }
    }
    int claimer = Header.tag(header);
    if (claimer == tag && abandoned == position) {
      settleAbandoned();
      return position;
    }
    if (claimer == tag || heap.isAlive(claimer)) {
      return BUSY;
    }
    memory.compareAndSetLong(
        headerAddress(position),
        header,
        Header.of(Header.PADDING, geometry.lap(position), Header.claimedGranules(header)));
    return position;
  }

  /** Moves the head behind padding and claims of the dead; returns whether there were any. */
  boolean passFront() {
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
      if (memory.compareAndSetLong(headerAddress(position), found, closed)) {
        break;
      }
    }
    notEmpty.signalAll();
    notFull.signalAll();
  }

  public boolean isShutdown() {
    long position = Math.max(head(), memory.getLongAcquire(tail));
    while (position > 0) {
      long further = follow(position, header(position));
      if (further == position) {
        return false;
      }
      position = further;
    }
    return true;
  }

  /**
   * Number of messages from the head on, those included that are being written; of some moment of
   * the call, unless receivers are so fast that it is only near.
   */
  public long size() {
    long size = 0;
    for (int i = 0; i < COUNTS; i++) {
      long front = head();
      size = sizeFrom(front);
      if (head() == front) {
        break;
      }
    }
    return size;
  }

  private long sizeFrom(long front) {
    long position = front;
    long size = 0;
    for (int i = 0; i < granules; i++) {
      long found = header(position);
      long lap = geometry.lap(position);
      boolean closed = Header.isOfLap(found, lap) && Header.state(found) == Header.SHUTDOWN;
      if (closed || !(Header.isOfLap(found, lap) || Header.isClaimedIn(found, lap))) {
        break;
      }
      int state = Header.state(found);
      size += state == Header.PADDING || state == Header.TAKEN ? 0 : 1;
      position = end(position, found);
    }
    return size;
  }

  /** The end of what is claimed, at some moment of the call; read with volatile order. */
  public long claimedEnd() {
    long position = Math.max(head(), memory.getLongVolatile(tail));
    while (true) {
      long further = follow(position, memory.getLongVolatile(headerAddress(position)));
      if (further <= 0 || further == position) {
        return position;
      }
      position = further;
    }
  }

  /**
   * Number of granules that can be claimed, if they need not be in a row. Behind a pin of somebody
   * who takes a message at this moment there are none.
   */
  public long room() {
    passFront();
    long free = oldest();
    long room = granules - 1 - geometry.distance(free, claimedEnd());
    return Math.max(0, Math.min(room, granules - 1));
  }

  /** The receipts of a ring whose receivers acknowledge; otherwise null. */
  public AcknowledgedReceipts receipts() {
    return receipts;
  }

  public Pins pins() {
    return pins;
  }

  @Override
  public String toString() {
    return "the channel at offset " + offset + " of " + heap.path();
  }
}
