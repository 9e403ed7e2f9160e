package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.internal.process.ProcessState;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The senders' side of a ring: claims room, lets it be written, and commits it; the protocol is
 * that of {@link Ring}. Whatever is thrown in between gives the claim up.
 */
public final class RingClaims {
  private final Ring ring;
  private final Heap heap;
  private final Memory memory;
  private final RingGeometry geometry;
  private final long base;
  private final long tail;
  private final int tag;
  private final AtomicLong limit = new AtomicLong();
  private final @Nullable SingleSender single;

  /** The claims that this process has to give up. */
  public final Abandoned abandoned;

  /**
   * Claims that this process has made and will not commit, because something was thrown. A thread
   * notes one by storing into the fields, which needs no call: there may be no stack for one.
   * Whoever sends next in this process, or meets the claim as a receiver, gives it up.
   */
  public static final class Abandoned {
    /** The lower bits of a position that say where it is noted. */
    public static final int MASK = 15;

    /** The positions; 0: none. A position is stored before {@link #any}. */
    public final long[] positions = new long[MASK + 1];

    /** Whether there may be one. */
    public volatile boolean any;
  }

  /** Whom a message wakes. */
  public enum Wake {
    /** One of those who sleep. */
    ONE,
    /** All who sleep. */
    ALL,
    /** Nobody: the caller does, with {@link #wakeAll}. */
    NOBODY
  }

  /** Something that is written into a message. */
  @FunctionalInterface
  public interface Content {
    /** Writes it to an address, as many bytes as were claimed. */
    void writeTo(long address);
  }

  RingClaims(Ring ring) {
    this.ring = ring;
    this.heap = ring.heap;
    this.memory = RawAccess.of(heap, RingClaims.class);
    this.geometry = ring.geometry;
    this.base = heap.base() + ring.offset;
    this.tail = base + RingLayout.TAIL;
    this.tag = ring.tag();
    this.single = ring.singleSender();
    this.abandoned = ProcessState.of(heap, ring.offset, Abandoned.class, Abandoned::new);
  }

  private long headerAddress(long position) {
    return base + ring.headerField(position);
  }

  /**
   * Sends a message, or a part of one, if there is room.
   *
   * @param length bytes; no more than go in one piece
   * @param state {@link Header#MESSAGE} or {@link Header#PART}
   * @return the position; {@link RingView#NONE} if there is no room, {@link RingView#SHUTDOWN} if
   *     the ring is closed
   */
  public long send(int length, int state, Content content, Wake wake) {
    long position = trySend(length, state, content, wake);
    while (position == RingView.NONE && ring.passFront()) {
      position = trySend(length, state, content, wake);
    }
    return position;
  }

  /** As {@link #send}, without moving the head: what is full may have padding at its front. */
  public long trySend(int length, int state, Content content, Wake wake) {
    long position = tryClaim(length);
    if (position <= 0) {
      return position;
    }
    boolean awaited;
    try {
      awaited = write(position, state, length, content) && wake != Wake.NOBODY;
    } catch (Throwable thrown) {
      abandoned.positions[(int) position & Abandoned.MASK] = position; // no call
      abandoned.any = true;
      settleAbandoned();
      throw thrown;
    }
    heap.requireOpen(); // or the message was put where nobody looks
    if (awaited && wake == Wake.ONE) {
      ring.notEmpty.signalOne();
    } else if (awaited) {
      ring.notEmpty.signalAll();
    }
    return position;
  }

  /** Wakes all who sleep, after messages that have woken nobody. */
  public void wakeAll() {
    memory.fullFence(); // who sleeps and has not seen the messages is seen
    if (ring.notEmpty.mayHaveSleepers()) {
      ring.notEmpty.signalAll();
    }
  }

  /**
   * Claims room.
   *
   * @param length bytes; no more than go in one piece
   * @return the position; {@link RingView#NONE} if there is no room, {@link RingView#SHUTDOWN} if
   *     the ring is closed
   */
  public long claim(int length) {
    long position = tryClaim(length);
    while (position == RingView.NONE && ring.passFront()) {
      position = tryClaim(length);
    }
    return position;
  }

