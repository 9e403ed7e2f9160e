package dev.rszshm.sync;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.sync.internal.BarrierLayout;
import dev.rszshm.sync.internal.DeathWatch;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import dev.rszshm.sync.internal.WaitResult;
import dev.rszshm.sync.internal.Waiting;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/*
 * Layout
 * ------
 * BarrierLayout.
 *
 * Protocol
 * --------
 * make: 0 the parties, by compare-and-set from 0; then the state in the same way.
 * await:
 *  1 read the state, and then note the own process as one that takes part: a word from 0 to its tag, by
 *    compare-and-set, unless it is there. A reset after that makes 2 fail, and both are done again;
 *  2 arrive: one more in the state, by compare-and-set; the last one: none arrived and the next round, in
 *    the same step, and signal all: done;
 *  3 wait until the round is another. Whenever it is time (DeathWatch), ask whether all who take part
 *    live; if not, or if the time is over, or the thread is interrupted: set broken, by compare-and-set
 *    while the round is the same, and signal all. Only who does so reports it: if the round is over, it has
 *    passed.
 * reset:
 *  4 clear who takes part;
 *  5 raise the last reset to the next round, unless it is that or a later one;
 *  6 none arrived, not broken and the next round, in one step; signal all. Failed: on at 4.
 * Who finds another round than it arrived in has passed, however many have passed since, unless the last
 * reset is behind its round: 5 comes before 6, so whoever sees the round that a reset began sees that it did.
 *
 * If a process dies here
 * ----------------------
 * 0: the next who makes it goes on. 1: it is noted, or not. From then on whoever waits finds it dead, and breaks
 * the barrier: a party that is gone will not arrive. 2: it has arrived, or not. 3, before a signal: those
 * who sleep look when their slice ends. 4: parties are unknown until they come again. 5: it was not reset,
 * but who waits is told so when its round ends. 6: those who sleep look when their slice ends.
 *
 * What cannot wrap
 * ----------------
 * A round has 47 bits and counts resets too: at one in a microsecond they last for four years, and a
 * party would have to stand still for just so long to take a round for its own.
 */

/**
 * Lets a fixed number of threads, of any processes, wait for each other, round after round. As in
 * {@link java.util.concurrent.CyclicBarrier}, a party that fails breaks it for all: one whose wait
 * is interrupted or times out, and here also one whose process dies or detaches after it has taken
 * part once. Then everybody gets a {@link BrokenBarrierException}, at most 100 ms later, until
 * {@link #reset}.
 *
 * <p>A process that dies before it has ever arrived is not known: wait with a time-out if that can
 * happen. All methods may be called by any thread, and have volatile order.
 */
public final class SharedBarrier {
  /** What a {@link Directory} is told that this is. */
  static final long TYPE = 0x5359_4e43_0008L;

  private static final int VERSION = 1;

  /** The most parties a barrier can have. */
  public static final int MAX_PARTIES = BarrierLayout.MAX_PARTIES;

  private final Heap heap;
  private final long offset;
  private final EventCount events;
  private final int parties;
  private final int tag;
  private final DeathWatch deaths;

  private SharedBarrier(Heap heap, long offset, int parties) {
    this.heap = heap;
    this.offset = offset;
    this.events = EventCount.at(heap, offset + BarrierLayout.EVENTS);
    this.parties = parties;
    this.tag = Holder.tagOf(heap);
    this.deaths = new DeathWatch(heap);
    heap.region(offset, length(parties));
  }

  /** Bytes of a barrier for so many parties. */
  public static long length(int parties) {
    if (parties < 1 || parties > MAX_PARTIES) {
      throw new IllegalArgumentException(
          "a barrier has 1 to " + MAX_PARTIES + " parties, found " + parties);
    }
    return BarrierLayout.member(parties);
  }

