package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.process.Unreleased;

/*
 * Messages that are received and not given back: they are read where they are.
 *
 * Layout
 * ------
 * RingLayout: 64 pins, each with the tag of its holder and the position of a message.
 *
 * Protocol
 * --------
 * receive in place:
 *  1 pin: take one, its tag from 0 by compare-and-set;
 *  2 note that there are pins, and then in the pin the position of the message at the head;
 *  3 move the head behind the message, by compare-and-set: the receipt, the same as of those who copy.
 *    Somebody else was faster: go on at 2.
 * Several messages in a row are received with one pin, at the first of them, which keeps what is behind it
 * as well; 3 moves the head behind the last.
 * give back: 4 position 0; 5 tag 0; 6 wake the senders.
 * Somebody who stands still between 2 and 3 may have noted a position that others have received, with
 * what is behind it, meanwhile. As long as nothing is claimed beyond the lap behind that position, it
 * cannot be told from a message that is read, and holds the senders up. What is claimed beyond that lap
 * shows that 3 will not succeed, because whoever claims behind a 3 sees the pin: it does not count.
 * Who looks for room reads the head first and then whether there are pins, and their positions: if the
 * head is behind a message, 2 has happened before.
 *
 * If a process dies here
 * ----------------------
 * 1-3: a pin of the dead, and the message is still there. 3-5: a pin of the dead, and the message is
 * received. Whoever is held up by a pin, or needs one, takes those of the dead: tag to its own, by
 * compare-and-set, and 4 and 5. If it dies in that, the next one does the same.
 */
public final class Pins {
  private final Heap heap;
  private final RingGeometry geometry;
  private final long pins;
  private final long pinned;
  private final int tag;

  /** Pins of this process that are to be given back by whoever comes next. */
  public final Unreleased unreleased;

  Pins(Ring ring) {
    this.heap = ring.heap;
    this.geometry = ring.geometry;
    this.pins = ring.offset + RingLayout.PINS;
    this.pinned = ring.offset + RingLayout.PINNED;
    this.tag = ring.tag();
    this.unreleased = Unreleased.of(heap, pins, RingLayout.PIN_COUNT);
  }

  private long pin(int number) {
    return pins + (long) number * RingLayout.PIN_LENGTH;
  }

  /** Takes a pin; -1 if all are in use by the living. */
  public int take() {
    if (unreleased.any) {
      releaseNoted();
    }
    for (int number = 0; number < RingLayout.PIN_COUNT; number++) {
      if (heap.getLongVolatile(pin(number)) == 0 && heap.compareAndSetLong(pin(number), 0, tag)) {
        return number;
      }
    }
    for (int number = 0; number < RingLayout.PIN_COUNT; number++) {
      if (takeFromTheDead(number)) {
        return number;
      }
    }
    return -1;
  }

  private boolean takeFromTheDead(int number) {
    long holder = heap.getLongVolatile(pin(number));
    if (holder == 0
        || heap.isAlive((int) holder)
        || !heap.compareAndSetLong(pin(number), holder, tag)) {
      return false;
    }
    heap.putLongVolatile(pin(number) + Long.BYTES, 0);
    return true;
  }

  /** Keeps what begins at a position from being overwritten, if the head is still there. */
  public void set(int number, long position) {
    if (heap.getIntVolatile(pinned) == 0) {
      heap.putIntVolatile(pinned, 1);
    }
    heap.putLongVolatile(pin(number) + Long.BYTES, position);
  }

  /**
   * Gives a pin back; if something is thrown, whoever looks for a pin or for room does it again.
   */
  public void release(int number) {
    try {
      free(number);
    } catch (Throwable thrown) {
      unreleased.slots[number] = true; // no call: there may be no stack for one
      unreleased.any = true;
      if (heap.isOpen()) {
        releaseNoted();
      }
      throw thrown;
    }
  }

  /** Gives the pins back that are noted. */
  public void releaseNoted() {
    unreleased.release(
        number -> heap.putLongVolatile(pin(number) + Long.BYTES, 0),
        number -> heap.putLongVolatile(pin(number), 0));
  }

  /** Gives a pin back; if something is thrown, the caller has it still. */
  void free(int number) {
    heap.putLongVolatile(pin(number) + Long.BYTES, 0);
    heap.putLongVolatile(pin(number), 0);
  }

  /**
   * The oldest position that is pinned by somebody alive, or the head, if that is older.
   *
   * @param claimed a position that is not behind the end of what is claimed
   */
  long oldest(long head, long claimed) {
    if (unreleased.any) {
      releaseNoted();
    }
    if (heap.getIntVolatile(pinned) == 0) {
      return head;
    }
    long oldest = head;
    for (int number = 0; number < RingLayout.PIN_COUNT; number++) {
      long position = heap.getLongVolatile(pin(number) + Long.BYTES);
      if (position > 0 && position < oldest && geometry.windowEnd(position) >= claimed) {
        if (takeFromTheDead(number)) {
          release(number);
        } else {
          oldest = position;
        }
      }
    }
    return oldest;
  }
}
