package dev.rszshm.heap.internal.wait;

import dev.rszshm.heap.internal.os.VirtualThreads;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/*
 * Those threads of this process that wait idly on words of one heap: they have slept for a slice, and
 * nothing has happened. They sleep on for seconds, and one watcher for all of them looks at what they would
 * wake up for.
 *
 * Layout
 * ------
 * Nothing in shared memory. A Sleeper for each thread, and a count of the departures of participants that
 * were noticed.
 *
 * Protocol
 * --------
 * sleep, called in a loop by whoever looks at its condition, asks who has died (every 50 ms) and sees to
 * interrupts between two calls:
 *  1 no Sleeper of this thread says that it has slept on the same words with the same values: read the count
 *    of departures, sleep for a slice of 50 ms, and if the slice ends by itself enter a Sleeper with that
 *    count, and let the watcher run; return;
 *  2 there is one, and its count is the present one: set asleep;
 *  3 look again whether the count is the same, the Sleeper is still entered, the heap open, the watcher at
 *    work, and 6 was done once; if not, clear asleep, and sleep for a short slice as at 1;
 *  4 sleep in the kernel for LONG_SLICE at most; clear asleep.
 * the watcher, every TICK:
 *  5 for each Sleeper that is asleep: the heap is closed, the thread is interrupted, a word does not hold its
 *    value any more, or its count is not the present one: wake all who sleep on its words;
 *  6 ask whether any participant has gone since the last look; if so, raise the count and do 5 again; at the
 *    first look, when nobody sleeps for long yet, only raise the count;
 *  7 take away each Sleeper that was found awake for some looks; if it is asleep after that, put it back.
 * closing, when every access fails and before the file is unmapped:
 *  8 wake all who are asleep, again and again until nobody is, for CLOSING_NANOS at most.
 *
 * A wake-up that comes between 2 and the sleep in the kernel finds nobody. It is not lost, because 5 finds
 * the same again a tick later. That 5 wakes others too, of other processes even, is allowed by the contract
 * of every sleep here. 2 and 3 against 7: either the thread finds that it was taken away, or the watcher
 * that it is asleep.
 *
 * Why nobody misses a death: whoever sleeps for long has slept for a slice before, then looked, and then
 * asked who had died, or left it to another thread that had asked less than 50 ms ago, which is after the
 * count was read at 1. A departure after the count was read is noticed at 6, whose baseline is older or whose
 * first look has raised the count, and makes 3 fail or ends 4. After that the thread begins at 1 again, and so
 * asks within one more slice, if it did not at once.
 *
 * What is not noticed until a long slice ends: a change of something that is not one of the words, by a
 * thread that ended between the change and its signal, in a process that lives.
 *
 * Virtual threads do the same, but sleep in a ParkingLot, in 2 to 4: closing and 6 wake all of them, interrupts
 * and changes of their words are not the watcher's business. Where hundreds of them are idle, LONG_SLICE
 * becomes longer, so that they wake up 20 times a second all together.
 *
 * Who asks for 50 ms or less at a time sleeps for that time, and is not entered. So is nobody in a heap
 * without participants, where no death can be noticed, or on simulated memory, whose time is its own.
 *
 * If a process dies here
 * ----------------------
 * 1-8: all of this is gone with it; nothing was shared. If an error ends the watcher, the next who comes to
 * 1 starts another, and who sleeps looks when its long slice ends.
 */
public final class WaitingRoom {
  /** How long a thread sleeps at a time at first. */
  static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** How long an idle thread sleeps at a time: a net, which no promise hangs on. */
  static final long LONG_SLICE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private static final long CLOSING_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long CLOSING_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
  private static final int LOOKS_AWAKE = 3;

  /**
   * How often idle virtual threads wake up, all together: a carrier that has nothing else to do is
   * woken for each.
   */
  private static final long NANOS_BETWEEN_SLICES = TimeUnit.MILLISECONDS.toNanos(50);

  /** Among so many virtual threads those that have gone are looked for at each time. */
  private static final int FEW_VIRTUAL = 1_000;

  private final Memory memory;
  private final SystemCalls calls;
  private final BooleanSupplier open;
  private final Map<Thread, Sleeper> sleepers = new ConcurrentHashMap<>();

  /** Virtual threads, which are woken in another way, and are only taken away by the watcher. */
  private final Map<Thread, Sleeper> virtualSleepers = new ConcurrentHashMap<>();

  private final ParkingLot lot;

  /** Only the watcher counts. */
  private int callsToTakeAway;

  private volatile @Nullable DepartureLook look;
  private volatile long departures;

  /** Whether the watcher has looked at the participants since it began to watch. */
  private volatile boolean participantsKnown;

  /**
   * Makes an empty one.
   *
   * @param open whether the heap is open
   */
  public WaitingRoom(Platform platform, BooleanSupplier open) {
    this.memory = platform.memory();
    this.calls = platform.calls();
    this.open = open;
    this.lot = new ParkingLot(platform, open);
  }

  /** Where virtual threads are parked. */
  ParkingLot lot() {
    return lot;
  }

  private Map<Thread, Sleeper> sleepersLike(Thread thread) {
    return VirtualThreads.isVirtual(thread) ? virtualSleepers : sleepers;
  }

  /** Lets threads sleep for long from now on, because departures of participants are noticed. */
  public void watchDepartures(DepartureLook look) {
    if (!memory.isGuarded()) {
      this.look = look;
    }
  }

  /** Whether threads may sleep for long. */
  boolean isWatched() {
    return look != null;
  }

