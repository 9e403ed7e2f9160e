package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.internal.process.ProcessState;
import dev.rszshm.sync.internal.EventCountLayout;

/*
 * Sends as the only one, and so without an atomic operation.
 *
 * Layout
 * ------
 * RingLayout: the role of the sender (EndRole), the position at which it may be sending, and whether the
 * channel is shut down. Those words are in three lines: the first is the sender's, and the receiver reads
 * the last only, which does not change. Private to the thread that has the role: the end of what it has
 * sent; 0 if that is to be looked for.
 *
 * Protocol
 * --------
 * send:
 *  1 the end, if it is not known: follow the messages, as Ring says;
 *  2 is there room? The tail is written when that is asked for, and not for each message;
 *  3 sending: the position. 4 Is the channel shut down? Then sending: 0, and on at 12;
 *  5 write the payload; 6 header: MESSAGE, with release order. This is the commit, and all that others
 *    see of it. The end is behind it;
 *  7 may a receiver sleep? Wake it, if the heap is still open: behind a close 6 went where nobody looks (Span).
 *    Padding is sent as a message is. Room that the caller writes in itself is CLAIMED at 6, by a store,
 *    and goes on as every claim does: so the chain of messages has no hole behind it.
 * shut down, by anybody:
 *  8 ending: from 0 to 1, by compare-and-set;
 *  9 a fence in all threads of all processes; 10 ending: 2. Whoever finds 1 does 9 and 10 itself;
 * 11 read the header at the end, and then what is being sent;
 * 12 is that this position, and does the sender live? Then it is not over, and whoever meets the end does 11
 *    again: a receiver waits for the message as for a claim. Else header: SHUTDOWN, by compare-and-set.
 *
 * 3 is a store and 4 a load, with no fence: a processor may do 4 first. The fence at 9 is for all of them.
 * Who passes its fence between 3 and 4, or behind 4, is seen at 11 to be sending. Who passes it before 3 sees
 * at 4 that the channel is shut down. So nobody stores a message over SHUTDOWN at 6. If the sender has
 * committed between the two reads at 11, the compare-and-set at 12 fails, because the header has changed.
 *
 * 6 is a store and 7 a load as well. A receiver that goes to sleep in between is missed only if the load came
 * first: that is some nanoseconds. It sleeps for a millisecond at first, and then looks again (RingWaiting).
 *
 * If a process dies here
 * ----------------------
 * Before 6: nothing has happened, and the next sender writes over it. What is said to be sent is the word of
 * a dead one, and does not count at 12; who takes the role sets it to 0. Behind 6: the message is sent; the
 * next sender finds the end at 1. Before 7: others look again within 50 ms. 8-10: the next one who meets the
 * end, or sends, finds 1 and goes on at 9. Padding of 6 without a message behind it: there is none yet.
 *
 * If something is thrown here, the end is not known any more, and sending is set to 0: if not at once, then
 * by the next call of this process (RingClaims).
 */

/** The sending end of a ring with one sender. */
final class SingleSender {
  static final int OPEN = 0;
  private static final int ENDING = 1;
  static final int FENCED = 2;

  private final Ring ring;
  private final Heap heap;
  private final Memory memory;
  private final RingGeometry geometry;
  private final EndRole role;
  private final State state;
  private final int shortest;
  private final int longest;
  private final int granules;
  private final int indexBits;
  private final int indexMask;
  private final long base;
  private final long sending;
  private final long ending;
  private final long notEmpty;
  private final long headers;
  private final long headerStride;
  private final long payloads;
  private final long payloadStride;

  /** What the thread that has the role knows, through whichever handle. */
  private static final class State {
    /** The end of what is sent; 0: not known. */
    long end;

    /** The end of what may be sent. */
    long limit;
  }

  SingleSender(Ring ring) {
    this.ring = ring;
    this.heap = ring.heap;
    this.memory = RawAccess.of(heap, SingleSender.class);
    this.geometry = ring.geometry;
    this.base = heap.base() + ring.offset;
    this.sending = base + RingLayout.SENDING;
    this.ending = base + RingLayout.ENDING;
    this.notEmpty = base + RingLayout.NOT_EMPTY;
    this.shortest = geometry.shortest();
    this.longest = geometry.longest();
    this.granules = geometry.granules();
    this.indexBits = geometry.indexBits();
    this.indexMask = (1 << indexBits) - 1;
    this.headers = base + geometry.headers();
    this.headerStride = geometry.headerStride();
    this.payloads = base + geometry.payloads();
    this.payloadStride = geometry.payloadStride();
    this.role = new EndRole(ring, RingLayout.SENDER_ROLE, "sender", this::begin);
    this.state = ProcessState.of(heap, ring.offset, State.class, State::new);
  }

  EndRole role() {
    return role;
  }

  /** Gives the end up that the current thread has: nothing is being sent. */
  void leave() {
    role.leave(this::begin);
  }

  /** Begins with the end, or ends with it: nothing is being sent. */
  private void begin() {
    state.end = 0;
    state.limit = 0;
    heap.putLongVolatile(ring.offset + RingLayout.SENDING, 0);
  }

