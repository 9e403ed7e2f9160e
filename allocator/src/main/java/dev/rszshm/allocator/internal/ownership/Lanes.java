package dev.rszshm.allocator.internal.ownership;

import dev.rszshm.allocator.internal.chunk.ChunkPool;
import dev.rszshm.allocator.internal.lane.Lane;
import dev.rszshm.allocator.internal.table.Hints;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.internal.os.VirtualThreads;
import dev.rszshm.heap.internal.raw.RawAccess;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
 * Threads that have ended are looked for when a thread takes a lane, before the heap grows, and every
 * second by LaneKeeper: an idle process must not keep others from its lanes. Who finds no lane at all waits
 * for that, for some seconds (SharedLanes). A process that is stopped keeps its lanes. A close gives back
 * those of all threads that are not in the allocator at that moment (AllocatorFrames).
 *
 * Whatever is thrown
 * ------------------
 * Each operation notes in its lane, which is private, that it has begun, and that it has ended. A throwable that
 * leaves things half done leaves that note, and the lane is never used again: it goes to the broken
 * ones, and Recovery, in this process, makes of it what it would make of that of a dead one. Its thread
 * gets another. A lane that was taken, and came to nobody since there was no room on the stack, goes the same
 * way. That happens at the next look for lanes, with recover(), or when somebody finds a mark of the lane.
 *
 * If a process dies here
 * ----------------------
 * Its lanes are LIVE for a participant that is dead: Recovery gives up their slabs and frees them.
 */
public final class Lanes {
  private static final int CACHE = 1024;

  private final Tables tables;
  private final Heap heap;
  private final Hints hints;
  private final ChunkPool pool;
  private final Recovery recovery;
  private final LaneTable table;
  private final Lane[] cache = new Lane[CACHE];

  /** Gets the lane that was put into the cache last, most likely the only one. */
  private final Consumer<@Nullable Lane> follower;

  /** What it got. */
  private @Nullable Lane recent;

  private final Map<Thread, Lane> byThread = new ConcurrentHashMap<>();
  private final SharedLanes shared;
  private final Set<Lane> broken = ConcurrentHashMap.newKeySet();

  private @Nullable Thread keeper;

  private volatile boolean closed;

  /**
   * The lanes of a participant.
   *
   * @param follower gets the lane of one thread that comes often, and null when it is no longer to
   *     be used
   */
  public Lanes(
      Tables tables,
      Hints hints,
      ChunkPool pool,
      @Nullable Participant self,
      Recovery recovery,
      Consumer<@Nullable Lane> follower) {
    this.follower = follower;
    this.tables = tables;
    this.heap = tables.heap;
    this.hints = hints;
    this.pool = pool;
    this.recovery = recovery;
    this.table = new LaneTable(tables, self);
    this.shared =
        new SharedLanes(
            heap, table, this::take, this::newShared, this::recoverBroken, this::requireOpen, this);
  }

  private Lane newShared(int number) {
    return new Lane(number, table.liveWord, null, tables, hints, pool);
  }

  /**
   * The lane of the current thread, if it has one of its own that is known and in which no
   * operation is under way; otherwise null. It is for those who look whether the heap is open, and
   * then make one access after the other, with nothing between them that can throw or block; {@link
   * #enter} is for all else.
   */
  public @Nullable Lane idle() {
    return idle(Thread.currentThread());
  }

  /** The same for who has the current thread. */
  public @Nullable Lane idle(Thread thread) {
    Lane lane = cache[index(thread)];
    return lane != null && lane.idle == thread ? lane : null;
  }

  /** The lane of the current thread, which {@link Lane#leave leaves} it when it is done. */
  public Lane enter() {
    Thread thread = Thread.currentThread();
    Lane lane = cache[index(thread)];
    return lane != null && lane.thread == thread && heap.isOpen() && lane.begin()
        ? lane
        : find(thread, false);
  }

  /** The same, for who needs its record. */
  public Lane enterForRecord() {
    Thread thread = Thread.currentThread();
    Lane lane = cache[index(thread)];
    return lane != null && lane.thread == thread && heap.isOpen() && lane.begin()
        ? lane
        : find(thread, true);
  }

  private static int index(Thread thread) {
    return (int) thread.getId() & CACHE - 1;
  }