  /**
   * Makes a barrier in bytes of zeros, or finds the one that another process has made there for as
   * many parties.
   *
   * @param offset a multiple of 8
   * @throws IllegalStateException if there is one for another number of parties
   */
  public static SharedBarrier at(Heap heap, long offset, int parties) {
    Places.note(heap, SharedBarrier.class, offset, length(parties));
    Holder.self(heap);
    heap.region(offset, length(parties));
    long state = heap.getLongVolatile(offset);
    if (state != 0 && !BarrierLayout.isMade(state)) {
      throw noBarrier(heap, offset, state, heap.getIntVolatile(offset + BarrierLayout.PARTIES));
    }
    heap.compareAndSetInt(offset + BarrierLayout.PARTIES, 0, parties);
    int found = heap.getIntVolatile(offset + BarrierLayout.PARTIES);
    if (found != parties) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "the barrier at offset %d of %s is for %d parties, expected %d",
              offset,
              heap.path(),
              found,
              parties));
    }
    heap.compareAndSetLong(offset, 0, BarrierLayout.MADE);
    return at(heap, offset);
  }

  /** Finds the barrier of a name, or makes it; see {@link Directory}. Otherwise as {@link #at}. */
  public static SharedBarrier named(Directory directory, String name, int parties) {
    long place = directory.place(name, TYPE, VERSION, length(parties));
    return at(directory.heap(), place, parties);
  }

  /**
   * The barrier that was made at an offset.
   *
   * @throws IllegalStateException if there is none
   */
  public static SharedBarrier at(Heap heap, long offset) {
    long word = heap.getLongVolatile(offset);
    int parties = heap.getIntVolatile(offset + BarrierLayout.PARTIES);
    if (!BarrierLayout.isMade(word) || parties < 1 || parties > MAX_PARTIES) {
      throw noBarrier(heap, offset, word, parties);
    }
    return new SharedBarrier(heap, offset, parties);
  }

  private static IllegalStateException noBarrier(Heap heap, long offset, long word, int parties) {
    return new IllegalStateException(
        String.format(
            Locale.ROOT,
            "there is no barrier at offset %d of %s: found 0x%x and %d parties. Make it first, by at with its size",
            offset,
            heap.path(),
            word,
            parties));
  }

  private long state() {
    return heap.getLongVolatile(offset);
  }

  /** How many parties it is for. */
  public int parties() {
    return parties;
  }

  /** How many are waiting. */
  public int waiting() {
    return BarrierLayout.arrived(state());
  }

  /** Whether a party has failed, and nobody has reset the barrier since. */
  public boolean isBroken() {
    return BarrierLayout.isBroken(state());
  }

  /**
   * Waits until all parties have arrived. An interrupt is noticed within 50 ms.
   *
   * @return how many had still to come when this thread arrived; 0 for the last one
   * @throws BrokenBarrierException if a party failed or died, or the barrier was reset
   * @throws InterruptedException if this thread is interrupted, which breaks the barrier
   */
  public int await() throws InterruptedException, BrokenBarrierException {
    return await(WaitMode.INTERRUPTIBLE).value();
  }

  /**
   * As {@link #await()}, for a limited time on the monotonic clock.
   *
   * @throws TimeoutException if the time ran out, which breaks the barrier
   */
  public int await(Duration time)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    WaitResult<Integer> result = await(WaitMode.within(heap, time));
    if (!result.isDone()) {
      throw new TimeoutException("not all parties came in time to " + this);
    }
    return result.value();
  }

  private WaitResult<Integer> await(WaitMode mode)
      throws InterruptedException, BrokenBarrierException {
    if (mode.isInterrupted()) {
      long word = state();
      requireWhole(word);
      breakIn(BarrierLayout.round(word));
      throw new InterruptedException("interrupted before waiting at " + this);
    }
    while (true) {
      long word = state();
      requireWhole(word);
      takePart();
      int arrived = BarrierLayout.arrived(word) + 1;
      boolean last = arrived >= parties;
      long next = last ? BarrierLayout.next(word) : word + BarrierLayout.ONE_ARRIVED;
      if (heap.compareAndSetLong(offset, word, next)) {
        if (last) {
          events.signalAll();
        } else if (!waitForEnd(BarrierLayout.round(word), mode)) {
          return WaitResult.timedOut();
        }
        return WaitResult.done(parties - arrived);
      }
    }
  }

  private void takePart() {
    for (int i = 0; i < parties; i++) {
      long member = offset + BarrierLayout.member(i);
      int found = heap.getIntVolatile(member);
      if (found == tag || (found == 0 && heap.compareAndSetInt(member, 0, tag))) {
        return;
      }
    }
  }

  /** Returns whether the round has ended; if not, this thread has broken the barrier. */
  private boolean waitForEnd(long round, WaitMode mode)
      throws InterruptedException, BrokenBarrierException {
    WaitResult<Boolean> result =
        Waiting.await(WaitPoint.of(events), deaths, ask -> lookAtRound(round, ask), mode);
    if (!result.isDone() && breakIn(round)) {
      result.orThrow(this);
      return false;
    }
    if (result.isInterrupted()) {
      Thread.currentThread().interrupt(); // the round has ended without it
    }
    requirePassed(round);
    return true;
  }

  /** Returns true if a round has ended, well or not; null if not yet. */
  private @Nullable Boolean lookAtRound(long round, boolean asksForTheDead) {
    long word = state();
    if (BarrierLayout.round(word) != round || BarrierLayout.isBroken(word)) {
      return true;
    }
    if (asksForTheDead && hasLostSomebody()) {
      breakIn(round);
      return true;
    }
    return null;
  }

  /** Returns if a round that has ended has been passed. */
  private void requirePassed(long round) throws BrokenBarrierException {
    long word = state();
    if (BarrierLayout.round(word) == round) {
      requireWhole(word);
    } else if (heap.getLongVolatile(offset + BarrierLayout.LAST_RESET) > round) {
      throw new BrokenBarrierException(this + " was reset while this thread waited");
    }
  }

  private void requireWhole(long word) throws BrokenBarrierException {
    if (BarrierLayout.isBroken(word)) {
      throw new BrokenBarrierException(
          this + " is broken: a party was interrupted, came too late or died. Reset it");
    }
  }

  private boolean hasLostSomebody() {
    for (int i = 0; i < parties; i++) {
      int found = heap.getIntVolatile(offset + BarrierLayout.member(i));
      if (found != 0 && !heap.isAlive(found)) {
        return true;
      }
    }
    return false;
  }

  /** Breaks the barrier, unless the round is over or broken by now; returns whether it did. */
  private boolean breakIn(long round) {
    while (true) {
      long word = state();
      if (BarrierLayout.round(word) != round || BarrierLayout.isBroken(word)) {
        return false;
      }
      if (heap.compareAndSetLong(offset, word, word | BarrierLayout.BROKEN)) {
        events.signalAll();
        return true;
      }
    }
  }

  /** Makes the barrier a new one; whoever waits gets a {@link BrokenBarrierException}. */
  public void reset() {
    while (!tryReset()) {
      Thread.onSpinWait(); // another has changed the state meanwhile
    }
    events.signalAll();
  }

  private boolean tryReset() {
    long word = state();
    for (int i = 0; i < parties; i++) {
      heap.putIntVolatile(offset + BarrierLayout.member(i), 0);
    }
    long next = BarrierLayout.next(word);
    raiseLastReset(BarrierLayout.round(next));
    return heap.compareAndSetLong(offset, word, next);
  }

  private void raiseLastReset(long round) {
    long last = offset + BarrierLayout.LAST_RESET;
    long found = heap.getLongVolatile(last);
    while (found < round && !heap.compareAndSetLong(last, found, round)) {
      found = heap.getLongVolatile(last);
    }
  }

  @Override
  public String toString() {
    return "the barrier at offset " + offset + " of " + heap.path();
  }
}
