package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.heap.errors.SparseHeapException;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory for a part of a heap, taken and given back apart from its length. */
class BackingTest {
  private static final long MIB = 1 << 20;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("heap");
  }

  private static long blocks(Path path) throws IOException {
    Process stat = new ProcessBuilder("stat", "-c", "%b", path.toString()).start();
    return 512 * Long.parseLong(new String(stat.getInputStream().readAllBytes()).strip());
  }

  @Test
  void aSparsePartTakesMemoryWhenItIsBacked() throws IOException {
    try (Heap heap = Heap.builder().create(path)) {
      long before = blocks(path);
      heap.growSparse(64 * MIB);
      assertEquals(64 * MIB, heap.length());
      assertEquals(before, blocks(path));
      heap.back(16 * MIB, MIB);
      assertEquals(before + MIB, blocks(path));
      heap.putLong(16 * MIB, 42);
      heap.back(16 * MIB, 2 * MIB);
      assertEquals(42, heap.getLong(16 * MIB), "what is there stays");
      assertEquals(before + 2 * MIB, blocks(path));
    }
  }

  @Test
  void aSparseGrowthIsFollowedByOrdinaryOnes() throws IOException {
    try (Heap heap = Heap.builder().create(path)) {
      heap.growSparse(8 * MIB);
      long before = blocks(path);
      heap.growTo(9 * MIB);
      assertEquals(before + MIB, blocks(path));
      heap.putLong(9 * MIB - 8, 1);
    }
  }

  @Test
  void whatIsDiscardedReadsAsZeros() throws IOException {
    try (Heap heap = Heap.builder().length(4 * MIB).create(path);
        Heap other = Heap.builder().anyAddress().attach(path)) {
      heap.fill(MIB, 2 * MIB, (byte) 7);
      long before = blocks(path);
      heap.discard(MIB, MIB);
      assertEquals(before - MIB, blocks(path));
      assertEquals(0, other.getLong(MIB));
      assertEquals(0, other.getLong(2 * MIB - 8));
      assertEquals(0x0707070707070707L, other.getLong(2 * MIB));
      heap.back(MIB, MIB);
      assertEquals(before, blocks(path));
      assertEquals(4 * MIB, Files.size(path) / MIB * MIB);
    }
  }

  @Test
  void onlyWhoMayWriteDoesIt() {
    Heap.builder().length(MIB).create(path).close();
    try (Heap heap = Heap.builder().readOnly().attach(path)) {
      assertThrows(ReadOnlyHeapException.class, () -> heap.growSparse(2 * MIB));
      assertThrows(ReadOnlyHeapException.class, () -> heap.back(heap.dataOffset(), 4096));
      assertThrows(ReadOnlyHeapException.class, () -> heap.discard(heap.dataOffset(), 4096));
    }
  }

  @Test
  void headerAndWhatLiesBeyondTheEndAreOutOfBounds() {
    try (Heap heap = Heap.builder().length(MIB).create(path)) {
      assertThrows(IndexOutOfBoundsException.class, () -> heap.discard(0, 4096));
      assertThrows(IndexOutOfBoundsException.class, () -> heap.discard(heap.length(), 4096));
      assertThrows(IndexOutOfBoundsException.class, () -> heap.back(heap.length(), 4096));
      assertTrue(heap.isOpen());
      heap.close();
      assertThrows(IllegalStateException.class, () -> heap.back(heap.dataOffset(), 4096));
    }
  }

  @Test
  void oneWhoAsksForSparseTakesMemoryForTheOthers() throws IOException {
    try (Heap heap = Heap.builder().create(path);
        Heap sparse = Heap.builder().anyAddress().backing(Backing.SPARSE).attach(path)) {
      assertEquals(Backing.ALLOCATED, sparse.backing());
      long before = blocks(path);
      long length = heap.length();
      sparse.growTo(length + 4 * MIB);
      assertEquals(before + 4 * MIB, blocks(path));
      heap.discard(length, MIB);
      sparse.back(length, MIB);
      assertEquals(before + 4 * MIB, blocks(path));
    }
  }

  @Test
  void sparseHeapIsSparseForAllAndRefusesWhoAsksForMore() throws IOException {
    try (Heap heap = Heap.builder().backing(Backing.SPARSE).create(path);
        Heap other = Heap.builder().anyAddress().attach(path)) {
      assertEquals(Backing.SPARSE, other.backing());
      long before = blocks(path);
      other.growTo(heap.length() + 4 * MIB);
      assertEquals(before, blocks(path));
      SparseHeapException refused =
          assertThrows(
              SparseHeapException.class,
              () -> Heap.builder().anyAddress().backing(Backing.ALLOCATED).attach(path));
      assertTrue(refused.getMessage().startsWith(path + " was made with Backing.SPARSE"));
    }
  }
}
