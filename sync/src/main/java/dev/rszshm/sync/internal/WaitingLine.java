package dev.rszshm.sync.internal;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.EventCount;

/*
 * Who waits for a fair mutex, in the order in which they came. Who has the mutex is the lock word's
 * business: the line only says who may try to get it.
 *
 * Layout
 * ------
 * FairMutexLayout. The places are a set: any place may be free, and tickets give the order.
 *
 * Protocol
 * --------
 * join:
 *  1 a free place, the lowest first, from 0 to the own tag without a ticket, by compare-and-set; none: there
 *    is no place;
 *  2 take the next ticket, and raise the number of used places beyond the own one, in one step;
 *  3 write the ticket into the place.
 * The first is the one with the lowest ticket who is not passed over; if all are, the lowest of them.
 * wait:
 *  4 clear the own flags; first: try to get the mutex; got: leave. Not first, and there was a signal: hand it
 *    on to the first;
 *  5 sleep while the place has no flags; on at 4.
 * leave, or give up: 6 the own place to 0; 7 lower the number of used places, by compare-and-set from what
 *    it was before the look, to behind the last one that is taken; signal one who misses a place. Who gives
 *    up and had a signal signals the first.
 * signal the first, after the mutex was given up: 8 set the signal in the place of the first, by
 *    compare-and-set, and wake it; nobody asleep, and it is dead: free its place, and again.
 * Whenever it is time (DeathWatch), one who waits frees the places of the dead; and if the mutex can be had
 * and the first has no signal, gives it one; if it has the same signal as at the last time, 9 sets the flag
 * that it is passed over, in all places of its process, and signals who is first then.
 * 2 and 3 come before 4, and the mutex is given up before 8: either the one who waits finds it free, or it
 * is found in the line. 4 clears before it looks: a signal after the look is still there at 5. 1 comes before
 * 2, which changes the queue: who lowers at 7 either finds the place taken, or fails.
 *
 * If a process dies here
 * ----------------------
 * 1, 2: a place without a ticket, which nobody waits for, and which is freed with the places of the dead.
 * 3-5: a dead one in the line: when it is the first it is passed, at once if it is to be woken. 6: as 5, or it is
 * gone. 7: the number is too high, which costs a look, until the next one leaves; whoever misses a place looks
 * when its slice ends. 8, 9: the first one looks when its slice ends.
 * One that is stopped keeps its place and loses its turns.
 *
 * What cannot wrap
 * ----------------
 * Tickets only order those who wait at the same time: a ticket older than 2^31 others counts as the
 * youngest. A queue word that comes again, after 2^32 others, would hide places at 7 until their owners look,
 * which raise the number again.
 */
public final class WaitingLine {
  /** No place. */
  public static final int NONE = -1;

  private final Heap heap;
  private final long offset;
  private final long queue;
  private final int places;
  private final int tag;
  private final EventCount room;

  /** The place of one that was first, and had not looked yet, at the last look; 0 for none. */
  private volatile long suspect;

  /** The line of the fair mutex at an offset, with the tag of this participant. */
  public WaitingLine(Heap heap, long offset, int places, int tag) {
    this.heap = heap;
    this.offset = offset;
    this.queue = offset + FairMutexLayout.QUEUE;
    this.places = places;
    this.tag = tag;
    this.room = EventCount.at(heap, offset + FairMutexLayout.ROOM);
  }

  private long offset(int place) {
    return offset + FairMutexLayout.place(place);
  }

  private long word(int place) {
    return heap.getLongVolatile(offset(place));
  }

  private int used() {
    return FairMutexLayout.used(heap.getLongVolatile(queue), places);
  }

  /** Whether nobody waits. */
  public boolean isEmpty() {
    return used() == 0;
  }

  /** Returns no place yet. */
  public Place newPlace() {
    return new Place();
  }

  /**
   * The place of one thread, which joins and leaves. Whatever throws, {@link #giveUp} leaves
   * nothing behind.
   */
  public final class Place {
    /** Which one; {@link #NONE} before and after. Written by the thread whose it is. */
    private volatile int index = NONE;

    private Place() {}

    /** Joins at the end; returns whether there was a place. */
    public boolean join() {
      long coming = FairMutexLayout.waiting(0, tag);
      for (int place = 0; place < places; place++) {
        if (word(place) == 0 && heap.compareAndSetLong(offset(place), 0, coming)) {
          index = place;
          heap.putLongVolatile(offset(place), FairMutexLayout.waiting(takeTicket(place), tag));
          return true;
        }
      }
      return false;
    }

    /** Leaves, with the mutex. */
    public void leave() {
      free();
    }

    /**
     * Gives up waiting, if it has not left yet.
     *
     * @param anyway whether the first is to look even if there was no signal
     */
    public void giveUp(boolean anyway) {
      long word = index == NONE ? 0 : free();
      if ((word & FairMutexLayout.SIGNALLED) != 0 || anyway) {
        signalFirst();
      }
    }

    private long free() {
      long word = heap.getAndSetLong(offset(index), 0);
      index = NONE;
      lowerUsed();
      room.signalOne();
      return word;
    }

    /** As {@link WaitingLine#isFirst(int, boolean)}. */
    public boolean isFirst(boolean wasSignalled) {
      return WaitingLine.this.isFirst(index, wasSignalled);
    }

    /** Forgets the flags, before a look; returns whether there was a signal. */
    public boolean clearFlags() {
      long flags = FairMutexLayout.SIGNALLED | FairMutexLayout.PASSED;
      return (heap.getAndBitwiseAndLong(offset(index), ~flags) & FairMutexLayout.SIGNALLED) != 0;
    }

