package dev.rszshm.cli.file;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What names say of files that may not be read. */
class HeapSummaryTest {
  @Test
  void directoriesOfHeapsAreKnownByTheirNames() {
    assertTrue(HeapSummary.isInDirectoryOfHeap(Path.of("/dev/shm/rszshm_a1b2c3/0")));
    assertFalse(HeapSummary.isInDirectoryOfHeap(Path.of("/dev/shm/other/0")));
  }

  @Test
  void filesInTheRootDirectoryAreInNoDirectoryOfAHeap() {
    assertFalse(HeapSummary.isInDirectoryOfHeap(Path.of("/swapfile")));
    assertFalse(HeapSummary.isInDirectoryOfHeap(Path.of("/")));
  }
}