  private Lane find(Thread thread, boolean forRecord) {
    requireOpen();
    Lane lane = byThread.get(thread);
    if (lane != null && !lane.begin()) {
      if (!lane.cutShort) {
        throw lane.within();
      }
      recoverBroken();
      lane = null;
    }
    if (lane == null) {
      lane = VirtualThreads.isVirtual(thread) ? null : takeForThread(thread);
      if (lane == null) {
        recoverBroken();
        return shared.enter(thread, forRecord);
      }
      lane.begin();
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
    if (lane.thread != null) {
      follow(lane);
    }
    VarHandle.fullFence();
    if (closed) {
      follow(null);
      cache[index(thread)] = null;
      requireOpen();
    }
  }

  private void follow(@Nullable Lane lane) {
    recent = lane;
    follower.accept(lane);
  }

  /** In the monitor: whoever finds no lane left must find the last one shared, not about to be. */
  private synchronized @Nullable Lane takeForThread(Thread thread) {
    requireOpen();
    releaseOfEndedThreads();
    recoverBroken();
    // On simulated memory every thread is one of the simulation's, and time is its own.
    if (!RawAccess.of(heap, Lanes.class).isGuarded() && (keeper == null || !keeper.isAlive())) {
      keeper = LaneKeeper.start(this);
    }
    int number = take();
    if (number < 0 || (table.isExhausted() && shared.addFirst(number))) {
      return null;
    }
    Lane lane = new Lane(number, table.liveWord, thread, tables, hints, pool);
    byThread.put(thread, lane);
    return lane;
  }

  /** Gives back what is left behind; returns whether there will be more to look at. */
  boolean keep() {
    if (closed || !heap.isOpen()) {
      return false;
    }
    releaseOfEndedThreads();
    recoverBroken();
    return true;
  }

  /** Takes a lane that is free; -1 if there is none, not even of the dead. */
  private int take() {
    int number = table.take();
    if (number < 0) {
      recoverBroken();
      recovery.run();
      number = table.take();
    }
    return number;
  }

  /** Gives the lanes back whose threads have ended. */
  public synchronized void releaseOfEndedThreads() {
    for (Map.Entry<Thread, Lane> entry : byThread.entrySet()) {
      if (!entry.getKey().isAlive()) {
        release(entry.getKey(), entry.getValue());
      }
    }
  }

  /** Recovers the lanes of this process whose operations were cut short; returns how many. */
  public synchronized int recoverBroken() {
    for (Map.Entry<Thread, Lane> entry : byThread.entrySet()) {
      Lane lane = entry.getValue();
      if (lane.cutShort) {
        broken.add(lane); // first, so that it is in one of the two wherever this ends
        forget(entry.getKey(), lane);
      }
    }
    for (Lane lane : shared.all()) {
      if (lane.cutShort) {
        broken.add(lane);
        shared.retire(lane);
      }
    }
    recoverTaken();
    int recovered = 0;
    for (Lane lane : broken) {
      if (lane.isDeserted()) {
        recoverUnused(lane.number);
        broken.remove(lane);
        recovered++;
      }
    }
    return recovered;
  }

  /** Recovers the lane that was taken and came to nobody, if there is one. */
  private void recoverTaken() {
    int number = table.taken();
    boolean known = number == 0;
    for (Lane lane : broken) {
      known |= lane.number == number;
    }
    if (!known) {
      recoverUnused(number);
    }
    table.forgetTaken();
  }

  /** Recovers a lane unless it is that of a thread by now: the attempt before may have done it. */
  private void recoverUnused(int number) {
    boolean used = false;
    for (Lane lane : byThread.values()) {
      used |= lane.number == number;
    }
    for (Lane lane : shared.all()) {
      used |= lane.number == number;
    }
    if (!used) {
      recovery.runForOwn(number, table.liveWord);
    }
  }

  /** Recovers a lane if it is that of the dead, or was cut short here; returns whether it was. */
  public boolean recover(int number) {
    return table.isOwn(number) ? recoverBroken() > 0 : recovery.runFor(number);
  }

  /** Gives all lanes back but those of threads that are in the allocator; no more are had. */
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      VarHandle.fullFence();
      follow(null);
      Arrays.fill(cache, null);
      if (keeper != null) {
        keeper.interrupt();
      }
    }
    if (heap.isOpen()) {
      releaseOwn();
    }
  }

  private void releaseOwn() {
    synchronized (this) {
      releaseOfEndedThreads();
      Lane own = byThread.get(Thread.currentThread());
      if (own != null && !own.isOperating()) {
        release(Thread.currentThread(), own);
      }
      releaseOfThreadsElsewhere();
    }
    // Without the monitor, which a thread in a shared lane takes before the heap grows.
    for (Lane lane : shared.all()) {
      if (lane.beginShared()) {
        try {
          if (lane.isOperating()) {
            lane.done();
          } else {
            giveBack(lane);
            shared.retire(lane);
          }
        } finally {
          lane.leave();
        }
      }
    }
    recoverBroken();
  }

  /**
   * Gives the lanes back of threads that live, and are not in the allocator: they do not come back
   * to their lanes, since this is closed. Simulated threads are always somewhere in it.
   */
  private void releaseOfThreadsElsewhere() {
    if (RawAccess.of(heap, Lanes.class).isGuarded()) {
      return;
    }
    for (Map.Entry<Thread, Lane> entry : byThread.entrySet()) {
      Thread thread = entry.getKey();
      if (thread != Thread.currentThread() && !AllocatorFrames.areOnStackOf(thread)) {
        release(thread, entry.getValue());
      }
    }
  }

  private void release(Thread thread, Lane lane) {
    if (lane.entered) {
      lane.cutShort = true; // its thread has left in the midst of an operation
      return;
    }
    lane.begin();
    giveBack(lane);
    forget(thread, lane);
  }

  private void forget(Thread thread, Lane lane) {
    byThread.remove(thread, lane);
    if (recent == lane) {
      follow(null);
    }
    int index = index(thread);
    if (cache[index] == lane) {
      cache[index] = null;
    }
  }

  private void giveBack(Lane lane) {
    boolean done = false;
    try {
      lane.giveUpAll();
      table.giveBack(lane.number);
      done = true;
    } finally {
      if (!done) {
        lane.cutShort = true;
      }
    }
  }
}
