package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What making or attaching a heap has left, because it could not be undone, is undone later. */
@Timeout(300)
class FailedUndoTest {
  private static final long SPAN = 1 << 20;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private final FaultySystemCalls calls = new FaultySystemCalls();

  /** As if there were no stack left for a call, and for the first one that undoes something. */
  private void overflow(String call, String undoing) {
    calls.before(call, 1, FailedUndoTest::overflow);
    calls.instead(
        undoing,
        1,
        (real, arguments) -> {
          throw new StackOverflowError("injected");
        });
  }

  private static void overflow() {
    throw new StackOverflowError("injected");
  }

  private static void undoPending() {
    Heap.builder().span(SPAN).createAnonymous().close();
  }

  private long openFiles() throws IOException {
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      return links.filter(link -> isInDirectory(link)).count();
    }
  }

  private boolean isInDirectory(Path link) {
    try {
      return Files.readSymbolicLink(link).startsWith(directory);
    } catch (IOException gone) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"unmap", "removeDirectory"})
  void whatCreationLeavesIsUndoneByTheNext(String undoing) throws IOException {
    overflow("overlay", undoing);
    HeapBuilder builder = Heap.builder().span(SPAN).platform(calls.platform());
    Path template = directory.resolve("own_XXXXXX/heap");
    assertThrows(StackOverflowError.class, () -> builder.create(template));
    undoPending();
    assertEquals(0, openFiles());
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void whatAttachingLeavesIsUndoneByTheNext() throws IOException {
    Path path = directory.resolve("heap");
    Heap.builder().span(SPAN).create(path).close();
    overflow("overlay", "unmap");
    HeapBuilder builder = Heap.builder().platform(calls.platform());
    assertThrows(StackOverflowError.class, () -> builder.attach(path));
    undoPending();
    assertEquals(0, openFiles());
    try (Heap heap = Heap.attach(path)) {
      assertTrue(heap.isOpen(), "its address is free");
      assertEquals(heap.address(), heap.base());
    }
  }
}
