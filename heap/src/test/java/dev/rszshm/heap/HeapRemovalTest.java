package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.NoSuchHeapException;
import dev.rszshm.heap.errors.NotAHeapException;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import dev.rszshm.heap.internal.file.HeapRemoval;
import dev.rszshm.heap.spi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seeds 1.3, numbers 18 to 21. */
class HeapRemovalTest {
  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private static HeapBuilder small() {
    return Heap.builder().span(1 << 20);
  }

  @Test
  void removingAgainDoesNothing() {
    for (boolean plain : new boolean[] {false, true}) {
      HeapBuilder builder = plain ? small().plain() : small();
      Heap heap = builder.create(directory.resolve("dir_XXXXXX").resolve("0"));
      heap.close();
      assertTrue(heap.remove());
      assertFalse(Files.exists(heap.path().getParent()));
      assertFalse(heap.remove());
      assertFalse(heap.unlink());
    }
  }

  @Test
  void directoryGoesEvenIfTheFileWentBefore() throws IOException {
    Heap heap = small().create(directory.resolve("dir_XXXXXX").resolve("0"));
    heap.close();
    Files.delete(heap.path());
    assertFalse(heap.remove());
    assertFalse(Files.exists(heap.path().getParent()));
  }

  @Test
  void directoryThatWasNotGeneratedStays() throws IOException {
    Path mine = Files.createDirectory(directory.resolve("mine"));
    try (Heap heap = small().create(mine.resolve("heap"))) {
      assertTrue(heap.remove());
    }
    assertTrue(Files.isDirectory(mine));
    small().create(mine.resolve("heap")).close();
    Heap.remove(mine.resolve("heap"));
    assertTrue(Files.isDirectory(mine));
  }

  @Test
  void directoryToWhichTheHeapWasMovedStays() throws IOException {
    Path mine = Files.createDirectory(directory.resolve("mine"));
    Heap heap = small().create(directory.resolve("dir_XXXXXX").resolve("0"));
    heap.close();
    Path moved = Files.move(heap.path(), mine.resolve("heap"));
    Heap.remove(moved);
    assertFalse(Files.exists(moved));
    assertTrue(Files.isDirectory(mine));
    assertFalse(heap.remove());
    assertFalse(Files.exists(heap.path().getParent()));
  }

  @Test
  void generatedDirectoryWithOtherFilesStays() throws IOException {
    try (Heap heap = small().create(directory.resolve("dir_XXXXXX").resolve("0"))) {
      Path other = Files.createFile(heap.path().resolveSibling("other"));
      assertTrue(heap.remove());
      assertTrue(Files.exists(other));
    }
  }

  @Test
  void fileOfTheSameNameThatIsAnotherStays() throws IOException {
    Path path = directory.resolve("heap");
    try (Heap heap = small().create(path)) {
      Files.delete(path);
      Files.writeString(path, "another");
      assertFalse(heap.unlink());
      assertEquals("another", Files.readString(path));
      Files.delete(path);
      Files.createSymbolicLink(path, directory.resolve("elsewhere"));
      assertFalse(heap.remove());
      assertTrue(Files.isSymbolicLink(path));
    }
  }

  @Test
  void heapLivesOnWithoutItsName() {
    Path path = directory.resolve("heap");
    try (Heap heap = small().create(path)) {
      heap.putLong(heap.dataOffset(), 5);
      assertTrue(heap.unlink());
      long grown = heap.grow();
      heap.putByte(grown - 1, (byte) 1);
      assertEquals(5, heap.getLong(heap.dataOffset()));
      try (Heap next = small().create(path)) {
        assertEquals(0, next.getLong(next.dataOffset()));
        assertFalse(heap.unlink(), "the name belongs to another heap now");
      }
    }
  }

  @Test
  void removingByNameRemovesHeapsOnly() throws IOException {
    Path path = directory.resolve("file");
    assertThrows(NoSuchHeapException.class, () -> Heap.remove(path));
    Files.writeString(path, "this is not a heap, but a letter to somebody");
    assertThrows(NotAHeapException.class, () -> Heap.remove(path));
    assertTrue(Files.exists(path));
    for (boolean plain : new boolean[] {false, true}) {
      HeapBuilder builder = plain ? small().plain() : small();
      Path made;
      try (Heap heap = builder.create(directory.resolve("rszshm_XXXXXX").resolve("0"))) {
        made = heap.path();
      }
      Heap.remove(made);
      assertFalse(Files.exists(made.getParent()));
    }
  }

  @Test
  void failureOfTheRemovalIsExplained() {
    FaultySystemCalls faults = new FaultySystemCalls();
    Heap heap =
        small().platform(faults.platform()).create(directory.resolve("d_XXXXXX").resolve("0"));
    heap.close();
    faults.reset().fail("unlink", 1, Errno.EACCES);
    HeapAccessDeniedException denied = assertThrows(HeapAccessDeniedException.class, heap::remove);
    assertEquals(
        heap.path() + " may not be removed: EACCES (permission denied)", denied.getMessage());
    assertEquals(java.util.List.of(), ProcSelf.descriptorsOf(directory.toString()));
    faults.reset().fail("removeDirectory", 1, Errno.EBUSY);
    assertThrows(HeapException.class, heap::remove);
    assertFalse(heap.remove());
    assertFalse(Files.exists(heap.path().getParent()));
  }

  @Test
  void whoOnlyReadsDoesNotRemove() {
    Path path = directory.resolve("heap");
    try (Heap heap = small().create(path);
        Heap reading = Heap.builder().readOnly().anyAddress().attach(path);
        Heap trying = Heap.builder().copyOnWrite().anyAddress().attach(path)) {
      assertThrows(ReadOnlyHeapException.class, reading::remove);
      assertThrows(ReadOnlyHeapException.class, trying::unlink);
      reading.close();
      ReadOnlyHeapException refused =
          assertThrows(ReadOnlyHeapException.class, reading::unlink, "also when it is closed");
      assertTrue(refused.getMessage().contains("Heap.remove(Path)"), refused.getMessage());
      assertTrue(Files.exists(path));
      assertTrue(heap.remove());
    }
  }

  @Test
  void onlyTheUserWhoMadeAHeapAndRootRemoveIt() {
    FaultySystemCalls faults = new FaultySystemCalls();
    Path path = directory.resolve("heap");
    int owner = faults.faulty().effectiveUser();
    try (Heap heap = small().platform(faults.platform()).create(path)) {
      faults.answer("effectiveUser", FaultySystemCalls.EVERY, owner + 4711);
      HeapAccessDeniedException denied =
          assertThrows(HeapAccessDeniedException.class, heap::remove);
      assertEquals(
          path
              + " may not be removed: it belongs to user "
              + owner
              + ", and this process is user "
              + (owner + 4711)
              + ". The user who made a heap removes it, or root",
          denied.getMessage());
      assertThrows(
          HeapAccessDeniedException.class, () -> HeapRemoval.remove(faults.faulty(), path));
      assertTrue(Files.exists(path));
      faults.answer("effectiveUser", FaultySystemCalls.EVERY, 0);
      assertTrue(heap.remove());
    }
  }
}
