package dev.rszshm.sync;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.sync.internal.DeathWatch;
import dev.rszshm.sync.internal.Liveness;
import dev.rszshm.sync.internal.RobustLatchLayout;
import dev.rszshm.sync.internal.Takeover;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitPoint;
import dev.rszshm.sync.internal.WaitResult;
import dev.rszshm.sync.internal.Waiting;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/*
 * Layout
 * ------
 * RobustLatchLayout.
 *
 * Protocol
 * --------
 * make: the number of counts, by compare-and-set from 0.
 * register: 1 a count from OPEN to the own tag, by compare-and-set.
 * count down: 2 a count from the own tag, or else from OPEN, to COUNTED, by compare-and-set; 3 all are made:
 *   signal all.
 * await: 4 all are made: done. Whenever it is time (DeathWatch): 5 a count from the tag of a dead participant to
 *   LOST, by compare-and-set, after everything has recovered what that was changing (Heap.recoverDead);
 *   all are made now: 6 signal all.
 * 2 and 5 have volatile order and come before the look whether all are made: of those who make the last
 * counts, one at least sees that they are the last.
 *
 * If a process dies here
 * ----------------------
 * 1: registered, or not; if it is, the count is that of a dead one, and whoever waits makes it. 2: counted, or
 * as 1. 3, 6: those who sleep look again when it is time. 5: as before, or made.
 */

/**
 * Lets threads of any process wait until a number of counts has been made, as a {@link
 * java.util.concurrent.CountDownLatch} does, and survives those who count: a process says with
 * {@link #register} that it is going to count, and if it dies or detaches before it has, its count
 * is made in its place, at most 100 ms later if anybody waits. {@link #lostCount} says how many
 * were made so. What the dead one was changing in the allocator is recovered before.
 *
 * <p>Register where the work is begun, before anything that can fail: counts that nobody has
 * registered for have no owner, and are waited for whoever dies. A registration belongs to the
 * process, not to a thread of it.
 *
 * <p>All methods may be called by any thread, and have volatile order: what was written before a
 * count is seen by whoever has waited for it. Each takes time in proportion to the number of
 * counts.
 */
public final class RobustLatch {
  /** What a {@link Directory} is told that this is. */
  static final long TYPE = 0x5359_4e43_000eL;

  private static final int VERSION = 1;

  /** The most counts a latch can have. */
  public static final int MAX_COUNT = RobustLatchLayout.MAX_COUNT;

  private final Heap heap;
  private final long offset;
  private final EventCount made;
  private final int size;
  private final DeathWatch deaths;

  private RobustLatch(Heap heap, long offset, int size) {
    this.heap = heap;
    this.offset = offset;
    this.size = size;
    heap.region(offset, length(size));
    this.made = EventCount.at(heap, offset + RobustLatchLayout.EVENTS);
    this.deaths = new DeathWatch(heap);
  }

  /** Returns how many bytes a latch with so many counts takes. */
  public static long length(int count) {
    if (count < 0 || count > MAX_COUNT) {
      throw new IllegalArgumentException(
          "a robust latch has 0 to " + MAX_COUNT + " counts, found " + count);
    }
    return RobustLatchLayout.offset(count);
  }

  /**
   * Finds the latch at an offset, or makes it in bytes of zeros.
   *
   * @param offset a multiple of 8
   * @param count how many counts have to be made
   * @throws IllegalStateException if there is one with another number of counts, or the heap is a
   *     plain file, which keeps no participants
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if it is attached for reading only
   */
  public static RobustLatch at(Heap heap, long offset, int count) {
    Places.note(heap, RobustLatch.class, offset, length(count));
    Holder.self(heap);
    heap.region(offset, length(count));
    heap.compareAndSetInt(offset, 0, RobustLatchLayout.word(count));
    RobustLatch latch = at(heap, offset);
    if (latch.size != count) {
      throw new IllegalStateException(latch + " has " + latch.size + " counts, expected " + count);
    }
    return latch;
  }