  private long tryClaim(int length) {
    if (abandoned.any) {
      settleAbandoned();
    }
    if (single != null) {
      return single.tryClaim(length, this);
    }
    int run = geometry.granulesFor(length);
    long position = memory.getLongAcquire(tail);
    while (true) {
      long address = headerAddress(position);
      long found = memory.getLongVolatile(address);
      long lap = geometry.lap(position);
      if (!Header.isSurelyOlder(found, lap)) {
        long further = ring.follow(position, found);
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
        return RingView.NONE;
      }
      long word = fits ? Header.claimed(tag, lap, run) : Header.of(Header.PADDING, lap, rest);
      if (memory.compareAndSetLong(address, found, word)) {
        if (fits) {
          try {
            memory.putLongRelease(tail, end);
          } catch (Throwable thrown) {
            abandoned.positions[(int) position & Abandoned.MASK] = position; // no call
            abandoned.any = true;
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

  /**
   * Writes into a claim, and commits it.
   *
   * @return whether receivers may sleep, and are to be told that there is something
   */
  private boolean write(long position, int state, int length, Content content) {
    long address = headerAddress(position);
    long header = Header.of(state, geometry.lap(position), length);
    boolean awaited = single == null && ring.notEmpty.mayHaveSleepers();
    if (length > 0) {
      content.writeTo(ring.payload(position));
    }
    memory.putLongRelease(address, header);
    memory.releaseFence(); // the compiler leaves behind it who looks whether the heap is open, and
    if (single == null) {
      return awaited;
    }
    single.sent(position, geometry.granulesFor(length)); // the next load: SingleSender
    return ring.notEmpty.mayHaveSleepers();
  }

  /** Lets others see a claim that its writer takes time for. */
  public void hold(long position, int length) {
    if (single != null) {
      int run = geometry.granulesFor(length);
      try {
        memory.putLongRelease(
            headerAddress(position), Header.claimed(tag, geometry.lap(position), run));
        single.sent(position, run);
      } catch (Throwable thrown) {
        abandoned.positions[(int) position & Abandoned.MASK] = position; // no call
        abandoned.any = true;
        settleAbandoned();
        throw thrown;
      }
    }
  }

  /** Makes a claim a message whose writer took its time: in an order that waiters rely on. */
  public void commit(long position, int length) {
    end(position, Header.of(Header.MESSAGE, geometry.lap(position), length));
    heap.requireOpen(); // or the message was put where nobody looks
    ring.notEmpty.signalOne();
  }

  /** Gives a claim up. */
  public void abort(long position, int length) {
    end(position, Header.of(Header.PADDING, geometry.lap(position), geometry.granulesFor(length)));
    ring.notEmpty.signalAll();
    ring.notFull.signalAll();
  }

  private void end(long position, long header) {
    try {
      heap.putLongVolatile(ring.offset + ring.headerField(position), header);
    } catch (Throwable thrown) {
      abandoned.positions[(int) position & Abandoned.MASK] = position; // no call
      abandoned.any = true;
      settleAbandoned();
      throw thrown;
    }
  }

  /**
   * Gives up the claims that are noted, unless they were committed. One thread at a time: who has
   * settled a claim may make another at the same position.
   */
  public void settleAbandoned() {
    synchronized (abandoned) {
      if (!abandoned.any || !heap.isOpen()) {
        return;
      }
      abandoned.any = false;
      try {
        for (int place = 0; place < abandoned.positions.length; place++) {
          long position = abandoned.positions[place];
          if (position != 0) {
            settle(position);
            abandoned.positions[place] = 0;
          }
        }
      } catch (Throwable thrown) {
        abandoned.any = true;
        throw thrown;
      }
    }
  }

  private void settle(long position) {
    if (single != null) {
      single.giveUp(position);
    }
    long found = heap.getLongVolatile(ring.offset + ring.headerField(position));
    long lap = geometry.lap(position);
    if (Header.isClaimedIn(found, lap)
        && Header.tag(found) == tag
        && heap.compareAndSetLong(
            ring.offset + ring.headerField(position),
            found,
            Header.of(Header.PADDING, lap, Header.claimedGranules(found)))) {
      ring.notEmpty.signalAll();
      ring.notFull.signalAll();
    }
  }

  /** Gives up the claim at a position if this process has abandoned it. */
  boolean settleIfAbandoned(long position) {
    if (abandoned.positions[(int) position & Abandoned.MASK] != position) {
      return false;
    }
    settleAbandoned();
    return true;
  }

  private boolean refreshLimit(long end) {
    long now = windowEnd();
    limit.setOpaque(now);
    return end <= now;
  }

  /** The end of what may be claimed now. */
  long windowEnd() {
    return geometry.windowEnd(oldest());
  }

  /** The oldest granule that is in use. */
  private long oldest() {
    AcknowledgedReceipts receipts = ring.receipts();
    return receipts == null
        ? ring.pins().oldest(ring.head(), ring.tail())
        : receipts.oldest(ring.head());
  }

  /**
   * Number of granules that can be claimed, if they need not be in a row. Behind a pin of somebody
   * who takes a message at this moment there are none.
   */
  public long room() {
    ring.passFront();
    long free = oldest();
    long room = geometry.granules() - 1 - geometry.distance(free, ring.claimedEnd());
    return Math.max(0, Math.min(room, geometry.granules() - 1));
  }
}
