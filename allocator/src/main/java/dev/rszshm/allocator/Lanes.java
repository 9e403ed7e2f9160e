package dev.rszshm.allocator;

import dev.rszshm.allocator.errors.LaneTableFullException;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.OutOfSpaceException;
import dev.rszshm.heap.os.VirtualThreads;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/*
 * The lanes of this process: one for each platform thread that allocates or frees, and some that virtual
 * threads share, and all threads once the table is full: who takes the last lane shares it, unless there
 * is a shared one.
 *
 * Layout
 * ------
 * Shared: the lane table (LaneLayout). Private: a cache from thread to lane, and a map behind it.
 *
 * Protocol
 * --------
 * take a lane:
 *  1 FREE to LIVE(participant, generation) by compare-and-set, of any lane that exists. None free:
 *  2 take memory for the next one, and raise the number of lanes.
 * give a lane back (its thread has ended):
 *  1 give up its slabs (Lane); 2 LIVE to FREE.
 * Threads that have ended are looked for when a thread takes a lane, and before the heap grows.
 *
 * If a process dies here
 * ----------------------
 * Its lanes are LIVE for a participant that is dead: Recovery gives up their slabs and frees them.
 */
final class Lanes {
  private static final int CACHE = 1024;

  private final Tables tables;
  private final Heap heap;
  private final Hints hints;
  private final ChunkPool pool;
  private final Runnable recovery;
  private final long liveWord;
  private final Lane[] cache = new Lane[CACHE];
  private final Map<Thread, Lane> byThread = new ConcurrentHashMap<>();
  private final AtomicReferenceArray<Lane> stripes;

  /** Why there was no memory for another lane. */
  private OutOfSpaceException full;

  private volatile boolean closed;

  Lanes(Tables tables, Hints hints, ChunkPool pool, Participant self, Runnable recovery) {
    this.tables = tables;
    this.heap = tables.heap;
    this.hints = hints;
    this.pool = pool;
    this.recovery = recovery;
    this.liveWord =
        self == null ? 0 : LaneLayout.word(LaneLayout.LIVE, self.slot(), self.generation());
    int processors = Runtime.getRuntime().availableProcessors();
    this.stripes = new AtomicReferenceArray<>(Integer.highestOneBit(Math.max(1, processors)) * 2);
  }

  /** The lane of the current thread, which {@link Lane#leave leaves} it when it is done. */
  Lane enter() {
    Thread thread = Thread.currentThread();
    Lane lane = cache[index(thread)];
    return lane != null && lane.thread == thread && heap.isOpen() ? lane : find(thread);
  }

  private static int index(Thread thread) {
    return (int) thread.getId() & CACHE - 1;
  }

