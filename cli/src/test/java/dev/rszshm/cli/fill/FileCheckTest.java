package dev.rszshm.cli.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.cli.CommandException;
import dev.rszshm.cli.worker.FileCheck;
import dev.rszshm.heap.Heap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCheckTest {
  @TempDir Path directory;

  @Test
  void fileThatGetsShorterWhileItIsReadIsAnError() throws IOException {
    Path input = Files.write(directory.resolve("input"), new byte[100]);
    try (Heap heap = Heap.builder().create(directory.resolve("heap"))) {
      FileWork work = new FileWork(heap, input);
      work.write(0, 100);
      CommandException e = assertThrows(CommandException.class, () -> work.write(50, 51));
      assertEquals("input-changed", e.kind());
      assertEquals(
          input
              + " changed while it was read: it ends at 100 bytes, expected 101 or more. Try again"
              + " when nobody writes it",
          e.getMessage());
    }
  }

  @Test
  void fileThatGotLongerMeanwhileIsAnError() throws IOException {
    Path input = Files.write(directory.resolve("input"), new byte[100]);
    FileCheck.requireLength(input, 100);
    CommandException e =
        assertThrows(CommandException.class, () -> FileCheck.requireLength(input, 99));
    assertEquals("input-changed", e.kind());
    assertEquals(
        input
            + " changed while it was read: it ends at 100 bytes, expected 99. Try again when nobody"
            + " writes it",
        e.getMessage());
  }
}