    /**
     * Sleeps until there is a signal, for a time at most.
     *
     * @return whether nobody has woken this thread
     */
    public boolean sleep(long nanos) {
      return heap.sleepWhile(offset(index), (int) FairMutexLayout.waiting(0, tag), nanos);
    }

    /** Lets the thread look, which waits here or for a place. Any thread of the process may ask. */
    public void signal() {
      int place = index;
      long found = place == NONE ? 0 : word(place);
      if (FairMutexLayout.ticket(found) == 0) {
        room.signalAll();
      } else if (heap.compareAndSetLong(offset(place), found, found | FairMutexLayout.SIGNALLED)) {
        heap.wake(offset(place), 1);
      }
    }
  }

  private int takeTicket(int place) {
    while (true) {
      long word = heap.getLongVolatile(queue);
      long next = FairMutexLayout.withTicketTaken(word, place, places);
      if (heap.compareAndSetLong(queue, word, next)) {
        return FairMutexLayout.nextTicket(word);
      }
    }
  }

  private void lowerUsed() {
    long word = heap.getLongVolatile(queue);
    int used = FairMutexLayout.used(word, places);
    int taken = used;
    while (taken > 0 && word(taken - 1) == 0) {
      taken--;
    }
    if (taken != used) {
      heap.compareAndSetLong(queue, word, FairMutexLayout.withUsed(word, taken));
    }
  }

  /**
   * The place of the first of those who wait, {@link #NONE} if nobody does.
   *
   * @param self a place that is not passed over, whatever it says
   */
  private int first(int self) {
    int first = NONE;
    int lowest = 0;
    boolean isPassed = false;
    int used = used();
    for (int place = 0; place < used; place++) {
      long word = word(place);
      int ticket = FairMutexLayout.ticket(word);
      if (ticket != 0) {
        boolean passed = (word & FairMutexLayout.PASSED) != 0 && place != self;
        boolean before = passed == isPassed ? ticket - lowest < 0 : isPassed;
        if (first == NONE || before) {
          first = place;
          lowest = ticket;
          isPassed = passed;
        }
      }
    }
    return first;
  }

  /** Whether somebody is first who is not passed over. */
  public boolean hasFirst() {
    int first = first(NONE);
    long word = first == NONE ? 0 : word(first);
    return FairMutexLayout.ticket(word) != 0 && (word & FairMutexLayout.PASSED) == 0;
  }

  /**
   * Whether a place is that of the first; if not, a signal that came there goes on to the first.
   */
  private boolean isFirst(int place, boolean wasSignalled) {
    if (used() <= place) {
      raiseUsed(place);
    }
    if (first(place) == place) {
      return true;
    }
    if (wasSignalled) {
      signalFirst();
    }
    return false;
  }

  private void raiseUsed(int place) {
    long word = heap.getLongVolatile(queue);
    while (FairMutexLayout.used(word, places) <= place
        && !heap.compareAndSetLong(queue, word, FairMutexLayout.withUsed(word, place + 1))) {
      word = heap.getLongVolatile(queue);
    }
  }

  /** Frees the places of the dead. */
  public void freeTheDead() {
    Liveness living = new Liveness(heap, tag);
    int used = used();
    for (int place = 0; place < used; place++) {
      long word = word(place);
      if (word != 0
          && !living.isAlive(FairMutexLayout.tag(word))
          && heap.compareAndSetLong(offset(place), word, 0)) {
        room.signalOne();
      }
    }
    lowerUsed();
  }

  /**
   * Passes the first over if it has been signalled, at the last look too, and has not looked since.
   * Called whenever it is time.
   *
   * @param canBeHad whether the mutex is to be had, so that the first should have taken it
   */
  public void passTheStopped(boolean canBeHad) {
    int first = canBeHad ? first(NONE) : NONE;
    long word = first == NONE ? 0 : word(first);
    boolean hasTurn = FairMutexLayout.ticket(word) != 0 && (word & FairMutexLayout.PASSED) == 0;
    if (hasTurn && (word & FairMutexLayout.SIGNALLED) != 0 && word != suspect) {
      suspect = word;
      return;
    }
    if (hasTurn && word == suspect) {
      passOver(first, word);
    }
    suspect = 0;
    if (hasTurn) {
      signalFirst();
    }
  }

  private void passOver(int first, long suspected) {
    heap.compareAndSetLong(offset(first), suspected, suspected | FairMutexLayout.PASSED);
    int stopped = FairMutexLayout.tag(suspected);
    int used = stopped == tag ? 0 : used();
    for (int place = 0; place < used; place++) {
      long word = word(place);
      if (FairMutexLayout.ticket(word) != 0 && FairMutexLayout.tag(word) == stopped) {
        heap.compareAndSetLong(offset(place), word, word | FairMutexLayout.PASSED);
      }
    }
  }

  /** Lets the first one look, if there is one. */
  public void signalFirst() {
    int first = first(NONE);
    while (first != NONE) {
      long found = word(first);
      if (FairMutexLayout.ticket(found) != 0
          && heap.compareAndSetLong(offset(first), found, found | FairMutexLayout.SIGNALLED)) {
        int waiter = FairMutexLayout.tag(found);
        if (heap.wake(offset(first), 1) > 0 || heap.isAlive(waiter)) {
          return;
        }
        heap.compareAndSetLong(offset(first), found | FairMutexLayout.SIGNALLED, 0);
        lowerUsed();
      }
      first = first(NONE);
    }
  }

  /** What is signalled when a place becomes free. */
  public EventCount room() {
    return room;
  }
}
