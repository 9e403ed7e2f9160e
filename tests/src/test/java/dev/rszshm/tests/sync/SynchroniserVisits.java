package dev.rszshm.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.RobustLock;
import dev.rszshm.sync.RobustSemaphore;
import dev.rszshm.sync.SharedCondition;
import dev.rszshm.sync.SharedEvent;
import dev.rszshm.sync.SharedLatch;
import dev.rszshm.sync.SharedReadWriteLock;
import dev.rszshm.sync.SharedSemaphore;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What is done with each synchroniser, in a heap of one of each. A lock protects a pair of numbers,
 * which are equal except in the middle of a change, and a word that says that somebody is inside: a
 * repair sets both right, so that a death that nobody was told of is found by the next visitor.
 */
final class SynchroniserVisits {
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final int PERMITS = 2;

  /** Offsets within what a lock protects. */
  private static final int SECOND = 8;

  private static final int INSIDE = 16;
  private static final int REPAIRS = 24;

  /** Offsets behind the places of the locks. */
  private static final int ROBUST = 0;

  private static final int HOLDERS = 128;
  private static final int SEMAPHORE = 256;
  private static final int TURN_MUTEX = 320;
  private static final int TURN_CONDITION = 328;
  private static final int TURN = 336;
  private static final int LATCH = 512;
  private static final int LATCH_BEGUN = 640;
  private static final int LATCH_DONE = 648;
  private static final int EVENT = 768;
  private static final int EVENT_BEGUN = 896;

  /** More than are counted in any storm. */
  private static final int COUNT = Integer.MAX_VALUE / 2;

  private final Heap heap;
  private final Map<LockKind, RobustLock> locks = new EnumMap<>(LockKind.class);
  private final SharedReadWriteLock readWriteLock;
  private final RobustSemaphore robust;
  private final SharedSemaphore semaphore;
  private final SharedLatch latch;
  private final SharedEvent event;
  private final Mutex turnMutex;
  private final SharedCondition turned;
  private final int tag;

  SynchroniserVisits(Heap heap) {
    this.heap = heap;
    for (LockKind kind : LockKind.values()) {
      RobustLock lock = kind.at(heap);
      lock.onOwnerDied(() -> repair(pair(kind)));
      locks.put(kind, lock);
    }
    this.readWriteLock = LockKind.readWriteLock(heap);
    readWriteLock.writeLock().onOwnerDied(() -> repair(pair(LockKind.WRITE_LOCK)));
    this.robust = robust(heap);
    this.semaphore = semaphore(heap);
    this.latch = SharedLatch.at(heap, more(heap, LATCH));
    this.event = SharedEvent.at(heap, more(heap, EVENT));
    this.turnMutex = Mutex.at(heap, more(heap, TURN_MUTEX));
    turnMutex.onOwnerDied(() -> {});
    this.turned = turnMutex.condition(more(heap, TURN_CONDITION));
    this.tag = heap.self().orElseThrow().tag();
  }

  static void create(Heap heap) {
    RobustSemaphore.at(heap, more(heap, ROBUST), PERMITS);
    SharedSemaphore.at(heap, more(heap, SEMAPHORE), 0);
    SharedLatch.at(heap, more(heap, LATCH), COUNT);
  }

  static RobustSemaphore robust(Heap heap) {
    return RobustSemaphore.at(heap, more(heap, ROBUST));
  }

  static SharedSemaphore semaphore(Heap heap) {
    return SharedSemaphore.at(heap, more(heap, SEMAPHORE));
  }

  private static long more(Heap heap, int place) {
    return LockKind.end(heap) + place;
  }

  private long pair(LockKind kind) {
    return kind.offset(heap) + LockKind.PROTECTED;
  }

  private void repair(long pair) {
    heap.putLong(pair + SECOND, heap.getLong(pair));
    heap.putLong(pair + INSIDE, 0);
    heap.getAndAddLong(pair + REPAIRS, 1);
  }

  void lock(LockKind kind) {
    RobustLock lock = locks.get(kind);
    lock.lock();
    change(pair(kind));
    lock.unlock();
  }

  boolean lock(LockKind kind, long time, TimeUnit unit) throws InterruptedException {
    RobustLock lock = locks.get(kind);
    if (!lock.tryLock(time, unit)) {
      return false;
    }
    change(pair(kind));
    lock.unlock();
    return true;
  }

