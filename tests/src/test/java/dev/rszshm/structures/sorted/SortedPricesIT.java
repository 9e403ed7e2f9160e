package dev.rszshm.structures.sorted;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.examples.SortedPrices;
import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import dev.rszshm.tests.InMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example does what it says, in processes of its own. */
class SortedPricesIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir(factory = InMemory.class)
  Path directory;

  private WorkerProcess start(String... arguments) {
    List<String> command = WorkerJvm.commandOf(SortedPrices.class);
    command.add(directory.resolve("prices").toString());
    command.addAll(List.of(arguments));
    return WorkerProcess.start(LIMIT, command);
  }

  @Test
  void pricesAreListedInOrderAndKeptTogether() {
    try (WorkerProcess set = start("set", "plum=40", "apple=30", "pear=25")) {
      set.awaitSuccess();
    }
    try (WorkerProcess list = start("list", "p", "pm")) {
      list.expect("pear 25");
      list.expect("plum 40");
      list.awaitSuccess();
    }
    try (WorkerProcess bolts = start("fill", "bolt", "2000");
        WorkerProcess nuts = start("fill", "nut", "2000")) {
      bolts.awaitSuccess();
      nuts.awaitSuccess();
    }
    try (Heap heap = Heap.attach(directory.resolve("prices"));
        Allocator allocator = Allocator.on(heap)) {
      SharedSortedMap<String, Long> prices = SortedPrices.prices(allocator);
      assertEquals(4004, prices.size());
      assertEquals(4000, prices.get("number"));
      assertEquals("plum", prices.lastKey());
      assertEquals(2000, prices.subMap("bolt", "bolu").size());
      assertEquals(List.of(), prices.check().findings());
    }
  }
}
