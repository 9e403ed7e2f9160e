package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that makes a heap is killed at each of its steps. */
class CreatorDeathIT {
  @TempDir(factory = InMemory.class)
  Path directory;

  @Test
  void aKilledCreatorLeavesNothingOrACompleteHeap() throws Exception {
    List<String> steps =
        Deaths.each("create", directory, path -> () -> requireAllOrNothing(path, 0));
    assertTrue(
        steps.containsAll(List.of("createUnnamed", "allocate", "write", "link")), "" + steps);
  }

  @Test
  void whereFilesNeedNamesAKilledCreatorLeavesAtMostAHiddenFile() throws Exception {
    List<String> steps =
        Deaths.each("create-hidden", directory, path -> () -> requireAllOrNothing(path, 1));
    assertTrue(steps.containsAll(List.of("createExclusive", "link", "unlink")), "" + steps);
  }

  private void requireAllOrNothing(Path path, int hidden) throws IOException {
    boolean made = Files.exists(path);
    List<Path> others = list().stream().filter(f -> !f.equals(path)).toList();
    assertTrue(others.size() <= hidden, "left: " + others);
    for (Path other : others) {
      assertTrue(other.getFileName().toString().matches("\\..*\\.tmp"), "left: " + other);
      Files.delete(other);
    }
    if (made) {
      HeapInfo info = HeapInfo.of(path);
      assertEquals(1, info.participants().size());
      assertEquals("victim", info.participants().get(0).name());
      assertEquals(false, info.participants().get(0).alive());
    }
    try (Heap heap = Heap.builder().span(1L << 30).open(path)) {
      long length = heap.length();
      heap.putLongVolatile(heap.dataOffset(), 1);
      assertEquals(length + 4096, heap.growTo(length + 4096));
      heap.putByte(length + 4095, (byte) 1);
      assertEquals(made ? 1 : 0, heap.reclaimDead());
      assertEquals(List.of(heap.self().orElseThrow()), heap.participants());
      heap.remove();
    }
    assertEquals(List.of(), list());
  }

  private List<Path> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
