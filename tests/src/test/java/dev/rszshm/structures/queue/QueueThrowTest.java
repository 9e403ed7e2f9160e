package dev.rszshm.structures.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.testkit.faults.ThrowAnywhere;
import dev.rszshm.testkit.process.ScratchDirectory;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An error at any access of a queue: it goes on for everybody, this process among them. */
class QueueThrowTest {
  private static final String LARGE = "l".repeat(100);

  private static void run(Consumer<SharedQueue<String>> act) throws Exception {
    try (ScratchDirectory directory = ScratchDirectory.inMemory()) {
      int[] number = {0};
      int places =
          ThrowAnywhere.on(Platform.host())
              .run(
                  point -> {
                    try (Heap heap =
                            Heap.builder()
                                .span(2 << 20)
                                .platform(point.platform())
                                .create(directory.path().resolve("heap" + number[0]++));
                        Allocator allocator = Allocator.on(heap)) {
                      SharedQueue<String> queue =
                          SharedQueue.named(allocator, "queue", Codecs.strings(), SmallQueue.SPEC);
                      for (String each : List.of("a", "b", LARGE, "c", "d")) {
                        queue.add(each);
                      }
                      point.act(() -> act.accept(queue));
                      goesOn(allocator, queue);
                    }
                  });
      assertTrue(places > 5, "there are " + places + " places");
    }
  }

  private static void goesOn(Allocator allocator, SharedQueue<String> queue) {
    queue.add("z");
    assertTrue(queue.contains("z"));
    assertTrue(queue.remove("z"));
    allocator.recover();
    QueueCheck check = queue.check();
    assertEquals(List.of(), check.findings());
    assertTrue(check.elements() >= 2 && check.elements() <= 6, check::toString);
    assertEquals(1 + check.blocks(), allocator.check().blocks(), () -> "blocks with " + check);
    queue.clear();
    assertEquals(0, queue.size());
  }

  @Test
  void putting() throws Exception {
    run(queue -> queue.add("e"));
  }

  @Test
  void puttingWhatIsLarge() throws Exception {
    run(queue -> queue.add(LARGE));
  }

  @Test
  void taking() throws Exception {
    run(
        queue -> {
          queue.poll();
          queue.poll();
          queue.poll();
        });
  }

  @Test
  void removing() throws Exception {
    run(
        queue -> {
          queue.remove("c");
          queue.remove(LARGE);
        });
  }

  @Test
  void iterating() throws Exception {
    run(queue -> queue.removeIf(each -> each.equals("b")));
  }
}
