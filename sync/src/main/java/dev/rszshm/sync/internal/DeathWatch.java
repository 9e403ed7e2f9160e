package dev.rszshm.sync.internal;

import dev.rszshm.heap.Heap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/*
 * To ask whether a process lives is a system call, so it is not done at each look. It must not hang on how a
 * sleep ended either: one who is woken again and again, by others, by signals, for nothing, would never ask.
 * So the clock says when, and the answer is asked for before a sleep, wherever a look has failed.
 *
 * One watch belongs to one handle, and its threads share it: what is found dead is taken, passed or
 * broken for all, so one that asks is enough. It is kept from wait to wait, because each wait may be short
 * and still lack what the dead have. A new one is due at once, for handles that are made for one wait.
 *
 * A thread that sleeps for longer than the interval (Heap.sleepWhile) has slept for an interval before, so it, or
 * another one of the handle, has asked after that sleep began; and its long sleep ends when a participant
 * goes. Then it asks, or sleeps for an interval and asks.
 *
 * If whoever was told to ask stops before it does, the next one is told so an interval later.
 */

/**
 * Says when it is time to ask whether those whom one waits for are alive: every 50 ms on the
 * monotonic clock, however often and by whatever the sleeps between are ended. In a loop that
 * waits, ask {@link #isDue} whenever a look has failed, before the next sleep.
 *
 * <p>Keep one for each handle, not for each wait. Any thread may use it.
 */
public final class DeathWatch {
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Instead of a time: the interval begins when somebody asks first. */
  private static final long NOT_BEGUN = Long.MIN_VALUE;

  private final Heap heap;
  private final AtomicLong asked;

  /** Creates one that is due at once. */
  public DeathWatch(Heap heap) {
    this(heap, heap.nanoTime() - INTERVAL_NANOS);
  }

  private DeathWatch(Heap heap, long asked) {
    this.heap = heap;
    this.asked = new AtomicLong(asked);
  }

  /**
   * Returns one whose first interval begins at the first {@link #isDue}, which is false. It reads
   * no clock before: most waits end while they spin.
   */
  public static DeathWatch beginningWhenAsked(Heap heap) {
    return new DeathWatch(heap, NOT_BEGUN);
  }

  /** Whether it is time; then the caller asks, and nobody else needs to for the next 50 ms. */
  public boolean isDue() {
    long last = asked.get();
    long now = heap.nanoTime();
    boolean begun = last != NOT_BEGUN;
    boolean over = begun && now - last >= INTERVAL_NANOS;
    return (over || !begun) && asked.compareAndSet(last, now) && begun;
  }
}
