package dev.rszshm.tests.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.testkit.memory.ForwardingMemory;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who recovers a dead process may be stopped at it, and holds nobody up who wants a root. */
class StoppedRecovererTest {
  private static final int LANES_FIELD = 32;
  private static final int OWNERS_FIELD = 40;

  private static final class Hooked extends ForwardingMemory {
    private volatile LongConsumer afterChange = address -> {};

    Hooked() {
      super(Platform.host().memory());
    }

    @Override
    public boolean compareAndSetLong(long address, long expected, long value) {
      boolean changed = super.compareAndSetLong(address, expected, value);
      if (changed) {
        afterChange.accept(address);
      }
      return changed;
    }
  }

  private static Heap attach(Heap heap, Hooked memory) {
    return Heap.builder()
        .anyAddress()
        .platform(new Platform(memory, Platform.host().calls()))
        .attach(heap.path());
  }

  private static Thread start(Runnable body) {
    Thread thread = new Thread(body);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Test
  @Timeout(300)
  void aRootThatADeadProcessWasRemovingIsMadeAgain() throws InterruptedException {
    Semaphore marked = new Semaphore(0);
    Semaphore never = new Semaphore(0);
    Semaphore claimed = new Semaphore(0);
    Semaphore goOn = new Semaphore(0);
    try (Heap heap = Heap.builder().span(64 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      RootEntry before = allocator.root("x", 1, 1, 100);

      Hooked memoryOfDead = new Hooked();
      Heap dead = attach(heap, memoryOfDead);
      Allocator remover = Allocator.on(dead);
      memoryOfDead.afterChange =
          address -> {
            if (address == dead.base() + before.slot()) {
              marked.release();
              never.acquireUninterruptibly();
            }
          };
      start(() -> remover.removeRoot("x"));
      marked.acquire();
      dead.close();

      Hooked memoryOfStopped = new Hooked();
      Heap stopped = attach(heap, memoryOfStopped);
      long lanes = heap.getLong(heap.dataOffset() + LANES_FIELD);
      long end = heap.getLong(heap.dataOffset() + OWNERS_FIELD);
      AtomicBoolean once = new AtomicBoolean();
      memoryOfStopped.afterChange =
          address -> {
            long offset = address - stopped.base();
            if (offset >= lanes && offset < end && once.compareAndSet(false, true)) {
              claimed.release();
              goOn.acquireUninterruptibly();
            }
          };
      Thread recoverer = start(() -> Allocator.on(stopped));
      claimed.acquire();

      RootEntry again = allocator.root("x", 1, 1, 100);
      assertNotEquals(0, allocator.get(again.slot()));
      assertEquals(again, allocator.findRoot("x").orElseThrow());
      assertEquals("other", allocator.root("other", 1, 1, 8).name());
      assertTrue(allocator.check().isSound(), () -> allocator.check().findings().toString());

      goOn.release();
      recoverer.join();
      assertEquals(List.of(), allocator.check().findings());
      assertEquals(2, allocator.check().blocks());
      stopped.close();
    }
  }
}