  /**
   * Returns the latch that was made at an offset. A heap that is attached for reading only will do
   * for looking at it.
   *
   * @throws IllegalStateException if there is none
   */
  public static RobustLatch at(Heap heap, long offset) {
    int word = heap.getIntVolatile(offset);
    int count = RobustLatchLayout.count(word);
    if (count < 0) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "there is no robust latch at offset %d of %s: found 0x%x. Make it first, by at with"
                  + " its count",
              offset,
              heap.path(),
              word));
    }
    return new RobustLatch(heap, offset, count);
  }

  /** Finds the latch of a name, or makes it; see {@link Directory}. Otherwise as {@link #at}. */
  public static RobustLatch named(Directory directory, String name, int count) {
    long place = directory.place(name, TYPE, VERSION, length(count));
    return at(directory.heap(), place, count);
  }

  private long place(int count) {
    return offset + RobustLatchLayout.offset(count);
  }

  private int matching(IntPredicate matches) {
    int found = 0;
    for (int i = 0; i < size; i++) {
      found += matches.test(heap.getIntVolatile(place(i))) ? 1 : 0;
    }
    return found;
  }

  /** Returns how many counts have still to be made, those of the dead included. */
  public int count() {
    return matching(word -> !RobustLatchLayout.isMade(word));
  }

  /** Returns how many counts were made in the place of a process that had died. */
  public int lostCount() {
    return matching(word -> word == RobustLatchLayout.LOST);
  }

  /**
   * Says that this process is going to count once more: if it dies before, that count is made in
   * its place.
   *
   * @throws IllegalStateException if all counts are made or registered for already
   */
  public void register() {
    int tag = Holder.self(heap).tag();
    if (!change(RobustLatchLayout.OPEN, tag)) {
      throw new IllegalStateException(
          "all " + size + " counts of " + this + " are made or registered for already");
    }
  }

  /**
   * Makes a count: one that this process has registered for, or else one that nobody has. Does
   * nothing when all are made.
   *
   * @throws IllegalStateException if others have registered for all that are left
   */
  public void countDown() {
    int tag = Holder.self(heap).tag();
    boolean counted =
        change(tag, RobustLatchLayout.COUNTED)
            || change(RobustLatchLayout.OPEN, RobustLatchLayout.COUNTED);
    if (isOpen()) {
      made.signalAll();
    } else if (!counted) {
      throw new IllegalStateException(
          "other processes have registered for all counts of " + this + " that are left");
    }
  }

  private boolean change(int from, int to) {
    for (int i = 0; i < size; i++) {
      if (heap.getIntVolatile(place(i)) == from && heap.compareAndSetInt(place(i), from, to)) {
        return true;
      }
    }
    return false;
  }

  private boolean isOpen() {
    for (int i = 0; i < size; i++) {
      if (!RobustLatchLayout.isMade(heap.getIntVolatile(place(i)))) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Boolean look(boolean asksForTheDead) {
    if (isOpen() || (asksForTheDead && countForTheDead() && isOpen())) {
      return true;
    }
    return null;
  }

  /** Makes the counts of the dead; returns whether there were any. */
  private boolean countForTheDead() {
    Liveness liveness = new Liveness(heap, Holder.self(heap).tag());
    boolean any = false;
    for (int i = 0; i < size; i++) {
      int found = heap.getIntVolatile(place(i));
      if (found > RobustLatchLayout.OPEN && !liveness.isAlive(found)) {
        heap.recoverDead(found);
        Takeover death = Takeover.begin(heap, place(i), found);
        if (heap.compareAndSetInt(place(i), found, RobustLatchLayout.LOST)) {
          any = true;
          if (death != null) {
            death.report();
          }
        }
      }
    }
    if (any && isOpen()) {
      made.signalAll();
    }
    return any;
  }

  private WaitResult<Boolean> await(WaitMode mode) {
    return Waiting.await(WaitPoint.of(made), deaths, this::look, mode);
  }

  /**
   * Waits until all counts are made.
   *
   * @throws InterruptedException if the current thread is interrupted before or while it waits
   * @throws IllegalStateException if the heap is closed
   */
  public void await() throws InterruptedException {
    await(WaitMode.INTERRUPTIBLE).orThrow(this);
  }

  /**
   * Waits until all counts are made, no longer than a time on the monotonic clock.
   *
   * @return whether all are made
   */
  public boolean await(Duration time) throws InterruptedException {
    return await(WaitMode.within(heap, time)).orThrow(this).isDone();
  }

  /** Waits until all counts are made; an interrupt does not end the wait, and stays noted. */
  public void awaitUninterruptibly() {
    await(WaitMode.UNINTERRUPTIBLE);
  }

  @Override
  public String toString() {
    return "the robust latch at offset " + offset + " of " + heap.path();
  }
}
