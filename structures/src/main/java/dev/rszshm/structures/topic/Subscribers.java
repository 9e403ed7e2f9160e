package dev.rszshm.structures.topic;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.internal.process.Unreleased;
import dev.rszshm.structures.internal.ring.Outcome;
import dev.rszshm.structures.internal.ring.Ring;

/*
 * Who receives the messages of a topic, and how far they are.
 *
 * Layout
 * ------
 * TopicLayout: places with the tag of a subscriber and its cursor. The ring is that of a channel (Ring),
 * in which publishers claim and commit as senders do. Its head is not moved by receipts but by publishers
 * that find no room: to the least cursor.
 *
 * Protocol
 * --------
 * subscribe:
 *  1 take a place: its tag from 0, or from that of a dead one, by compare-and-set. The cursor is still
 *    that of its last user, or 0;
 *  2 find the end of what is claimed, and make it the cursor.
 * receive: 3 copy the message at the cursor; 4 move the cursor behind it, with volatile order; 5 wake
 *    publishers. Padding is skipped. Nobody moves the cursor past a claim.
 * unsubscribe: 6 tag 0; the cursor stays; 7 wake publishers.
 * make room:
 *  8 read the head, and then the end of what is claimed;
 *  9 read each place. The least of the end and of the cursors of the living is the aim. A place of the
 *    dead that is in the way: its tag to 0, by compare-and-set;
 * 10 from the head, follow messages and padding up to the aim, or to a claim; one of the dead is made
 *    padding;
 * 11 move the head there, by compare-and-set from what was read at 8.
 * Overwriting, instead: move the head behind the message at the head. Then the cursors do not count.
 *
 * Why nobody loses a message: a cursor only grows, and so does the one a place is left with. Who takes a
 * place before it is read at 9 holds the head at the old cursor, which is no further than the end. Who
 * takes it after that finds an end at 2 that is no less than the one of 8. All of 1, 2, 4, 8 and 9 have
 * volatile order, and so has a claim.
 * The head does not pass a claim, or its publisher would write where another has claimed already.
 *
 * Overwriting: a subscriber copies first, and looks at the head then. If that has passed its cursor, what
 * it has copied may be anything. It forgets it, and goes on at the head. The head moves before anybody
 * claims what it has left.
 *
 * If a process dies here
 * ----------------------
 * 1-6: a subscriber of the dead; whoever is held up by it, or needs a place, removes it. Between 4 and 5,
 * 6 and 7: publishers look again within 50 ms. 8-11: nothing, or the head has moved.
 */
public final class Subscribers {
  private final Ring ring;
  private final Heap heap;
  private final Memory memory;
  private final long places;
  private final int size;

  /** Places of this process that no subscription has any more. */
  final Unreleased unleft;

  Subscribers(Ring ring, long offset, int size) {
    this.ring = ring;
    this.heap = ring.heap;
    this.memory = RawAccess.of(heap, Subscribers.class);
    this.places = heap.base() + offset + TopicLayout.SUBSCRIBERS;
    this.size = size;
    this.unleft = Unreleased.of(heap, offset + TopicLayout.SUBSCRIBERS, size);
  }

  private long tag(int place) {
    return places + (long) place * TopicLayout.SUBSCRIBER_LENGTH + TopicLayout.TAG;
  }

  private long cursor(int place) {
    return places + (long) place * TopicLayout.SUBSCRIBER_LENGTH + TopicLayout.CURSOR;
  }

  /** Takes a place; -1 if all are of the living. */
  int take() {
    leaveNoted();
    for (int place = 0; place < size; place++) {
      if (memory.getLongVolatile(tag(place)) == 0
          && memory.compareAndSetLong(tag(place), 0, ring.tag())) {
        return place;
      }
    }
    for (int place = 0; place < size; place++) {
      long holder = memory.getLongVolatile(tag(place));
      if (!isAlive(holder) && memory.compareAndSetLong(tag(place), holder, ring.tag())) {
        return place;
      }
    }
    return -1;
  }

  /** Begins at the end of what is claimed; returns where that is. */
  long begin(int place) {
    long end = ring.claimedEnd();
    memory.putLongVolatile(cursor(place), end);
    return end;
  }

  /** Moves a cursor on. */
  void move(int place, long position) {
    memory.putLongVolatile(cursor(place), position);
    ring.notFull.signalAll();
  }

  /** Leaves a place; if something is thrown, the caller has it still. */
  void leave(int place) {
    heap.putLongVolatile(tag(place) - heap.base(), 0);
  }

  /** Leaves the places that are noted. */
  void leaveNoted() {
    if (!unleft.any) {
      return;
    }
    unleft.release(place -> {}, this::leave);
    ring.notFull.signalAll();
  }

  /** Number of the living. */
  int countLiving() {
    leaveNoted();
    int living = 0;
    for (int place = 0; place < size; place++) {
      long holder = memory.getLongVolatile(tag(place));
      living += holder != 0 && isAlive(holder) ? 1 : 0;
    }
    return living;
  }

  private boolean isAlive(long holder) {
    return holder == ring.tag() || heap.isAlive((int) holder);
  }

  /**
   * Moves the head to the least cursor.
   *
   * @return {@link Outcome#DONE} if it has moved
   */
  Outcome makeRoom() {
    leaveNoted();
    long front = ring.head();
    long aim = leastCursor(ring.claimedEnd());
    if (aim <= front) {
      return ring.head() == front ? Outcome.NOT_YET : Outcome.DONE;
    }
    Outcome outcome = Outcome.NOT_YET;
    long position = front;
    while (position < aim) {
      long header = ring.header(position);
      if (ring.head() != front) {
        return Outcome.DONE;
      }
      if (ring.isSettled(position, header)) {
        position = ring.behind(position, header);
      } else if (!ring.isClaimed(position, header)
          || ring.settleClaim(position, header) == Ring.BUSY) {
        outcome = Outcome.BUSY;
        break;
      }
    }
    if (position == front) {
      return outcome;
    }
    ring.consumeUntil(front, position);
    return Outcome.DONE;
  }

  private long leastCursor(long end) {
    long least = end;
    for (int place = 0; place < size; place++) {
      long holder = memory.getLongVolatile(tag(place));
      while (holder != 0) {
        long position = memory.getLongVolatile(cursor(place));
        if (position >= least) {
          break;
        }
        if (isAlive(holder)) {
          least = position;
          break;
        }
        memory.compareAndSetLong(tag(place), holder, 0);
        holder = memory.getLongVolatile(tag(place));
      }
    }
    return least;
  }

  /**
   * Moves the head behind the oldest message.
   *
   * @param front the head, as the caller has read it
   * @return {@link Outcome#BUSY} if that is still being written, {@link Outcome#NOT_YET} if there
   *     was none, {@link Outcome#SHUTDOWN} if there will be none
   */
  Outcome dropOldest(long front) {
    long header = ring.header(front);
    if (ring.isMessage(front, header)) {
      ring.consume(front, header);
      return Outcome.DONE;
    }
    long next = ring.pass(front, header);
    return next > 0 ? Outcome.DONE : Outcome.of(next);
  }
}
