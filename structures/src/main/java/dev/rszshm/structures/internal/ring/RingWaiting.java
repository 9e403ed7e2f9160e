package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.internal.DeathWatch;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import dev.rszshm.sync.internal.WaitResult;
import dev.rszshm.sync.internal.Waiting;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Waits until something can be done in a ring, and does it; see {@link Waiting}. */
public final class RingWaiting {
  /** A little more than somebody who is not stopped needs to write a message. */
  private static final long BUSY_NANOS = 1_000_000;

  /** After so many short sleeps the other is stopped, or takes its time, and will signal. */
  private static final int BUSY_SLEEPS = 50;

  private RingWaiting() {}

  /**
   * Tries until it is done or shut down, the time is over or the current thread is interrupted.
   *
   * @param event what is signalled when it may be possible
   * @param otherEnd who can make it possible, or {@link OtherEnd#NOT_WATCHED}
   * @return what came of the last attempt, or {@link Outcome#INTERRUPTED}
   * @throws PeerDiedException if all at the other end are gone
   */
  public static Outcome await(
      Heap heap, EventCount event, Attempt attempt, WaitMode mode, OtherEnd otherEnd) {
    return await(heap, WaitPoint.of(event), attempt, mode, otherEnd, false);
  }

  /**
   * As {@link #await(Heap, EventCount, Attempt, WaitMode, OtherEnd)}, for a message. Those of a
   * single sender are stored without a fence, so who begins to sleep looks again soon.
   */
  public static Outcome awaitMessage(Ring ring, Attempt attempt, WaitMode mode, OtherEnd otherEnd) {
    WaitPoint point = WaitPoint.of(ring.notEmpty);
    return await(ring.heap, point, attempt, mode, otherEnd, ring.geometry.hasSingleSender());
  }

  /** As {@link #awaitMessage}, for one of any of several rings. */
  public static Outcome awaitAny(Heap heap, WaitPoint point, Attempt attempt, WaitMode mode) {
    return await(heap, point, attempt, mode, OtherEnd.NOT_WATCHED, true);
  }

  private static Outcome await(
      Heap heap,
      WaitPoint point,
      Attempt attempt,
      WaitMode mode,
      OtherEnd otherEnd,
      boolean looksAgainSoon) {
    Look look = new Look(attempt, mode, otherEnd);
    DeathWatch deaths =
        otherEnd == OtherEnd.NOT_WATCHED ? null : DeathWatch.beginningWhenAsked(heap);
    WaitResult<Outcome> result =
        Waiting.await(new ShortWhileBusy(point, look, looksAgainSoon), deaths, look, mode);
    return result.isInterrupted() ? Outcome.INTERRUPTED : result.orElse(look.last);
  }

  private static final class Look implements Waiting.Look<Outcome> {
    private final Attempt attempt;
    private final WaitMode mode;
    private final OtherEnd otherEnd;

    /** Of several threads that wait, each is told of what happens while it waits. */
    private final long known;

    private Outcome last = Outcome.NOT_YET;

    Look(Attempt attempt, WaitMode mode, OtherEnd otherEnd) {
      this.attempt = attempt;
      this.mode = mode;
      this.otherEnd = otherEnd;
      this.known = otherEnd.known();
    }

    @Override
    public @Nullable Outcome look(boolean asksForTheDead) {
      boolean asks = asksForTheDead && !mode.hasPassed();
      long departure = asks ? otherEnd.departure(known) : 0;
      last = attempt.make(); // after the question: they may have done it before they went
      if (last.isFinal()) {
        return last;
      }
      if (departure != 0) {
        otherEnd.tell(departure);
        throw new PeerDiedException(
            "all who were at the other end have died or detached: wait again for others, or shut"
                + " the channel down");
      }
      return null;
    }
  }

  /**
   * Sleeps shortly as long as somebody is at it who may not signal, or has not seen the sleeper.
   */
  private static final class ShortWhileBusy implements WaitPoint {
    private final WaitPoint point;
    private final Look look;
    private final boolean mayMissSignals;
    private boolean looksAgainSoon;
    private int busy;

    ShortWhileBusy(WaitPoint point, Look look, boolean looksAgainSoon) {
      this.point = point;
      this.look = look;
      this.mayMissSignals = looksAgainSoon;
      this.looksAgainSoon = looksAgainSoon;
    }

    @Override
    public Heap heap() {
      return point.heap();
    }

    @Override
    public long offset() {
      return point.offset();
    }

    @Override
    public boolean spin(BooleanSupplier again) {
      return point.spin(again);
    }

    @Override
    public void prepare() {
      point.prepare();
    }

    @Override
    public boolean sleep(long nanos) {
      boolean shortly = looksAgainSoon || (look.last == Outcome.BUSY && busy++ < BUSY_SLEEPS);
      boolean slept = point.sleep(shortly ? Math.min(nanos, BUSY_NANOS) : nanos);
      looksAgainSoon =
          mayMissSignals && !slept; // a signal may have taken away what senders look at
      return slept;
    }

    @Override
    public void passOn() {
      point.passOn();
    }
  }
}