  private void change(long pair) {
    assertTrue(heap.compareAndSetLong(pair + INSIDE, 0, tag), "another is inside, or has died so");
    long first = heap.getLong(pair);
    assertEquals(first, heap.getLong(pair + SECOND));
    heap.putLong(pair, first + 1);
    heap.putLong(pair + SECOND, first + 1);
    assertTrue(heap.compareAndSetLong(pair + INSIDE, tag, 0), "another came inside");
  }

  void read() {
    long pair = pair(LockKind.WRITE_LOCK);
    readWriteLock.readLock().lock();
    assertEquals(heap.getLong(pair), heap.getLong(pair + SECOND));
    readWriteLock.readLock().unlock();
  }

  /** Takes a turn if it is the own one soon; the turns go round. */
  void takeTurn(int index, int of) throws InterruptedException {
    turnMutex.lock();
    long turn = heap.getLong(more(heap, TURN));
    if (turn % of == index || turned.await(SHORT)) {
      turn = heap.getLong(more(heap, TURN));
      if (turn % of == index) {
        heap.putLong(more(heap, TURN), turn + 1);
        turned.signalAll();
      }
    }
    turnMutex.unlock();
  }

  long turns() {
    return heap.getLong(more(heap, TURN));
  }

  /**
   * Each who has a permit finds one of two places, in the halves of a word, free or of the dead.
   */
  void robustPermit() throws InterruptedException {
    robust.acquire();
    int shift = takePlace();
    long mask = ~(0xffff_ffffL << shift);
    heap.getAndBitwiseAndLong(more(heap, HOLDERS), mask);
    robust.release();
  }

  private int takePlace() {
    while (true) {
      long word = heap.getLongVolatile(more(heap, HOLDERS));
      int shift = isFree((int) word) ? 0 : Integer.SIZE;
      assertTrue(isFree((int) (word >>> shift)), "there are more inside than permits");
      long others = word & ~(0xffff_ffffL << shift);
      if (heap.compareAndSetLong(more(heap, HOLDERS), word, others | (long) tag << shift)) {
        return shift;
      }
    }
  }

  private boolean isFree(int holder) {
    return holder == 0 || !heap.isAlive(holder);
  }

  void permit() throws InterruptedException {
    semaphore.release();
    semaphore.tryAcquire(SHORT);
  }

  /** Counts, with a word that says so before, and one that says so afterwards. */
  void count() throws InterruptedException {
    heap.getAndAddLong(more(heap, LATCH_BEGUN), 1);
    latch.countDown();
    heap.getAndAddLong(more(heap, LATCH_DONE), 1);
    assertFalse(latch.await(SHORT), "a latch that opens too early");
  }

  /** What was counted is what was said to be, but for those who died in the middle. */
  void checkLatch(int deaths) {
    long done = heap.getLongVolatile(more(heap, LATCH_DONE));
    long counted = (long) COUNT - latch.count();
    long begun = heap.getLongVolatile(more(heap, LATCH_BEGUN));
    assertTrue(
        done <= counted && counted <= begun && begun <= done + deaths,
        () -> done + " have counted, of " + begun + ", the latch by " + counted);
    assertTrue(done > 0, "somebody has counted");
  }

  /** Whoever finds the event set also finds what was written before it was. */
  void setOrAwait(int index) throws InterruptedException {
    if (index == 0) {
      beginAndSet();
      event.reset();
      event.set();
    } else if (event.await(SHORT)) {
      assertTrue(heap.getLong(more(heap, EVENT_BEGUN)) > 0, "what came before");
      event.reset();
    }
  }

  /** Those who wait for an event are told, whatever the dead were at. */
  void awaitEvent() throws InterruptedException {
    while (!event.await(SHORT)) {
      beginAndSet();
    }
  }

  /**
   * Whoever sets the event says so first: worker 0, or the check when worker 0 never came to it.
   */
  private void beginAndSet() {
    heap.getAndAddLong(more(heap, EVENT_BEGUN), 1);
    event.set();
  }

  String summary() {
    StringBuilder text = new StringBuilder();
    for (LockKind kind : LockKind.values()) {
      text.append(
          String.format(
              "%s: %d changes, %d repairs; ",
              kind, heap.getLong(pair(kind)), heap.getLong(pair(kind) + REPAIRS)));
    }
    return text + "" + turns() + " turns; " + semaphore.availablePermits() + " permits over";
  }
}