  /** The number of departures that were noticed, to be read before a thread begins to look. */
  long departures() {
    return departures;
  }

  /** What is known of the current thread's last sleep; null if nothing is. */
  @Nullable Sleeper ofCurrentThread() {
    Thread thread = Thread.currentThread();
    Map<Thread, Sleeper> like = sleepersLike(thread);
    return like.isEmpty() ? null : like.get(thread);
  }

  /** Notes that the current thread has slept for a slice, and nothing has happened. */
  void enter(long[] addresses, int[] values, long departuresBefore) {
    Thread thread = Thread.currentThread();
    if (Watcher.watch(this)) {
      sleepersLike(thread).put(thread, new Sleeper(thread, addresses, values, departuresBefore));
    }
  }

  /** How long an idle thread sleeps at a time: a virtual one of very many for longer. */
  static long longSliceNanos(int virtualSleepers) {
    return Math.max(LONG_SLICE_NANOS, virtualSleepers * NANOS_BETWEEN_SLICES);
  }

  /** How long an idle thread sleeps that lies down now. */
  long longSliceNanos(Sleeper sleeper) {
    boolean virtual = VirtualThreads.isVirtual(sleeper.thread);
    return longSliceNanos(virtual ? virtualSleepers.size() : 0);
  }

  /** Steps 2 and 3: whether the thread may sleep for long. It clears {@code asleep} in any case. */
  boolean lieDown(Sleeper sleeper) {
    sleeper.asleep = true;
    return participantsKnown
        && sleeper.departures == departures
        && sleepersLike(sleeper.thread).get(sleeper.thread) == sleeper
        && Watcher.isAtWork();
  }

  /** Wakes whoever has a reason to wake up; returns whether anybody is here. */
  boolean wakeDue() {
    boolean closed = !open.getAsBoolean();
    long now = departures;
    Set<Long> due = new HashSet<>();
    for (Sleeper sleeper : sleepers.values()) {
      if (!sleeper.asleep) {
        takeAway(sleepers, sleeper);
      } else {
        sleeper.looksAwake = 0;
        if (closed
            || sleeper.departures != now
            || sleeper.thread.isInterrupted()
            || hasChanged(sleeper)) {
          addAddresses(sleeper, due);
        }
      }
    }
    due.forEach(address -> calls.wakeWord(address, Integer.MAX_VALUE));
    return !(sleepers.isEmpty() && virtualSleepers.isEmpty());
  }

  private static void takeAway(Map<Thread, Sleeper> from, Sleeper sleeper) {
    if (++sleeper.looksAwake >= LOOKS_AWAKE) {
      from.remove(sleeper.thread, sleeper);
      if (sleeper.asleep) {
        from.putIfAbsent(sleeper.thread, sleeper);
      }
    }
  }

  /**
   * Forgets the virtual threads that have gone. The watcher calls it now and then; there may be
   * many, which it looks at less often.
   */
  void takeAwayVirtual() {
    if (++callsToTakeAway <= virtualSleepers.size() / FEW_VIRTUAL) {
      return;
    }
    callsToTakeAway = 0;
    for (Sleeper sleeper : virtualSleepers.values()) {
      if (sleeper.asleep) {
        sleeper.looksAwake = 0;
      } else {
        takeAway(virtualSleepers, sleeper);
      }
    }
  }

  private boolean hasChanged(Sleeper sleeper) {
    boolean changed = false;
    for (int i = 0; i < sleeper.words() && !changed; i++) {
      changed =
          !open.getAsBoolean() || memory.getIntVolatile(sleeper.address(i)) != sleeper.value(i);
    }
    return changed;
  }

  private static void addAddresses(Sleeper sleeper, Set<Long> addresses) {
    for (int i = 0; i < sleeper.words(); i++) {
      addresses.add(sleeper.address(i));
    }
  }

  /** Looks whether a participant has gone, and wakes everybody if so. */
  void noticeDepartures() {
    DepartureLook looking = look;
    if (looking != null && open.getAsBoolean() && looking.hasAnyoneGone()) {
      if (participantsKnown) {
        countDeparture();
      } else {
        departures++; // only the watcher writes it
        participantsKnown = true;
      }
    }
  }

  /** Lets everybody look again who sleeps for long. */
  void countDeparture() {
    departures++;
    lot.wakeAll();
    wakeDue();
  }

  /** Begins a new watch: what has happened before is not known. */
  void forgetParticipants() {
    participantsKnown = false;
    DepartureLook looking = look;
    if (looking != null) {
      looking.forget();
    }
  }

  /** Wakes the virtual threads, which find the heap closed. No monitor is held meanwhile. */
  public void wakeVirtualToClose() {
    lot.wakeAll();
  }

  /** Wakes all who are asleep, when the heap is closed and before its addresses become others'. */
  public void wakeAllToClose() {
    long start = System.nanoTime();
    Set<Long> addresses = asleep();
    while (!addresses.isEmpty()) {
      addresses.forEach(address -> calls.wakeWord(address, Integer.MAX_VALUE));
      if (System.nanoTime() - start > CLOSING_NANOS) {
        return;
      }
      calls.pause(CLOSING_PAUSE_NANOS);
      addresses = asleep();
    }
  }

  private Set<Long> asleep() {
    Set<Long> addresses = new HashSet<>();
    for (Sleeper sleeper : sleepers.values()) {
      if (sleeper.asleep) {
        addAddresses(sleeper, addresses);
      }
    }
    return addresses;
  }
}
