package dev.rszshm.sync;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.sync.internal.DeathWatch;
import dev.rszshm.sync.internal.EventCountLayout;
import dev.rszshm.sync.internal.Spinning;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import dev.rszshm.sync.internal.WaitResult;
import dev.rszshm.sync.internal.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/*
 * The way to wait for anything: for a condition over shared memory to become true.
 *
 * Layout
 * ------
 * EventCountLayout: one 32-bit word, a futex. Bit 0 says that somebody may be asleep, the others count the signals. Zero
 * is a new one.
 *
 * Protocol
 * --------
 * wait:
 *  1 look at the condition; true: done;
 *  2 set bit 0, and keep the word as the key;
 *  3 look at the condition again; true: done;
 *  4 sleep while the word is the key, at most one slice; go on at 1.
 * signal, after the condition may have become true:
 *  5 read the word; bit 0 clear: nobody sleeps, done;
 *  6 to wake one: count a signal, and wake one; if there was none to wake, for the second time in a row, go
 *    on at 7;
 *  7 to wake all: count a signal and clear bit 0 in one step, and wake all.
 * The change of the condition, 5, 2 and 3 have volatile order: either the waiter sees the change at 3, or
 * the signaller sees the bit at 5, and then the key is old and nobody falls asleep. Bit 0 is only cleared
 * together with waking all, so a sleeper without the bit is one who has been woken.
 *
 * If a process dies here
 * ----------------------
 * 2-4: bit 0 stays set, which costs the next signal a system call. Who was woken and died before it could
 * act has taken the signal of another with it; before 6 or between the two parts of 7 nobody is woken:
 * those who sleep look again when their slice ends, at most 50 ms later.
 *
 * What wraps, and why that suffices
 * ---------------------------------
 * Signals are counted modulo 2^31. A thread that stands still between 2 and 4 while a multiple of that
 * many come, exactly, takes its key for a new one, and sleeps: it looks at its condition when its slice
 * ends. Only a condition variable has nothing to look at but this word; it would miss these signals if none
 * came after them. At a million a second that takes a stop of 36 minutes that ends at one signal of 2^31.
 *
 * The name and the shape are those of the event counts that lock-free libraries have (Reed and Kanodia,
 * 1979, for the idea).
 */

/**
 * Lets threads of any process sleep until a condition over shared memory is true, without a lock:
 * whoever makes it true signals. The signal costs one read when nobody waits.
 *
 * <p>The change that is announced must have volatile order: an atomic operation or a volatile
 * write. Any number of threads and processes may wait and signal. If a process dies in either, the
 * others notice what it did at the latest when their slice of 50 ms ends, or, if they are
 * {@linkplain #sleep(int, Deadline) idle}, when they are told of its death.
 */
public final class EventCount {
  /** What a {@link Directory} is told that this is. */
  static final long TYPE = 0x5359_4e43_000cL;

  private static final int VERSION = 1;

  /** Bytes; the offset is a multiple of 4. Zeros are a new one. */
  public static final int LENGTH = EventCountLayout.LENGTH;

  /** Two that pass a turn to each other meet an empty one now and then, and go on. */
  private static final int EMPTY_SIGNALS = 2;

  private static final int WAITERS = EventCountLayout.WAITERS;
  private static final int ONE_SIGNAL = EventCountLayout.ONE_SIGNAL;

  private final Heap heap;
  private final long offset;
  private final Spinning spinning;

  /** Signals in a row that woke nobody; a guess, which threads may write at once. */
  private int emptySignals;

  private EventCount(Heap heap, long offset) {
    this.heap = heap;
    this.offset = offset;
    this.spinning = new Spinning(heap);
  }

  /** The event count at an offset. */
  public static EventCount at(Heap heap, long offset) {
    Places.note(heap, EventCount.class, offset, LENGTH);
    heap.getIntVolatile(offset);
    return new EventCount(heap, offset);
  }

  /**
   * Finds the event count of a name, or makes it; see {@link Directory}. Otherwise as {@link #at}.
   */
  public static EventCount named(Directory directory, String name) {
    long place = directory.place(name, TYPE, VERSION, LENGTH);
    return at(directory.heap(), place);
  }

  /** Returns the heap. */
  public Heap heap() {
    return heap;
  }

  /** Returns the offset. */
  public long offset() {
    return offset;
  }

  /**
   * Announces that this thread is about to sleep. Look at the condition after it, and then {@link
   * #sleep}.
   *
   * @return the key to sleep with
   */
  public int prepare() {
    while (true) {
      int word = heap.getIntVolatile(offset);
      if ((word & WAITERS) != 0 || heap.compareAndSetInt(offset, word, word | WAITERS)) {
        return word | WAITERS;
      }
    }
  }

