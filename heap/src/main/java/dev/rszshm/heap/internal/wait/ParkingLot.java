package dev.rszshm.heap.internal.wait;

import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/*
 * The virtual threads of this process that wait for words of one heap.
 *
 * In a futex wait a virtual thread would keep its carrier, and as many of them as there are carriers would
 * stop every virtual thread of the process, the one that they wait for too. So it parks, and a platform
 * thread, a Keeper, sleeps on its word in the kernel, for all who wait for that word and for all other
 * words that it keeps.
 *
 * Layout
 * ------
 * Nothing in shared memory. For each word that anybody waits for, who waits, in the order in which they came,
 * and its keeper. A keeper has up to Keeper.MOST_WORDS words, and a bell: a word of its own, not shared,
 * which it sleeps on too.
 *
 * Protocol
 * --------
 * park:
 *  1 in the lock: stand in the queue of each word; where the word has no keeper, give it one, and ring
 *    the bell of that;
 *  2 look at the words: one has changed: do not park;
 *  3 park until woken, interrupted, or the time is over; in the lock: leave the queues.
 * keep:
 *  4 read the bell; in the lock: take down the words;
 *  5 read the words; in the lock: of those who wait for a word and expect another value than it has, wake
 *    the first one, and take it out of its queues; if it stays like that for a millisecond, and nobody
 *    signals again, 8 more, then 64, and so on;
 *  6 a word has changed since the last look, and nobody waits for it who does not expect what it holds: the
 *    wake-up that this keeper may have had was meant for somebody else: pass it on to one sleeper. Drop each
 *    word that nobody waits for any more;
 *  7 sleep in the kernel while the bell and the words hold what was read at 4 and 5; go on at 4.
 * A word that changes before 7 ends 7 at once; one that changes after the keeper is in the kernel's queue has
 * a signal that wakes it. 1 comes before 2: either a thread sees the change at 2, or its keeper, which
 * sleeps by then or is rung, sees it in the queue at 5. So it does not matter which value a keeper that
 * sleeps already has read.
 *
 * A signal does not say how many it is for. That 5 begins with one keeps a lock that is handed on from
 * waking all who wait for it; that it does not end with one is what a signal for all needs.
 *
 * If a process dies here
 * ----------------------
 * 1-7: its queues are gone with it. It may have taken a wake-up that was for another process: everybody who
 * waits learns that a participant has gone (WaitingRoom). If an error ends a keeper, all who wait for its
 * words go on, and look.
 */
final class ParkingLot {
  /** More than so many words are polled instead. */
  private static final int MOST_KEEPERS = 128;

  final Memory memory;
  final SystemCalls calls;
  final BooleanSupplier open;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, ParkedWord> words = new HashMap<>();
  private final List<Keeper> keepers = new ArrayList<>();

  ParkingLot(Platform platform, BooleanSupplier open) {
    this.memory = platform.memory();
    this.calls = platform.calls();
    this.open = open;
  }

  /** Whether virtual threads of this heap can be kept: simulated ones are scheduled otherwise. */
  boolean isUsable() {
    return !memory.isGuarded();
  }

  /**
   * Enters a virtual thread, which is about to look at its words and to {@link #park}. It calls
   * {@link #leave} in any case.
   *
   * @return null if nobody can look after it
   */
  @Nullable Parked enter(Thread thread, long[] addresses, int[] values) {
    Parked parked = new Parked(thread, addresses, values);
    lock.lock();
    try {
      for (long address : addresses) {
        ParkedWord word = words.get(address);
        if (word == null) {
          Keeper keeper = keeper();
          if (keeper == null) {
            remove(parked);
            return null;
          }
          word = new ParkedWord(address, keeper);
          words.put(address, word);
          keeper.words.add(word);
          keeper.ring();
        }
        word.join(parked);
      }
      return parked;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Keeper keeper() {
    for (Keeper keeper : keepers) {
      if (keeper.words.size() < Keeper.MOST_WORDS) {
        return keeper;
      }
    }
    Keeper made = keepers.size() < MOST_KEEPERS && open.getAsBoolean() ? Keeper.start(this) : null;
    if (made != null) {
      keepers.add(made);
    }
    return made;
  }

  /** Parks the current thread; returns how that ended. An interrupt ends it, and stays. */
  static SystemCalls.Wait park(Parked parked, long nanos) {
    long start = System.nanoTime();
    long left = nanos;
    while (!parked.woken && !Thread.currentThread().isInterrupted()) {
      if (left <= 0) {
        return SystemCalls.Wait.TIMED_OUT;
      }
      LockSupport.parkNanos(parked, left);
      left = nanos - (System.nanoTime() - start);
    }
    return SystemCalls.Wait.WOKEN;
  }

  /** Takes a thread out of its queues. */
  void leave(Parked parked) {
    if (!parked.woken) {
      lock.lock();
      try {
        remove(parked);
      } finally {
        lock.unlock();
      }
    }
  }

  private void remove(Parked parked) {
    for (long address : parked.addresses) {
      ParkedWord word = words.get(address);
      if (word != null) {
        word.waiters.remove(parked);
      }
    }
  }

  /** Step 4: the words of a keeper. */
  ParkedWord[] wordsOf(Keeper keeper) {
    lock.lock();
    try {
      return keeper.words.toArray(new ParkedWord[0]);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Step 5: lets those go on who have a reason.
   *
   * @param values what the words hold
   * @param passOn gets the addresses of step 6
   * @return in how many nanoseconds to look again at the latest
   */
  long look(ParkedWord[] kept, int[] values, List<Long> passOn) {
    long next = Long.MAX_VALUE;
    lock.lock();
    try {
      long now = System.nanoTime();
      for (int i = 0; i < kept.length; i++) {
        boolean changed = kept[i].hasChanged(values[i]);
        List<Parked> chosen = kept[i].look(values[i], now);
        if (changed && chosen.isEmpty()) {
          passOn.add(kept[i].address);
        }
        chosen.forEach(this::wake);
        next = Math.min(next, kept[i].untilDue(now));
        if (kept[i].waiters.isEmpty()) {
          drop(kept[i]);
        }
      }
    } finally {
      lock.unlock();
    }
    return next;
  }

  private void drop(ParkedWord word) {
    word.dropped = true;
    word.keeper.words.remove(word);
    words.remove(word.address, word);
  }

  private void wake(Parked parked) {
    remove(parked);
    parked.wake();
  }

  /** How many keepers there are. */
  int keepers() {
    lock.lock();
    try {
      return keepers.size();
    } finally {
      lock.unlock();
    }
  }

  /** Lets everybody look again. Keepers of a closed heap end. */
  void wakeAll() {
    if (!isUsable()) {
      return;
    }
    lock.lock();
    try {
      words.values().forEach(this::wakeAll);
      if (!open.getAsBoolean()) {
        keepers.forEach(Keeper::ring);
      }
    } finally {
      lock.unlock();
    }
  }

  private void wakeAll(ParkedWord word) {
    List.copyOf(word.waiters).forEach(this::wake);
  }

  /** Takes a keeper away, if it has nothing to do or must end. */
  boolean dismiss(Keeper keeper, boolean anyway) {
    lock.lock();
    try {
      if (!anyway && !keeper.words.isEmpty()) {
        return false;
      }
      keepers.remove(keeper);
      for (ParkedWord word : List.copyOf(keeper.words)) {
        drop(word);
        wakeAll(word);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
