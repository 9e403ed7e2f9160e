package dev.rszshm.allocator.internal.ownership;

import dev.rszshm.allocator.errors.LaneTableFullException;
import dev.rszshm.allocator.internal.lane.Lane;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.OutOfSpaceException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/*
 * The lanes that threads share: virtual threads, and all that find no lane of their own.
 *
 * Each thread has a stripe, and each stripe a lane, or several the same. A lane is entered by one
 * thread at a time, but left while a block is being filled, for that is the caller's code: then others may
 * allocate and free there. Who wants its record, which is in use, gets another lane for the stripe. If
 * there is none in the table, it waits, and for no longer than a filler may reasonably take: the fillers may be
 * waiting for what it holds.
 */
final class SharedLanes {
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long SLICE_NANOS = 1_000_000;

  /** How long it waits for lanes of threads that have ended in another process, and how often. */
  private static final long KEEPER_NANOS = 3 * LaneKeeper.PERIOD_NANOS;

  private static final long PAUSE_NANOS = 20_000_000;

  private final Heap heap;
  private final LaneTable table;
  private final IntSupplier take;
  private final AtomicReferenceArray<Lane> stripes;
  private final List<Lane> all = new CopyOnWriteArrayList<>();
  private final LaneMaker maker;
  private final Runnable recoverBroken;
  private final Runnable requireOpen;
  private final Object monitor;

  /** Makes the private part of a lane that was taken, for no thread alone. */
  interface LaneMaker {
    Lane make(int number);
  }

  /**
   * No lanes yet.
   *
   * @param take takes a lane of the table; -1 if there is none
   * @param recoverBroken recovers lanes that were cut short, and retires them here
   * @param requireOpen throws if no more lanes may be entered
   * @param monitor in which all lanes change hands
   */
  SharedLanes(
      Heap heap,
      LaneTable table,
      IntSupplier take,
      LaneMaker maker,
      Runnable recoverBroken,
      Runnable requireOpen,
      Object monitor) {
    this.heap = heap;
    this.table = table;
    this.take = take;
    this.maker = maker;
    this.recoverBroken = recoverBroken;
    this.requireOpen = requireOpen;
    this.monitor = monitor;
    int processors = Runtime.getRuntime().availableProcessors();
    this.stripes = new AtomicReferenceArray<>(Integer.highestOneBit(Math.max(1, processors)) * 2);
  }

  /** Enters a lane; if it is for its record, one in which no block is being filled. */
  Lane enter(Thread thread, boolean forRecord) {
    int stripe = (int) thread.getId() & stripes.length() - 1;
    long begin = 0;
    while (true) {
      Lane lane = laneOf(stripe);
      if (lane == null) {
        begin = begin == 0 ? System.nanoTime() : begin;
        requireStillTime(begin);
        LockSupport.parkNanos(this, PAUSE_NANOS);
        recoverBroken.run();
        continue;
      }
      if (!lane.beginShared()) {
        lane.cutShort = true;
        recoverBroken.run();
        continue;
      }
      if (isUsable(lane, stripe, forRecord)) {
        return lane;
      }
      lane.done();
      lane.leave();
      requireOpen.run();
      if (stripes.get(stripe) == lane && !replace(stripe, lane)) {
        begin = begin == 0 ? System.nanoTime() : begin;
        if (System.nanoTime() - begin > MAX_WAIT_NANOS) {
          throw tableFull(" fills a block for a thread that shares it, or");
        }
        LockSupport.parkNanos(this, SLICE_NANOS);
      }
    }
  }

  /** It may have waited: the lane may have been given back, or the heap closed. */
  private boolean isUsable(Lane lane, int stripe, boolean forRecord) {
    return stripes.get(stripe) == lane
        && heap.isOpen()
        && (!forRecord || !lane.isOperating() || lane.isFilledByMe());
  }

  private @Nullable Lane laneOf(int stripe) {
    Lane lane = stripes.get(stripe);
    return lane == null ? make(stripe) : lane;
  }

  /** Null if there is none. */
  private @Nullable Lane make(int stripe) {
    synchronized (monitor) {
      requireOpen.run();
      if (stripes.get(stripe) == null && !add(stripe, null)) {
        for (Lane lane : all) {
          stripes.compareAndSet(stripe, null, lane); // the first that there is
        }
      }
      return stripes.get(stripe);
    }
  }

  /** Waits no longer for lanes of threads that have ended; see LaneKeeper. */
  private void requireStillTime(long begin) {
    OutOfSpaceException full = table.lackOfMemory();
    if (full != null) {
      throw full;
    }
    if (System.nanoTime() - begin > KEEPER_NANOS) {
      throw tableFull("");
    }
  }

  /** Gives a stripe another lane in which no block is being filled; false if there is none. */
  private boolean replace(int stripe, Lane busy) {
    synchronized (monitor) {
      requireOpen.run();
      if (stripes.get(stripe) != busy || add(stripe, busy)) {
        return true;
      }
      for (Lane lane : all) {
        if (!lane.isOperating() && stripes.compareAndSet(stripe, busy, lane)) {
          return true;
        }
      }
      return false;
    }
  }

  /** Gives a stripe a lane that is in no other; false if there is none. */
  private boolean add(int stripe, @Nullable Lane expected) {
    for (Lane lane : all) {
      if (!lane.isOperating() && !isInAStripe(lane)) {
        return stripes.compareAndSet(stripe, expected, lane);
      }
    }
    int number = take.getAsInt();
    if (number >= 0) {
      Lane lane = maker.make(number);
      all.add(lane);
      stripes.set(stripe, lane);
    }
    return number >= 0;
  }

  private boolean isInAStripe(Lane lane) {
    for (int i = 0; i < stripes.length(); i++) {
      if (stripes.get(i) == lane) {
        return true;
      }
    }
    return false;
  }

  /** Lets threads share a lane, if they share none yet: those that come later have no other. */
  boolean addFirst(int number) {
    synchronized (monitor) {
      if (!all.isEmpty()) {
        return false;
      }
      Lane lane = maker.make(number);
      all.add(lane);
      stripes.set(0, lane);
      return true;
    }
  }

  List<Lane> all() {
    return all;
  }

  /** Takes a lane away from all stripes; returns whether it was there. */
  boolean retire(Lane lane) {
    synchronized (monitor) {
      for (int i = 0; i < stripes.length(); i++) {
        stripes.compareAndSet(i, lane, null);
      }
      return all.remove(lane);
    }
  }

  private LaneTableFullException tableFull(String what) {
    return new LaneTableFullException(
        heap.path()
            + " has "
            + table.laneCount()
            + " lanes, and each"
            + what
            + " belongs to a living thread of a living process: let fewer threads allocate, or make"
            + " the heap with a larger span, which has more");
  }
}
