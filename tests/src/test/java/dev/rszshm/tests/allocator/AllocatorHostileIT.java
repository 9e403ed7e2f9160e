package dev.rszshm.tests.allocator;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.testkit.faults.HostileWords;
import dev.rszshm.tests.Storm;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Any word of an allocator, and of what refers to its blocks, may be any other. */
class AllocatorHostileIT {
  /** Three roots, blocks of several sizes, a chain of two slots. */
  public static final class Trial implements HostileWords.Trial {
    @Override
    public HeapBuilder builder() {
      return Heap.builder().span(1 << 20).length(512 << 10).participants(8);
    }

    @Override
    public void prepare(Heap heap) {
      try (Allocator allocator = Allocator.on(heap)) {
        for (String name : new String[] {"one", "two", "three"}) {
          long slot = allocator.place(name, 7, 1, 64);
          long block = allocator.allocateInto(slot, 100);
          allocator.allocateInto(block, 5000);
        }
        for (int size = 16; size < 20_000; size *= 3) {
          allocator.allocate(size);
          allocator.free(allocator.allocate(size));
        }
      }
    }

    private static long slot(Allocator allocator, String name) {
      return allocator.get(allocator.findRoot(name).orElseThrow().slot());
    }

    private static HostileWords.Operation with(Use use) {
      return heap -> {
        try (Allocator allocator = Allocator.on(heap)) {
          use.run(allocator);
        }
      };
    }

    /** What is done with an allocator. */
    private interface Use {
      void run(Allocator allocator);
    }

    @Override
    public Map<String, HostileWords.Operation> operations() {
      return Map.of(
          "1 check",
          with(Allocator::check),
          "2 get",
          with(a -> a.get(a.get(slot(a, "one")))),
          "3 allocate and free",
          with(
              a -> {
                for (int size = 16; size < 20_000; size *= 3) {
                  a.free(a.allocate(size));
                }
              }),
          "4 move",
          with(a -> a.move(slot(a, "one"), slot(a, "two") + 8)),
          "5 free from",
          with(
              a -> {
                a.freeFrom(a.get(slot(a, "three")));
                a.freeFrom(slot(a, "three"));
              }),
          "6 recover",
          with(Allocator::recover),
          "7 statistics",
          with(Allocator::statistics),
          "8 trim",
          with(Allocator::trim),
          "9 roots",
          with(
              a -> {
                a.roots();
                a.removeRoot("two");
                a.root("four", 7, 1, 64);
              }));
    }
  }

  @Test
  void noWordOfAnAllocatorCrashesHangsOrConfusesItsUsers() {
    HostileWords.of(Trial.class).rounds(Storm.count(150, 100_000)).run();
  }
}
