package dev.rszshm.tests.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Acquisition;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.SharedSemaphore;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import java.nio.file.Path;
import java.time.Duration;

/** Lets happen to a heap what is reported of it. */
final class Happenings implements AutoCloseable {
  final Heap heap = Heap.builder().span(64 << 20).createAnonymous();
  final Allocator allocator = Allocator.on(heap);
  final long mutexOffset = allocator.allocateZeroed(Mutex.LENGTH);
  private final SharedSemaphore none =
      SharedSemaphore.at(heap, allocator.allocateZeroed(SharedSemaphore.LENGTH), 0);

  /** This process grows the heap; returns its length before. */
  long grow() {
    long before = heap.length();
    heap.growTo(before + (1 << 20));
    return before;
  }

  /**
   * A participant dies with a mutex, as its detaching is a death to the mutex, and this one takes
   * it over; returns where it lies.
   */
  long ownerDies() {
    long offset = mutexOffset;
    try (Heap other = Heap.builder().anyAddress().attach(heap.path())) {
      Mutex.at(other, offset).lock();
    }
    Mutex mutex = Mutex.at(heap, offset);
    assertEquals(Acquisition.OWNER_DIED, mutex.tryAcquire());
    mutex.markConsistent();
    mutex.unlock();
    return offset;
  }

  /** Arguments: path, offset. Takes a mutex, and is killed with it. */
  public static final class Owner implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap = Heap.attach(Path.of(worker.argument(0)))) {
        Mutex.at(heap, Long.parseLong(worker.argument(1))).lock();
        worker.say("held");
        worker.hear();
      }
    }
  }

  /** A process is killed with the mutex, and this one takes it over; returns its id. */
  long ownerIsKilled() {
    Mutex mutex = Mutex.at(heap, mutexOffset);
    long pid;
    try (WorkerProcess owner = WorkerJvm.of(Owner.class).start(heap.path(), mutexOffset)) {
      owner.expect("held");
      pid = owner.pid();
      owner.kill();
    }
    assertEquals(Acquisition.OWNER_DIED, mutex.tryAcquire());
    mutex.markConsistent();
    mutex.unlock();
    return pid;
  }

  /** A participant dies that has allocated, and this one recovers its lane. */
  void participantDies() {
    try (Heap other = Heap.builder().anyAddress().attach(heap.path())) {
      Allocator.on(other).allocate(100);
    }
    allocator.recover();
  }

  /** A thread waits for permits that do not come. */
  void waitInVain(Duration time) throws InterruptedException {
    assertFalse(none.tryAcquire(time));
  }

  /** An allocation has to grow the heap. */
  void allocateMuch() {
    allocator.allocate(8 << 20);
  }

  @Override
  public void close() {
    allocator.close();
    heap.close();
  }
}
