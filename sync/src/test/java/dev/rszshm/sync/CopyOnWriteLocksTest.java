package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Who has attached copy-on-write neither gets a lock nor waits for anybody. */
@Timeout(300)
class CopyOnWriteLocksTest {
  private Heap heap;
  private Heap trying;
  private long offset;

  @BeforeEach
  void attach() {
    heap = Heap.builder().span(1 << 20).length(1 << 16).createAnonymous();
    trying = Heap.builder().copyOnWrite().anyAddress().attach(heap.path());
    offset = heap.dataOffset();
  }

  @AfterEach
  void close() {
    trying.close();
    heap.close();
  }

  @Test
  void noLockIsTakenAndNobodyIsWaitedFor() {
    SharedSemaphore.at(heap, offset + 4096, 0);
    SharedLatch.at(heap, offset + 8192, 1);
    SharedEvent.at(heap, offset + 12288);
    Map<String, Executable> calls =
        Map.of(
            "mutex", () -> Mutex.at(trying, offset).lock(),
            "tryLock", () -> Mutex.at(trying, offset).tryLock(),
            "fast mutex", () -> FastMutex.at(trying, offset + 1024).lock(),
            "monitor", () -> Monitor.at(trying, offset + 2048).lock(),
            "fair mutex", () -> FairMutex.at(trying, offset + 16384).lock(),
            "write lock", () -> SharedReadWriteLock.at(trying, offset + 3072).writeLock().lock(),
            "read lock", () -> SharedReadWriteLock.at(trying, offset + 3072).readLock().lock(),
            "semaphore", () -> SharedSemaphore.at(trying, offset + 4096).acquire(),
            "latch", () -> SharedLatch.at(trying, offset + 8192).await(),
            "event", () -> SharedEvent.at(trying, offset + 12288).await());
    calls.forEach((name, call) -> assertThrows(ReadOnlyHeapException.class, call, name));
    assertTrue(Mutex.at(heap, offset).tryLock(), "it is free");
  }

  @Test
  void aLockThatOthersHoldIsSeen() {
    Mutex mutex = Mutex.at(heap, offset);
    mutex.lock();
    assertTrue(Mutex.at(trying, offset).isLocked());
    assertEquals(
        heap.self().orElseThrow().tag(),
        Mutex.at(trying, offset).holder().orElseThrow().participant().tag());
    mutex.unlock();
    assertFalse(Mutex.at(trying, offset).isLocked());
  }
}
