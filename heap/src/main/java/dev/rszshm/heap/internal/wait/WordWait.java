package dev.rszshm.heap.internal.wait;

import dev.rszshm.heap.internal.os.VirtualThreads;
import dev.rszshm.heap.spi.SystemCalls;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * A wait for a shared word to change.
 *
 * <p>A thread in a futex wait cannot be interrupted by Java, so the wait goes in slices; after each
 * of them the word, the clock, the interrupt flag and the heap are looked at. Slices are short, and
 * for threads that go on waiting for the same, after which the watcher of the {@link WaitingRoom}
 * looks, long. A signal of the system, such as a profiler sends many times a second, is no reason
 * to end a slice: whoever sleeps once and learns that the time is over asks then who has died. A
 * virtual thread parks instead ({@link ParkingLot}, or {@link ParkedSleep} where that has no room).
 * If the process dies here, nothing is left: a waiter writes nothing.
 */
public final class WordWait {
  private static final long SLICE_NANOS = WaitingRoom.SLICE_NANOS;

  private static final int MAX_WORDS = 128;

  private final Words words;
  private final SystemCalls calls;
  private final WaitingRoom room;

  /**
   * Makes one wait.
   *
   * @param room where those wait who wait for long for a word of the same heap
   */
  public WordWait(Words words, SystemCalls calls, WaitingRoom room) {
    this.words = words;
    this.calls = calls;
    this.room = room;
  }

  public boolean await(long offset, int value, Duration timeout) throws InterruptedException {
    long limit = Nanos.saturated(timeout);
    long start = calls.nanoTime();
    while (true) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while waiting for offset " + offset);
      }
      if (words.value(offset) != value) {
        return true;
      }
      long left = limit - (calls.nanoTime() - start);
      if (left <= 0) {
        return false;
      }
      sleep(offset, value, left);
    }
  }

  /** Sleeps once; returns whether the time is over. */
  public boolean sleep(long offset, int value, long nanos) {
    if (VirtualThreads.isVirtual(Thread.currentThread())) {
      return sleep(new long[] {offset}, new int[] {value}, nanos);
    }
    Sleep sleep = left -> calls.waitOnWord(words.address(offset), value, left);
    if (nanos <= SLICE_NANOS || !room.isWatched()) {
      return slice(nanos, SLICE_NANOS, sleep);
    }
    long departures = room.departures();
    Sleeper idle = room.ofCurrentThread();
    if (idle != null
        && idle.departures == departures
        && idle.sleptOn(words.address(offset), value)) {
      return idly(idle, nanos, sleep);
    }
    return attentively(
        nanos, sleep, () -> new long[] {words.address(offset)}, new int[] {value}, departures);
  }

  /** Sleeps once; returns whether the time is over. */
  public boolean sleep(long[] offsets, int[] values, long nanos) {
    if (offsets.length < 1 || offsets.length > MAX_WORDS || offsets.length != values.length) {
      throw new IllegalArgumentException(
          "a wait for "
              + offsets.length
              + " words with "
              + values.length
              + " values was asked for: name 1 to "
              + MAX_WORDS
              + ", and as many values");
    }
    Sleep sleep =
        VirtualThreads.isVirtual(Thread.currentThread())
            ? virtually(offsets, values)
            : left -> calls.waitOnWords(addresses(offsets), values, left);
    if (nanos <= SLICE_NANOS || !room.isWatched()) {
      return slice(nanos, SLICE_NANOS, sleep);
    }
    long departures = room.departures();
    Sleeper idle = room.ofCurrentThread();
    if (idle != null && idle.departures == departures && idle.sleptOn(addresses(offsets), values)) {
      return idly(idle, nanos, sleep);
    }
    return attentively(nanos, sleep, () -> addresses(offsets), values, departures);
  }

  private long[] addresses(long[] offsets) {
    long[] addresses = new long[offsets.length];
    for (int i = 0; i < offsets.length; i++) {
      addresses[i] = words.address(offsets[i]);
    }
    return addresses;
  }

  /** Sleeps for a short slice, and notes it if nothing has happened. */
  private boolean attentively(
      long nanos, Sleep sleep, Supplier<long[]> addresses, int[] values, long departures) {
    boolean over = slice(nanos, SLICE_NANOS, sleep);
    if (over) {
      room.enter(addresses.get(), values, departures);
    }
    return over;
  }

  /** Sleeps for long, or shortly if nobody would look after this thread. */
  private boolean idly(Sleeper sleeper, long nanos, Sleep sleep) {
    try {
      long most = room.lieDown(sleeper) ? room.longSliceNanos(sleeper) : SLICE_NANOS;
      return slice(nanos, most, sleep);
    } finally {
      sleeper.asleep = false;
    }
  }

  /** The sleep of a virtual thread. An interrupt from before does not end it, and stays. */
  private Sleep virtually(long[] offsets, int[] values) {
    long departures = room.departures();
    return left -> {
      boolean interruptedBefore = Thread.interrupted();
      try {
        return park(offsets, values, left, departures);
      } finally {
        if (interruptedBefore) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }

  private SystemCalls.Wait park(long[] offsets, int[] values, long nanos, long departures) {
    Thread thread = Thread.currentThread();
    ParkingLot lot = room.lot();
    Parked parked = lot.isUsable() ? lot.enter(thread, addresses(offsets), values) : null;
    if (parked == null) {
      boolean over =
          new ParkedSleep(words, calls).sleep(offsets, values, Math.min(nanos, SLICE_NANOS));
      return over ? SystemCalls.Wait.TIMED_OUT : SystemCalls.Wait.WOKEN;
    }
    try {
      for (int i = 0; i < offsets.length; i++) {
        if (words.value(offsets[i]) != values[i]) {
          return SystemCalls.Wait.CHANGED;
        }
      }
      return room.departures() == departures
          ? ParkingLot.park(parked, nanos)
          : SystemCalls.Wait.WOKEN;
    } finally {
      lot.leave(parked);
    }
  }

  /**
   * Sleeps for one slice, or for a shorter time; a signal does not end it. Each sleep after one
   * begins with a look at the heap.
   *
   * <p>The clock is read first only if the end of the time is near. Otherwise the slice is counted
   * from the first signal on, if there is one: that is never too long, and whoever waits without
   * limit, as most do, needs no clock.
   */
  private boolean slice(long nanos, long most, Sleep sleep) {
    long slice = Math.max(0, Math.min(nanos, most));
    boolean timed = nanos < 2 * most;
    long start = timed ? calls.nanoTime() : 0;
    long left = slice;
    SystemCalls.Wait end = sleep(sleep, left);
    while (end == SystemCalls.Wait.INTERRUPTED) {
      if (!timed) {
        timed = true;
        start = calls.nanoTime();
      }
      left = slice - (calls.nanoTime() - start);
      if (left <= 0) {
        return true;
      }
      end = sleep(sleep, left);
    }
    return end == SystemCalls.Wait.TIMED_OUT;
  }

  private SystemCalls.Wait sleep(Sleep sleep, long nanos) {
    return words.inKernel(() -> sleep.sleep(nanos));
  }

  /** One sleep in the kernel. */
  private interface Sleep {
    SystemCalls.Wait sleep(long nanos);
  }

  /** The words of a region, by offset. */
  public interface Words {
    /** Reads a word with volatile order. */
    int value(long offset);

    /** The address of a word, for a system call that follows at once. */
    long address(long offset);

    /** Makes a system call on addresses. */
    <T> T inKernel(Supplier<T> call);
  }
}
