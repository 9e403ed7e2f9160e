package dev.rszshm.sync.internal;

import dev.rszshm.heap.internal.watch.Pending;
import dev.rszshm.heap.internal.watch.ReportKind;
import dev.rszshm.heap.internal.watch.Reports;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/*
 * The one loop in which threads of this project wait: for locks, permits, parties, messages.
 *
 * Layout
 * ------
 * None of its own: a WaitPoint says on which words of shared memory the thread sleeps.
 *
 * Protocol
 * --------
 *  1 interrupted, and the mode minds it: interrupted;
 *  2 look; found: done; the time is over: timed out;
 *  3 look a few times more, if the point says that it is worth it; found: done;
 *  4 prepare: from now on a signal ends the next sleep;
 *  5 look; nothing found, and it is time (DeathWatch): look again, and ask whether those live on whom it
 *    depends, and take, break or report what the dead have left. The last look asks that at once. Found: done;
 *    last: timed out; interrupted: interrupted;
 *  6 sleep; on at 4.
 * A change of what is looked at comes before its signal, and 4 before 5: either 5 sees the change, or the
 * signal comes after 4 and ends 6. The time is read before the last look, so whatever came in time is seen.
 * Who ends without having found anything, or throws, after it was woken at 6, may have been woken in the
 * place of another, who could use it: it passes the signal on.
 *
 * If a process dies here
 * ----------------------
 * 1-3: nothing is left but what a look does, which is said where it is written. 4-6: the sign that somebody
 * may sleep, which costs the next signal a system call. Woken at 6: the signal has gone with it. Others
 * look again when DeathWatch tells them to: a sleep does not last longer than that without a look.
 *
 * Whoever throws at 5 leaves what a death would leave, and wakes another.
 */

/**
 * Waits until a look finds something: looks, spins, sleeps between looks, and tells how it ended.
 *
 * <p>Any number of threads may wait with the same watch; each wait has a point of its own.
 */
public final class Waiting<R> implements BooleanSupplier {
  /** Looks for what a thread waits for, and takes it if that is what it waits for. */
  @FunctionalInterface
  public interface Look<R> {
    /**
     * Looks once. The caller's thread may be asleep before the next look.
     *
     * @param asksForTheDead whether to ask if those live on whom this depends: it is time to, or it
     *     is the last look
     * @return what was found; null if nothing yet
     */
    @Nullable R look(boolean asksForTheDead);
  }

  private final WaitPoint point;
  private final @Nullable DeathWatch deaths;
  private final Look<R> look;
  private final WaitMode mode;
  private @Nullable R found;
  private boolean woken;

  private Waiting(WaitPoint point, @Nullable DeathWatch deaths, Look<R> look, WaitMode mode) {
    this.point = point;
    this.deaths = deaths;
    this.look = look;
    this.mode = mode;
  }

  /**
   * Waits until a look finds something, the time is over or the current thread is interrupted.
   *
   * @param deaths says when to ask for the dead; null if only the last look is to be told so,
   *     because there is nobody to ask for or the look keeps watches of its own
   * @param mode how to wait; one that does not wait makes one look, which asks for the dead
   */
  public static <R> WaitResult<R> await(
      WaitPoint point, @Nullable DeathWatch deaths, Look<R> look, WaitMode mode) {
    if (mode.isInterrupted()) {
      return WaitResult.interrupted();
    }
    boolean last = mode.hasPassed();
    @Nullable R found = look.look(last);
    if (found != null) {
      return WaitResult.done(found);
    }
    return last ? WaitResult.timedOut() : new Waiting<>(point, deaths, look, mode).await();
  }

  private WaitResult<R> await() {
    if (point.spin(this)) {
      return WaitResult.done(Objects.requireNonNull(found));
    }
    Reports reports = Reports.of(point.heap());
    Pending pending = reports.begin(ReportKind.WAIT);
    WaitResult<R> result;
    try {
      result = sleepBetweenLooks();
    } catch (Throwable e) {
      passOnAfter(e);
      reports.waited(pending, point.offset(), false);
      throw e;
    }
    reports.waited(pending, point.offset(), result.isDone());
    if (woken && !result.isDone()) {
      point.passOn();
    }
    return result;
  }

  private WaitResult<R> sleepBetweenLooks() {
    boolean slept = false;
    while (true) {
      boolean last = mode.hasPassed();
      if (slept || !last) {
        point.prepare(); // at the end too: who has slept may have used up the sign that others do
      }
      if (lookOnce(last) || (!last && isTimeToAsk() && lookOnce(true))) {
        return WaitResult.done(Objects.requireNonNull(found));
      }
      if (last) {
        return WaitResult.timedOut();
      }
      if (mode.isInterrupted()) {
        return WaitResult.interrupted();
      }
      woken = !point.sleep(mode.remainingNanos());
      slept = true;
    }
  }

  /** Asked only when a look has failed: the next one who asks is told so an interval later. */
  private boolean isTimeToAsk() {
    return deaths != null && deaths.isDue();
  }

  private boolean lookOnce(boolean asksForTheDead) {
    found = look.look(asksForTheDead);
    return found != null;
  }

  /** Looks once while spinning. */
  @Override
  public boolean getAsBoolean() {
    return lookOnce(false);
  }

  private void passOnAfter(Throwable thrown) {
    if (woken) {
      try {
        point.passOn();
      } catch (RuntimeException alsoClosed) {
        thrown.addSuppressed(alsoClosed);
      }
    }
  }
}