  /**
   * Sleeps until a signal that came after the key, for one slice at most. A slice is 50 ms; for a
   * thread that has slept for one with the same key already, and so is idle, it is up to 20 s, and
   * ends early when a process that takes part in the heap has died, or the heap is closed. Does not
   * throw if the current thread is interrupted.
   *
   * @return whether the slice is over, or the time: nobody has woken this thread. When to ask who
   *     has died is for a {@link DeathWatch} to say: others may wake this thread again and again
   */
  public boolean sleep(int key, Deadline deadline) {
    return sleep(key, deadline.remainingNanos());
  }

  /** As {@link #sleep(int, Deadline)}, for so many nanoseconds at most. */
  public boolean sleep(int key, long nanos) {
    return spinning.sleepWhile(offset, key, nanos);
  }

  /**
   * As {@link #sleep}, until a signal of any of several event counts of one heap that came after
   * its key: call {@link #prepare} of each, look at all conditions, and then this.
   *
   * @param keys what {@link #prepare} of each has returned, in the same order
   * @throws IllegalArgumentException if there are none, more than 128, not as many keys, or they
   *     are in several heaps
   */
  public static boolean sleepOnAny(List<EventCount> counts, int[] keys, Deadline deadline) {
    if (counts.isEmpty() || counts.stream().anyMatch(c -> c.heap != counts.get(0).heap)) {
      throw new IllegalArgumentException(
          "a sleep on " + counts.size() + " event counts: name some, all of one heap object");
    }
    long[] offsets = counts.stream().mapToLong(c -> c.offset).toArray();
    return counts.get(0).heap.sleepWhile(offsets, keys, deadline.remainingNanos());
  }

  /** Whether there was a signal after the key. */
  public boolean hasSignalled(int key) {
    return (heap.getIntVolatile(offset) | WAITERS) != key;
  }

  /**
   * Whether anybody may be asleep, for those who announce a change with an atomic operation, look
   * here next, and signal later: if this says no, whoever comes to wait sees that operation.
   */
  public boolean mayHaveSleepers() {
    return (heap.getIntVolatile(offset) & WAITERS) != 0;
  }

  /**
   * Wakes a thread that waits, if there is one. For changes of which any one who waits can make
   * use: if they wait for different things, use {@link #signalAll}.
   */
  public void signalOne() {
    int word = heap.getIntVolatile(offset);
    while ((word & WAITERS) != 0) {
      if (heap.compareAndSetInt(offset, word, word + ONE_SIGNAL)) {
        if (heap.wake(offset, 1) > 0) {
          emptySignals = 0;
        } else if (++emptySignals >= EMPTY_SIGNALS) {
          emptySignals = 0;
          signalAll();
        }
        return;
      }
      word = heap.getIntVolatile(offset);
    }
  }

  /** Wakes all threads that wait. */
  public void signalAll() {
    int word = heap.getIntVolatile(offset);
    while ((word & WAITERS) != 0) {
      if (heap.compareAndSetInt(offset, word, word + ONE_SIGNAL & ~WAITERS)) {
        heap.wake(offset, Integer.MAX_VALUE);
        return;
      }
      word = heap.getIntVolatile(offset);
    }
  }

  /**
   * Waits until a condition is true: looks a few times, and then sleeps between looks.
   *
   * @param condition reads shared memory with volatile order; called often, by this thread only
   * @throws InterruptedException if the current thread is interrupted before or while it waits
   * @throws IllegalStateException if the heap is closed
   */
  public void await(BooleanSupplier condition) throws InterruptedException {
    wait(condition, WaitMode.INTERRUPTIBLE).orThrow(this);
  }

  /**
   * Waits until a condition is true, no longer than a time on the monotonic clock. Otherwise as
   * {@link #await(BooleanSupplier)}.
   *
   * @return whether the condition has become true
   */
  public boolean await(BooleanSupplier condition, Duration time) throws InterruptedException {
    return wait(condition, WaitMode.within(heap, time)).orThrow(this).isDone();
  }

  /** Waits until a condition is true; an interrupt does not end the wait, and stays noted. */
  public void awaitUninterruptibly(BooleanSupplier condition) {
    wait(condition, WaitMode.UNINTERRUPTIBLE);
  }

  private WaitResult<Boolean> wait(BooleanSupplier condition, WaitMode mode) {
    return Waiting.await(
        WaitPoint.of(this), null, ask -> condition.getAsBoolean() ? Boolean.TRUE : null, mode);
  }

  /**
   * Looks at a condition a few times, without sleeping, for as long as that has been worth it with
   * this handle; not at all where only one thread can run at a time.
   *
   * @return whether it has become true
   */
  public boolean spin(BooleanSupplier condition) {
    return spinning.until(condition);
  }

  @Override
  public String toString() {
    return "the event count at offset " + offset + " of " + heap.path();
  }
}
