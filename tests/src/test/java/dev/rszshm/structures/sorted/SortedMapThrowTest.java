package dev.rszshm.structures.sorted;

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

/** An error at any access of a sorted map: it goes on for everybody, this process among them. */
class SortedMapThrowTest {
  private static final SortedMapSpec<Long, byte[]> SPEC =
      SortedMapSpec.of(OrderedCodecs.longs(), Codecs.byteArrays()).nodeLength(512);
  private static final int ENTRIES = 24;

  private static void run(Consumer<SharedSortedMap<Long, byte[]>> act) throws Exception {
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
                      SharedSortedMap<Long, byte[]> map =
                          SharedSortedMap.named(allocator, "map", SPEC);
                      for (long key = 0; key < ENTRIES; key++) {
                        map.put(key, new byte[96]);
                      }
                      point.act(() -> act.accept(map));
                      goesOn(allocator, map);
                    }
                  });
      assertTrue(places > 5, "there are " + places + " places");
    }
  }

  private static void goesOn(Allocator allocator, SharedSortedMap<Long, byte[]> map) {
    for (long key = 0; key < ENTRIES; key++) {
      assertTrue(map.get(key) != null || key == 1 || key >= 20, "only key 1 is removed");
    }
    map.put(100L, new byte[30]);
    map.remove(101L);
    allocator.recover();
    SortedMapCheck check = map.check();
    assertEquals(List.of(), check.findings());
    assertEquals(1 + check.blocks(), allocator.check().blocks(), () -> "blocks with " + check);
    map.clear();
    assertEquals(0, map.size());
  }

  @Test
  void replacing() throws Exception {
    run(map -> map.put(1L, new byte[40]));
  }

  @Test
  void halving() throws Exception {
    run(map -> map.put((long) ENTRIES, new byte[96]));
  }

  @Test
  void puttingAValueOutside() throws Exception {
    run(map -> map.put(1L, new byte[300]));
  }

  @Test
  void removing() throws Exception {
    run(map -> map.remove(1L));
  }

  @Test
  void leavingALeafAway() throws Exception {
    run(
        map -> {
          for (long key = 20; key < ENTRIES; key++) {
            map.remove(key);
          }
        });
  }

  @Test
  void reading() throws Exception {
    run(map -> map.get(1L));
  }

  @Test
  void walking() throws Exception {
    run(map -> map.forEach((key, value) -> assertEquals(96, value.length)));
  }

  @Test
  void askingForNeighbors() throws Exception {
    run(
        map -> {
          map.higherKey(3L);
          map.lowerKey(4L);
          map.lastEntry();
        });
  }
}
