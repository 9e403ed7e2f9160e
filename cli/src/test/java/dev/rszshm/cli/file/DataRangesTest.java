package dev.rszshm.cli.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DataRangesTest {
  private static final long GROWN = 8 << 20;

  @Test
  void memoryThatWasTakenAheadOfNeedCounts() throws IOException {
    try (Heap heap = Heap.builder().span(1 << 30).create()) {
      heap.growTo(GROWN);
      Path file = heap.path();
      long memory = DataRanges.memory(file, Files.size(file));
      assertTrue(memory >= GROWN - heap.dataOffset(), () -> "found " + memory);
      assertTrue(DataRanges.bytes(file, Files.size(file)) < GROWN / 2, "nothing is written there");
      heap.remove();
    }
  }

  @Test
  void fileThatIsNotThereTakesNothingMoreThanWasSaid() {
    assertEquals(7, DataRanges.memory(Path.of("/nowhere/at/all"), 7));
  }
}