  /**
   * Sends a message in one go, steps 3 to 7, if the current thread has the end, and knows where it
   * is and that there is room, not at the end of a lap.
   *
   * @return whether it was sent; otherwise nothing has happened, and the long way tells why
   */
  boolean sendAtOnce(byte[] message) {
    int length = message.length;
    if (!heap.isOpen() || !role.isMine() || length < shortest || length > longest) {
      return false;
    }
    State known = state;
    long position = known.end;
    int index = (int) position & indexMask;
    int run = geometry.granulesFor(length);
    if (position == 0
        || run >= granules - index
        || position + run > known.limit
        || ring.claims.abandoned.any) {
      return false;
    }
    known.end = 0;
    boolean awaited;
    try {
      memory.putLongOpaque(sending, position);
      memory.releaseFence(); // as in tryClaim
      if (isEnding()) {
        memory.putLongRelease(sending, 0);
        return false;
      }
      if (length > 0) {
        memory.copyIn(message, 0, payloads + index * payloadStride, length);
      }
      memory.putLongRelease(
          headers + index * headerStride,
          Header.of(Header.MESSAGE, position >>> indexBits, length));
      known.end = position + run;
      memory.releaseFence(); // as in RingClaims.write
      awaited = (memory.getIntVolatile(notEmpty) & EventCountLayout.WAITERS) != 0;
    } catch (Throwable thrown) {
      ring.claims.abandoned.positions[(int) position & RingClaims.Abandoned.MASK] =
          position; // no call
      ring.claims.abandoned.any = true;
      ring.claims.settleAbandoned();
      throw thrown;
    }
    heap.requireOpen(); // or the message was put where nobody looks
    if (awaited) {
      ring.notEmpty.signalOne();
    }
    return true;
  }

  /** As {@link RingClaims#tryClaim}; what is claimed is not seen by others before it is written. */
  long tryClaim(int length, RingClaims claims) {
    State known = state;
    int run = geometry.granulesFor(length);
    long position = known.end;
    known.end = 0;
    if (position == 0) {
      position = findEnd();
      if (position < 0) {
        return position;
      }
    }
    while (true) {
      int rest = geometry.granules() - geometry.index(position);
      boolean fits = run <= rest;
      long end = geometry.next(position, fits ? run : rest);
      if (end > known.limit) {
        memory.putLongRelease(base + RingLayout.TAIL, position);
        known.limit = claims.windowEnd();
        if (end > known.limit) {
          known.end = position;
          return isEnding() ? refuse() : RingView.NONE;
        }
      }
      try {
        memory.putLongOpaque(sending, position);
        memory.releaseFence(); // the compiler leaves the load behind it; the processor need not
        if (isEnding()) {
          memory.putLongRelease(sending, 0);
          return refuse();
        }
        if (fits) {
          return position;
        }
        memory.putLongRelease(
            base + ring.headerField(position),
            Header.of(Header.PADDING, geometry.lap(position), rest));
      } catch (Throwable thrown) {
        claims.abandoned.positions[(int) position & RingClaims.Abandoned.MASK] =
            position; // no call
        claims.abandoned.any = true;
        claims.settleAbandoned();
        throw thrown;
      }
      position = end;
    }
  }

  /** Notes that what was claimed at a position is sent, or that its room is in a chain. */
  void sent(long position, int run) {
    state.end = geometry.next(position, run);
  }

  private long findEnd() {
    long position = Math.max(ring.head(), ring.tail());
    while (true) {
      long further = ring.follow(position, ring.header(position));
      if (further == RingView.SHUTDOWN || further == position) {
        return further;
      }
      position = further;
    }
  }

  private long refuse() {
    settle();
    return RingView.SHUTDOWN;
  }

  /**
   * Notes that nothing is being sent at a position any more, after something was thrown; unless
   * another process has the end by now.
   */
  void giveUp(long position) {
    if (role.isOwn() && heap.getLongVolatile(ring.offset + RingLayout.SENDING) == position) {
      heap.putLongVolatile(ring.offset + RingLayout.SENDING, 0);
    }
  }

  /** Whether the channel is shut down, or about to be. */
  boolean isEnding() {
    return memory.getIntAcquire(ending) != OPEN;
  }

  /** Lets nothing more be sent. */
  void shutdown() {
    heap.compareAndSetInt(ring.offset + RingLayout.ENDING, OPEN, ENDING);
    settle();
  }

  /**
   * Ends the chain of messages of a channel that is shut down.
   *
   * @return whether it has ended; otherwise the sender is about to send one more
   */
  boolean settle() {
    if (heap.getIntVolatile(ring.offset + RingLayout.ENDING) != FENCED) {
      heap.fenceEverywhere();
      heap.putIntVolatile(ring.offset + RingLayout.ENDING, FENCED);
    }
    long position = ring.head();
    while (true) {
      long found = ring.header(position);
      long further = ring.follow(position, found);
      if (further == RingView.SHUTDOWN) {
        return true;
      }
      if (further != position) {
        position = further;
        continue;
      }
      if (isSendingAt(position)) {
        return false;
      }
      long closed = Header.of(Header.SHUTDOWN, geometry.lap(position), 0);
      if (heap.compareAndSetLong(ring.offset + ring.headerField(position), found, closed)) {
        return true;
      }
    }
  }

  private boolean isSendingAt(long position) {
    return heap.getLongVolatile(ring.offset + RingLayout.SENDING) == position
        && role.mayBeUsedByAnother()
        && !ring.claims.settleIfAbandoned(position);
  }
}
