package dev.rszshm.sync;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.sync.internal.DeathWatch;
import dev.rszshm.sync.internal.FairMutexLayout;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import dev.rszshm.sync.internal.WaitResult;
import dev.rszshm.sync.internal.Waiting;
import dev.rszshm.sync.internal.WaitingLine;
import java.util.Locale;

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
  private static final long TYPE = 0x5359_4e43_000dL;

  private static final int VERSION = 1;

  /** Bytes with 64 places; the offset is a multiple of 8. Zeros are a new one. */
  public static final int LENGTH = (int) FairMutexLayout.place(FairMutexLayout.USUAL_PLACES);

  /** The most places one can have. */
  public static final int MAX_PLACES = FairMutexLayout.MAX_PLACES;

  private final WaitingLine line;

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
    int place = line.join();
    if (place == WaitingLine.NONE) {
      WaitResult<Entry> entry = waitForPlace(holder, mode);
      if (!entry.isDone()) {
        return WaitResult.withoutValue(entry.end());
      }
      if (entry.value().place == WaitingLine.NONE) {
        line.room().signalOne(); // a place that has become free was perhaps for this thread
        return WaitResult.done(entry.value().acquisition);
      }
      place = entry.value().place;
    }
    return takeInLine(place, holder, mode);
  }

  /** What a thread without a place has got: a place, or the mutex. */
  private record Entry(int place, Acquisition acquisition) {}

  private WaitResult<Entry> waitForPlace(long holder, WaitMode mode) {
    return Waiting.await(WaitPoint.of(line.room()), null, last -> enterLine(holder, last), mode);
  }

  /** Joins the line, or takes the mutex if nobody in the line will or there is no time to join. */
  private Entry enterLine(long holder, boolean last) {
    int place = last ? WaitingLine.NONE : line.join();
    if (place != WaitingLine.NONE) {
      return new Entry(place, null);
    }
    lookAtOthers(last);
    if (last || !line.hasFirst()) {
      WaitResult<Acquisition> taken = word.acquireNow(holder, last || holders.isDue());
      return taken.isDone() ? new Entry(WaitingLine.NONE, taken.value()) : null;
    }
    return null;
  }

  private WaitResult<Acquisition> takeInLine(int place, long holder, WaitMode mode) {
    WaitResult<Acquisition> result;
    try {
      Turn turn = new Turn(place, holder);
      result = Waiting.await(turn, null, turn, mode);
    } catch (Throwable e) {
      giveUpAfter(e, place);
      throw e;
    }
    if (result.isDone()) {
      line.leave(place);
    } else {
      line.giveUp(place, result.isInterrupted());
    }
    return result;
  }

  private void giveUpAfter(Throwable cause, int place) {
    try {
      line.giveUp(place, true);
    } catch (RuntimeException alsoClosed) {
      cause.addSuppressed(alsoClosed);
    }
  }

  /** One thread that waits at its place in the line. */
  private final class Turn implements WaitPoint, Waiting.Look<Acquisition> {
    private final int place;
    private final long holder;
    private boolean signalled;

    Turn(int place, long holder) {
      this.place = place;
      this.holder = holder;
    }

    @Override
    public void prepare() {
      signalled |= line.clearFlags(place);
    }

    @Override
    public Acquisition look(boolean last) {
      lookAtOthers(last);
      boolean passesOn = signalled;
      signalled = false;
      return line.isFirst(place, passesOn)
          ? word.acquireNow(holder, last || holders.isDue()).orElse(null)
          : null;
    }

    @Override
    public boolean sleep(long nanos) {
      return line.sleep(place, nanos);
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
