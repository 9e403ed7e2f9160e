package dev.rszshm.sync;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.sync.internal.DeathWatch;
import dev.rszshm.sync.internal.FairMutexLayout;
import dev.rszshm.sync.internal.Lookout;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import dev.rszshm.sync.internal.WaitResult;
import dev.rszshm.sync.internal.Waiting;
import dev.rszshm.sync.internal.WaitingLine;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A mutual exclusion lock like a {@link Mutex}, which those who wait get in the order in which they
 * came, whatever process they belong to. It survives its holders like a mutex, and those who wait
 * too: the dead lose their places, and who gives up gives its place back at once.
 *
 * <p>The price: a release that finds somebody waiting hands over by waking it, even if others could
 * go on sooner, and looks at all places that are taken. There are 64 places to wait in order, or as
 * many as {@link #at(Heap, long, int)} is told; more threads wait for a place, in no order.
 *
 * <p>Three may pass those who wait. A thread that finds nobody waiting takes a free lock at once.
 * {@link #tryLock()}, which does not wait, takes a free lock before those who do. And a thread that
 * has its turn and does not take it for 50 to 100 ms, because its process is stopped or gets no
 * processor, is passed over, with all others of its process, until it goes on: then it has its
 * place again.
 */
public final class FairMutex extends RobustLock {
  /** What a {@link Directory} is told that this is. */
  static final long TYPE = 0x5359_4e43_000dL;

  private static final int VERSION = 1;

  /** Bytes with 64 places; the offset is a multiple of 8. Zeros are a new one. */
  public static final int LENGTH = (int) FairMutexLayout.place(FairMutexLayout.USUAL_PLACES);

  /** The most places one can have. */
  public static final int MAX_PLACES = FairMutexLayout.MAX_PLACES;

  private final WaitingLine line;

  /** Who of those that wait with this handle looks at the others when nothing happens. */
  private final Lookout lookout = new Lookout();

  /** When to look who in the line is dead or stopped: anybody who waits does. */
  private final DeathWatch others;

  /** When to ask whether the holder is dead: who is first does, and takes the mutex then. */
  private final DeathWatch holders;

  private FairMutex(Heap heap, long offset, int places) {
    super(heap, offset, "fair mutex");
    this.line = new WaitingLine(heap, offset, places, word.tag);
    this.others = new DeathWatch(heap);
    this.holders = new DeathWatch(heap);
  }

  /** Bytes of one with so many places to wait in order. */
  public static long length(int places) {
    if (places < 1 || places > MAX_PLACES) {
      throw new IllegalArgumentException(
          "a fair mutex has 1 to " + MAX_PLACES + " places, found " + places);
    }
    return FairMutexLayout.place(places);
  }

  /**
   * The mutex at an offset, with as many places as it was created with, or 64.
   *
   * @throws IllegalStateException if the heap is a plain file, which keeps no participants
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if it is attached for reading only
   */
  public static FairMutex at(Heap heap, long offset) {
    int made = heap.getIntVolatile(offset + FairMutexLayout.PLACES);
    boolean usual = made < 1 || made > MAX_PLACES;
    Places.note(heap, FairMutex.class, offset, usual ? LENGTH : length(made));
    boolean reads = Holder.tagOf(heap) == Holder.READER;
    heap.region(offset, length(1));
    long where = offset + FairMutexLayout.PLACES;
    int found = heap.getIntVolatile(where);
    if (found == 0 && reads) {
      found = FairMutexLayout.USUAL_PLACES;
    } else if (found == 0) {
      heap.region(offset, LENGTH);
      heap.compareAndSetInt(where, 0, FairMutexLayout.USUAL_PLACES);
      found = heap.getIntVolatile(where);
    }
    if (found < 1 || found > MAX_PLACES) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "there is no fair mutex at offset %d of %s: found %d places, expected 1 to %d",
              offset,
              heap.path(),
              found,
              MAX_PLACES));
    }
    return reads ? new FairMutex(heap, offset, found) : at(heap, offset, found);
  }

  /**
   * Finds the fair mutex of a name, or makes it; see {@link Directory}. Otherwise as {@link #at}.
   */
  public static FairMutex named(Directory directory, String name) {
    long place = directory.place(name, TYPE, VERSION, LENGTH);
    return at(directory.heap(), place);
  }

  /**
   * Makes a mutex in bytes of zeros, or finds the one that is there with as many places.
   *
   * @param places how many can wait in order, from 1 up; {@link #length} says how many bytes that
   *     is
   * @throws IllegalStateException if there is one with another number of places, or the heap is a
   *     plain file, which keeps no participants
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if it is attached for reading only
   */
  public static FairMutex at(Heap heap, long offset, int places) {
    Places.note(heap, FairMutex.class, offset, length(places));
    Holder.self(heap);
    heap.region(offset, length(places));
    heap.compareAndSetInt(offset + FairMutexLayout.PLACES, 0, places);
    int found = heap.getIntVolatile(offset + FairMutexLayout.PLACES);
    if (found != places) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "the fair mutex at offset %d of %s has %d places, expected %d",
              offset,
              heap.path(),
              found,
              places));
    }
    return new FairMutex(heap, offset, places);
  }

  @Override
  long holderWord() {
    return word.heldByThisThread();
  }

  @Override
  boolean takeFree(long holder) {
    return line.isEmpty() && word.acquireFree(holder);
  }

  @Override
  WaitResult<Acquisition> take(long holder, WaitMode mode) {
    if (!mode.waits()) {
      return word.acquireNow(holder, true);
    }
    Turn turn = new Turn(holder);
    try {
      WaitResult<Acquisition> result = turn.await(mode);
      turn.leave();
      return result;
    } catch (Throwable e) {
      turn.giveUpAfter(e);
      throw e;
    }
  }

  /** One thread that waits: for a place in the line, and there for the mutex. */
  private final class Turn extends Lookout.Waiter implements WaitPoint, Waiting.Look<Acquisition> {
    private final long holder;
    private final WaitingLine.Place place = line.newPlace();
    private boolean signalled;

    /** How the mutex was taken without a place; null if it was not. */
    private @Nullable WaitResult<Acquisition> taken;

    Turn(long holder) {
      lookout.super();
      this.holder = holder;
    }

    WaitResult<Acquisition> await(WaitMode mode) {
      join();
      if (!place.join()) {
        WaitPoint room = WaitPoint.of(line.room(), this::limit);
        WaitResult<Boolean> entry = Waiting.await(room, null, this::enterLine, mode);
        if (!entry.isDone()) {
          return WaitResult.withoutValue(entry.end());
        }
        if (taken != null) {
          line.room().signalOne(); // a place that has become free was perhaps for this thread
          return taken;
        }
      }
      WaitResult<Acquisition> result = Waiting.await(this, null, this, mode);
      if (result.isDone()) {
        place.leave();
      } else {
        place.giveUp(result.isInterrupted());
      }
      return result;
    }

    /**
     * Joins the line, or takes the mutex if nobody in the line will or there is no time to join.
     */
    private @Nullable Boolean enterLine(boolean last) {
      if (!last && place.join()) {
        return true;
      }
      lookAtOthers(last);
      if (last || !line.hasFirst()) {
        WaitResult<Acquisition> result = word.acquireNow(holder, last || holders.isDue());
        taken = result.isDone() ? result : null;
      }
      return taken == null ? null : true;
    }

    private void giveUpAfter(Throwable cause) {
      try {
        place.giveUp(true);
        leave();
      } catch (RuntimeException alsoClosed) {
        cause.addSuppressed(alsoClosed);
      } catch (Throwable again) {
        place.giveUp(true);
        leave();
        throw again;
      }
    }

    @Override
    public Heap heap() {
      return heap;
    }

    @Override
    public long offset() {
      return word.offset();
    }

    @Override
    public void prepare() {
      signalled |= place.clearFlags();
    }

    @Override
    public @Nullable Acquisition look(boolean last) {
      lookAtOthers(last);
      boolean passesOn = signalled;
      signalled = false;
      return place.isFirst(passesOn) ? word.takeNow(holder, last || holders.isDue()) : null;
    }

    @Override
    public boolean sleep(long nanos) {
      return place.sleep(limit(nanos));
    }

    @Override
    protected void signal() {
      place.signal();
    }

    /** Giving the place up does that. */
    @Override
    public void passOn() {}
  }

  private void lookAtOthers(boolean last) {
    boolean due = others.isDue();
    if (due || last) {
      line.freeTheDead();
    }
    if (due) {
      line.passTheStopped(word.canBeTaken());
    }
  }

  @Override
  void afterRelease() {
    line.signalFirst();
  }
}
