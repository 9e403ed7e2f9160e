package dev.rszshm.structures.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.testkit.faults.ThrowAnywhere;
import dev.rszshm.testkit.process.ScratchDirectory;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An error at any access of a map: it goes on for everybody, this process among them. */
class MapThrowTest {
  private static void run(Consumer<SharedLongMap> act) throws Exception {
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
                      SharedLongMap map =
                          SharedLongMap.named(allocator, "map", MapSpec.standard().withShards(1));
                      for (long key = 0; key < 22; key++) {
                        map.put(key, new byte[20]);
                      }
                      point.act(() -> act.accept(map));
                      goesOn(allocator, map);
                    }
                  });
      assertTrue(places > 5, "there are " + places + " places");
    }
  }

  private static void goesOn(Allocator allocator, SharedLongMap map) {
    for (long key = 0; key < 22; key++) {
      assertTrue(map.get(key) != null || key == 1, "only key 1 is removed");
    }
    map.put(100, new byte[30]);
    map.remove(101);
    allocator.recover();
    MapCheck check = map.check();
    assertEquals(List.of(), check.findings());
    assertEquals(1 + check.blocks(), allocator.check().blocks(), () -> "blocks with " + check);
    map.clear();
    assertEquals(0, map.size());
  }

  @Test
  void putting() throws Exception {
    run(map -> map.put(1, new byte[40]));
  }

  @Test
  void insertingAndSplitting() throws Exception {
    run(map -> map.put(22, new byte[40]));
  }

  @Test
  void removing() throws Exception {
    run(map -> map.remove(1));
  }

  @Test
  void reading() throws Exception {
    run(map -> map.get(1));
  }

  @Test
  void readingInPlaceWhatIsReplacedMeanwhile() throws Exception {
    run(map -> map.get(1, (heap, offset, length) -> map.put(1, new byte[50])));
  }

  @Test
  void adding() throws Exception {
    run(map -> map.addAndGet(50, 1));
  }
}
