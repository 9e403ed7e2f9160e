package dev.rszshm.heap.sync;

import dev.rszshm.heap.Heap;

/*
 * Who waits for a fair mutex, in the order in which they came. Who has the mutex is the lock word's
 * business: the line only says who may try to get it.
 *
 * Layout
 * ------
 * FairMutexLayout.
 *
 * Protocol
 * --------
 * join:
 *  1 read the queue; full: there is no place. Read the place of the next position, and the queue again;
 *    another next one: again;
 *  2 the place has that position already: help with 4, and again;
 *  3 put oneself there, by compare-and-set from what was read, which was of an earlier round: its position
 *    has been passed, or there would be no room;
 *  4 count the next position on, by compare-and-set.
 * wait:
 *  5 clear the signal of the own place; first in line: try to get the mutex; got: leave;
 *  6 sleep while the place has no signal; on at 5.
 * leave, being the first: 7 count the first position on, by compare-and-set.
 * give up: 8 set the tag of the own place to 0; signal the first.
 * signal the first, after the mutex was given up: 9 count on past those who have given up; 10 set the
 * signal in the place of the first, and wake it; nobody asleep, and it is dead: count on past it, again.
 * Who waits does the same as 9 at 5, and past the dead too when a slice has ended; if that made another
 * the first, it signals it.
 * 3 and 4 come before 5, and the mutex is given up before 9: either the one who waits finds it free, or it
 * is found in the line. 5 clears before it looks: a signal after the look is still there at 6.
 *
 * If a process dies here
 * ----------------------
 * 1: nothing. 3: others count its position on when they need the next one, and then it is a dead one in
 * the line. 4-6: a dead one in the line, which is passed when it is the first, at the end of a slice at the
 * latest. 7: a dead first one; it had got the mutex, of whose holder the next in line finds that it is
 * dead. 8: it is dead, or has given up. 9, 10: the first one looks when its slice ends.
 */
final class WaitingLine {
  /** No position: all places are taken. */
  static final long FULL = -1;

  private final Heap heap;
  private final long offset;
  private final long queue;
  private final int tag;

  /** The line of the fair mutex at an offset, with the tag of this participant. */
  WaitingLine(Heap heap, long offset, int tag) {
    this.heap = heap;
    this.offset = offset;
    this.queue = offset + FairMutexLayout.QUEUE;
    this.tag = tag;
  }

  private long place(int position) {
    return offset + FairMutexLayout.place(position);
  }

  /** Whether nobody waits. */
  boolean isEmpty() {
    long word = heap.getLongVolatile(queue);
    return FairMutexLayout.first(word) == FairMutexLayout.next(word);
  }

  /** Joins at the end; returns the position, 0 to 2^32-1, or {@link #FULL}. */
  long join() {
    while (true) {
      long word = heap.getLongVolatile(queue);
      if (FairMutexLayout.isFull(word)) {
        return FULL;
      }
      int position = FairMutexLayout.next(word);
      long found = heap.getLongVolatile(place(position));
      if (FairMutexLayout.position(found) == position) {
        countNext(position);
      } else if (FairMutexLayout.next(heap.getLongVolatile(queue)) == position
          && heap.compareAndSetLong(
              place(position), found, FairMutexLayout.waiting(position, tag))) {
        countNext(position);
        return Integer.toUnsignedLong(position);
      }
    }
  }

  private void countNext(int position) {
    long word = heap.getLongVolatile(queue);
    while (FairMutexLayout.next(word) == position
        && !heap.compareAndSetLong(queue, word, FairMutexLayout.withNext(word))) {
      word = heap.getLongVolatile(queue);
    }
  }

  /** Leaves a place, whose position was the first; does nothing if it is not. */
  void leave(int position) {
    long word = heap.getLongVolatile(queue);
    while (FairMutexLayout.first(word) == position && FairMutexLayout.next(word) != position) {
      if (heap.compareAndSetLong(queue, word, FairMutexLayout.withoutFirst(word))) {
        if (FairMutexLayout.isFull(word)) {
          heap.wake(queue, Integer.MAX_VALUE);
        }
        return;
      }
      word = heap.getLongVolatile(queue);
    }
  }

  /** Gives up waiting at a position. */
  void giveUp(int position) {
    long word;
    do {
      word = heap.getLongVolatile(place(position));
    } while (!heap.compareAndSetLong(place(position), word, FairMutexLayout.waiting(position, 0)));
    signalFirst();
  }

  /**
   * Whether a position is the first of those who still wait.
   *
   * @param asks whether to ask if the first lives
   */
  boolean isFirst(int position, boolean asks) {
    int before = FairMutexLayout.first(heap.getLongVolatile(queue));
    int first = passTheGone(asks);
    if (first == position) {
      return true;
    }
    if (first != before) {
      // Not otherwise: who is woken again and again does not come to ask whether the holder lives.
      signalFirst();
    }
    return false;
  }

  /** Counts on past those who do not wait any more; returns the first position. */
  private int passTheGone(boolean asks) {
    while (true) {
      long word = heap.getLongVolatile(queue);
      int first = FairMutexLayout.first(word);
      if (first == FairMutexLayout.next(word)) {
        return first;
      }
      long found = heap.getLongVolatile(place(first));
      if (FairMutexLayout.position(found) != first) {
        continue; // It has left by now.
      }
      int waiter = FairMutexLayout.tag(found);
      if (waiter != 0 && !(asks && !heap.isAlive(waiter))) {
        return first;
      }
      leave(first);
    }
  }

  /** Lets the first one look, if there is one. */
  void signalFirst() {
    while (!isEmpty()) {
      int first = passTheGone(false);
      long found = heap.getLongVolatile(place(first));
      boolean waits = FairMutexLayout.position(found) == first && FairMutexLayout.tag(found) != 0;
      if (waits && heap.compareAndSetLong(place(first), found, found | FairMutexLayout.SIGNALLED)) {
        if (heap.wake(place(first), 1) > 0 || heap.isAlive(FairMutexLayout.tag(found))) {
          return;
        }
        leave(first);
      }
    }
  }

  /** Forgets a signal for a position, before a look. */
  void clearSignal(int position) {
    long waiting = FairMutexLayout.waiting(position, tag);
    heap.compareAndSetLong(place(position), waiting | FairMutexLayout.SIGNALLED, waiting);
  }

  /** Sleeps until there is a signal for a position, at most a slice; returns whether none came. */
  boolean sleep(int position, Deadline deadline) {
    int waiting = (int) FairMutexLayout.waiting(position, tag);
    return heap.sleepWhile(place(position), waiting, deadline.remainingNanos());
  }

  /** Sleeps while there is no place, at most a slice, and passes the dead. */
  void sleepOutside(Deadline deadline) {
    long word = heap.getLongVolatile(queue);
    if (FairMutexLayout.isFull(word)
        && heap.sleepWhile(queue, FairMutexLayout.first(word), deadline.remainingNanos())) {
      int first = FairMutexLayout.first(word);
      if (passTheGone(true) != first) {
        signalFirst();
      }
    }
  }
}