  private Lane find(Thread thread) {
    requireOpen();
    Lane lane = byThread.get(thread);
    if (lane == null) {
      lane = VirtualThreads.isVirtual(thread) ? null : takeForThread(thread);
      if (lane == null) {
        return enterShared(thread);
      }
      byThread.put(thread, lane);
    }
    remember(thread, lane);
    return lane;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the allocator of " + heap.path() + " is closed");
    }
    heap.requireWritable();
  }

  /** What is in the cache is used without another look, so nothing may stay there after a close. */
  private void remember(Thread thread, Lane lane) {
    cache[index(thread)] = lane;
    VarHandle.fullFence();
    if (closed) {
      cache[index(thread)] = null;
      requireOpen();
    }
  }

  /** In the monitor: whoever finds no lane left must find the last one shared, not about to be. */
  private synchronized Lane takeForThread(Thread thread) {
    releaseOfEndedThreads();
    int number = take();
    if (number < 0 || (isLast() && becomeShared(number))) {
      return null;
    }
    return new Lane(number, liveWord, thread, tables, hints, pool);
  }

  private boolean isLast() {
    int count = tables.laneFrontier();
    boolean free = false;
    for (int number = 1; number <= count && !free; number++) {
      free = heap.getLongAcquire(tables.at.laneOffset(number) + LaneLayout.WORD) == 0;
    }
    return !free && (count == tables.at.laneCount() || !hasMemoryFor(count + 1));
  }

  /** Lets threads share a lane, if they share none yet: those that come later have no other. */
  private synchronized boolean becomeShared(int number) {
    for (int i = 0; i < stripes.length(); i++) {
      if (stripes.get(i) != null) {
        return false;
      }
    }
    stripes.set(0, shared(number));
    return true;
  }

  private Lane enterShared(Thread thread) {
    int stripe = (int) thread.getId() & stripes.length() - 1;
    while (true) {
      Lane lane = stripes.get(stripe);
      if (lane == null) {
        lane = makeShared(stripe);
      }
      lane.lock.lock();
      if (stripes.get(stripe) == lane) {
        return lane;
      }
      lane.leave(); // it was given back while this thread waited
    }
  }

  private synchronized Lane makeShared(int stripe) {
    if (stripes.get(stripe) == null) {
      int number = take();
      stripes.set(stripe, number < 0 ? anyShared() : shared(number));
    }
    return stripes.get(stripe);
  }

  private Lane shared(int number) {
    return new Lane(number, liveWord, null, tables, hints, pool);
  }

  private Lane anyShared() {
    for (int i = 0; i < stripes.length(); i++) {
      if (stripes.get(i) != null) {
        return stripes.get(i);
      }
    }
    if (full != null && tables.laneFrontier() < tables.at.laneCount()) {
      throw full;
    }
    throw new LaneTableFullException(
        heap.path()
            + " has "
            + tables.at.laneCount()
            + " lanes, and each belongs to a living thread of a living process: let fewer threads"
            + " allocate, or make the heap with a larger span, which has more");
  }

  /** Takes a lane that is free; -1 if there is none, not even of the dead. */
  private int take() {
    int number = takeFree();
    if (number < 0) {
      recovery.run();
      number = takeFree();
    }
    return number;
  }

  private int takeFree() {
    while (true) {
      int count = tables.laneFrontier();
      for (int number = 1; number <= count; number++) {
        long offset = tables.at.laneOffset(number) + LaneLayout.WORD;
        if (heap.getLongAcquire(offset) == 0 && heap.compareAndSetLong(offset, 0, liveWord)) {
          return number;
        }
      }
      if (count == tables.at.laneCount() || !hasMemoryFor(count + 1)) {
        return -1;
      }
      tables.raise(AllocatorLayout.LANE_FRONTIER, count + 1);
    }
  }

  /** On a full file system there are no more lanes than have memory. */
  private boolean hasMemoryFor(int number) {
    try {
      tables.back(tables.at.laneOffset(number), tables.at.laneOffset(number + 1));
      return true;
    } catch (OutOfSpaceException e) {
      full = e;
      return false;
    }
  }

  /** Gives the lanes back whose threads have ended. */
  synchronized void releaseOfEndedThreads() {
    for (Lane lane : byThread.values()) {
      if (!lane.thread.isAlive()) {
        release(lane);
      }
    }
  }

  /** Gives the lane of the current thread back, and those that threads share; no more are had. */
  void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      VarHandle.fullFence();
      Arrays.fill(cache, null);
    }
    if (heap.isOpen()) {
      releaseOwn();
    }
  }

  private void releaseOwn() {
    synchronized (this) {
      releaseOfEndedThreads();
      Lane own = byThread.get(Thread.currentThread());
      if (own != null) {
        release(own);
      }
    }
    // Without the monitor, which a thread in a shared lane takes before the heap grows.
    for (int i = 0; i < stripes.length(); i++) {
      Lane lane = stripes.get(i);
      if (lane != null) {
        lane.lock.lock();
        try {
          if (removeShared(lane)) {
            giveBack(lane);
          }
        } finally {
          lane.leave();
        }
      }
    }
  }

  /** Takes a lane away from all stripes that share it; returns whether there were any. */
  private synchronized boolean removeShared(Lane lane) {
    boolean removed = false;
    for (int i = 0; i < stripes.length(); i++) {
      removed |= stripes.compareAndSet(i, lane, null);
    }
    return removed;
  }

  private void release(Lane lane) {
    byThread.remove(lane.thread);
    int index = index(lane.thread);
    if (cache[index] == lane) {
      cache[index] = null;
    }
    giveBack(lane);
  }

  private void giveBack(Lane lane) {
    lane.giveUpAll();
    heap.compareAndSetLong(tables.at.laneOffset(lane.number) + LaneLayout.WORD, liveWord, 0);
  }
}
