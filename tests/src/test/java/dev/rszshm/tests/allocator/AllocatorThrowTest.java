package dev.rszshm.tests.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.testkit.faults.ThrowAnywhere;
import dev.rszshm.testkit.process.ScratchDirectory;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An error at any access of the allocator: this process goes on, and nothing is out of order. */
class AllocatorThrowTest {
  private static void run(Consumer<Allocator> prepare, Consumer<Allocator> act) throws Exception {
    try (ScratchDirectory directory = ScratchDirectory.inMemory()) {
      int[] number = {0};
      int places =
          ThrowAnywhere.on(Platform.host())
              .run(
                  point -> {
                    try (Heap heap =
                            Heap.builder()
                                .span(1 << 20)
                                .platform(point.platform())
                                .create(directory.path().resolve("heap" + number[0]++));
                        Allocator allocator = Allocator.on(heap)) {
                      allocator.root("slot", 1, 1, 64);
                      prepare.accept(allocator);
                      point.act(() -> act.accept(allocator));
                      goesOn(allocator);
                    }
                  });
      assertTrue(places > 5, "there are " + places + " places");
    }
  }

  private static long slot(Allocator allocator) {
    return allocator.get(allocator.findRoot("slot").orElseThrow().slot());
  }

  /** All that anybody does with an allocator can be done, and it is sound. */
  private static void goesOn(Allocator allocator) {
    allocator.recover();
    long slot = slot(allocator);
    for (long word : new long[] {slot, slot + 8}) {
      if (allocator.get(word) != 0) {
        assertTrue(allocator.freeFrom(word));
      }
      assertEquals(0, allocator.get(word));
    }
    for (int size : new int[] {16, 100, 5000, 40_000}) {
      long block = allocator.allocate(size);
      allocator.heap().putLong(block, -1);
      allocator.free(block);
    }
    // Not clean: a chunk may have no hint until the heap grows the next time, as after a death.
    assertTrue(allocator.check().isSound(), () -> allocator.check().toString());
  }

  @Test
  void smallBlocks() throws Exception {
    run(a -> {}, a -> a.free(a.allocate(100)));
  }

  @Test
  void largeBlocks() throws Exception {
    run(a -> {}, a -> a.free(a.allocate(150_000)));
  }

  @Test
  void slots() throws Exception {
    run(
        a -> {},
        a -> {
          a.allocateInto(slot(a), 100);
          a.move(slot(a), slot(a) + 8);
          a.freeFrom(slot(a) + 8);
        });
  }

  @Test
  void roots() throws Exception {
    run(
        a -> {},
        a -> {
          a.root("other", 2, 1, 32);
          a.removeRoot("other");
        });
  }

  @Test
  void trimming() throws Exception {
    run(a -> a.free(a.allocate(150_000)), Allocator::trim);
  }
}
