package dev.rszshm.structures;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.sync.FairMutex;
import dev.rszshm.sync.FastMutex;
import dev.rszshm.sync.Monitor;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.Once;
import dev.rszshm.sync.RobustLock;
import dev.rszshm.sync.RobustSemaphore;
import dev.rszshm.sync.SharedBarrier;
import dev.rszshm.sync.SharedCondition;
import dev.rszshm.sync.SharedEvent;
import dev.rszshm.sync.SharedLatch;
import dev.rszshm.sync.SharedReadWriteLock;
import dev.rszshm.sync.SharedSemaphore;
import dev.rszshm.sync.internal.EventCount;
import java.util.ConcurrentModificationException;

/**
 * Locks, semaphores and the like by name: whoever asks first makes it, everybody else gets the
 * same.
 *
 * <pre>{@code
 * Mutex mutex = NamedSynchronisers.of(allocator).mutex("accounts");
 * }</pre>
 *
 * <p>Each is a root of the allocator ({@link Allocator#root}), so names are 1 to 88 bytes in UTF-8,
 * are listed with the other roots, and are removed with {@link Allocator#removeRoot}, when nobody
 * uses them any more. All methods may be called by any thread of any process at once. If the
 * process dies in one, the thing is there, new, or it is not. They throw {@link
 * dev.rszshm.allocator.errors.RootMismatchException} if there is something else of that name,
 * {@link dev.rszshm.allocator.errors.OutOfHeapMemoryException} if there is no room, and {@link
 * IllegalStateException} if it was made with other numbers. A handle is cheap: keep it or ask
 * again.
 */
public final class NamedSynchronisers {
  private static final int VERSION = 1;

  // What the roots say they are. A kind keeps its number for good.
  private static final long MUTEX = 0x5359_4e43_0001L;
  private static final long FAST_MUTEX = 0x5359_4e43_0002L;
  private static final long MONITOR = 0x5359_4e43_0003L;
  private static final long READ_WRITE_LOCK = 0x5359_4e43_0004L;
  private static final long CONDITION = 0x5359_4e43_0005L;
  private static final long SEMAPHORE = 0x5359_4e43_0006L;
  private static final long ROBUST_SEMAPHORE = 0x5359_4e43_0007L;
  private static final long BARRIER = 0x5359_4e43_0008L;
  private static final long LATCH = 0x5359_4e43_0009L;
  private static final long EVENT = 0x5359_4e43_000aL;
  private static final long ONCE = 0x5359_4e43_000bL;
  private static final long EVENT_COUNT = 0x5359_4e43_000cL;
  private static final long FAIR_MUTEX = 0x5359_4e43_000dL;

  private final Allocator allocator;
  private final Heap heap;

  private NamedSynchronisers(Allocator allocator) {
    this.allocator = allocator;
    this.heap = allocator.heap();
  }

  /** Those in the heap of an allocator. */
  public static NamedSynchronisers of(Allocator allocator) {
    return new NamedSynchronisers(allocator);
  }

  private long place(String name, long type, long length) {
    long place = allocator.get(allocator.root(name, type, VERSION, length).slot());
    if (place <= 0) {
      throw new ConcurrentModificationException(
          "the root \""
              + name
              + "\" was removed while it was looked for: look again, or remove"
              + " roots when nobody uses them any more");
    }
    return place;
  }

  /** The mutex of a name. */
  public Mutex mutex(String name) {
    return Mutex.at(heap, place(name, MUTEX, Mutex.LENGTH));
  }

  /** The fast mutex of a name. */
  public FastMutex fastMutex(String name) {
    return FastMutex.at(heap, place(name, FAST_MUTEX, FastMutex.LENGTH));
  }

  /** The fair mutex of a name. */
  public FairMutex fairMutex(String name) {
    return FairMutex.at(heap, place(name, FAIR_MUTEX, FairMutex.LENGTH));
  }

  /** The monitor of a name. */
  public Monitor monitor(String name) {
    return Monitor.at(heap, place(name, MONITOR, Monitor.LENGTH));
  }

  /** The read-write lock of a name. */
  public SharedReadWriteLock readWriteLock(String name) {
    long length = SharedReadWriteLock.length(heap);
    return SharedReadWriteLock.at(heap, place(name, READ_WRITE_LOCK, length));
  }

  /** The condition of a name, for the holders of a lock, which must be the same for all. */
  public SharedCondition condition(String name, RobustLock lock) {
    return lock.condition(place(name, CONDITION, SharedCondition.LENGTH));
  }

  /** The semaphore of a name; see {@link SharedSemaphore#create}. */
  public SharedSemaphore semaphore(String name, int permits, int max) {
    long place = place(name, SEMAPHORE, SharedSemaphore.LENGTH);
    return SharedSemaphore.create(heap, place, permits, max);
  }

  /** The semaphore of a name whose permits come back from the dead. */
  public RobustSemaphore robustSemaphore(String name, int permits) {
    long place = place(name, ROBUST_SEMAPHORE, RobustSemaphore.length(permits));
    return RobustSemaphore.create(heap, place, permits);
  }

  /** The barrier of a name. */
  public SharedBarrier barrier(String name, int parties) {
    long place = place(name, BARRIER, SharedBarrier.length(parties));
    return SharedBarrier.create(heap, place, parties);
  }

  /** The latch of a name. */
  public SharedLatch latch(String name, int count) {
    return SharedLatch.create(heap, place(name, LATCH, SharedLatch.LENGTH), count);
  }

  /** The event of a name. */
  public SharedEvent event(String name) {
    return SharedEvent.at(heap, place(name, EVENT, SharedEvent.LENGTH));
  }

  /** The once of a name. */
  public Once once(String name) {
    return Once.at(heap, place(name, ONCE, Once.LENGTH));
  }

  /** The event count of a name. */
  public EventCount eventCount(String name) {
    return EventCount.at(heap, place(name, EVENT_COUNT, EventCount.LENGTH));
  }
}
