package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.errors.OutOfSpaceException;
import dev.rszshm.heap.faults.MountedTmpfs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seeds 1.3, number 6, for real: a file system without room. */
class OutOfSpaceTest {
  private static final long MIB = 1 << 20;

  @TempDir Path directory;

  private MountedTmpfs small() throws Exception {
    return MountedTmpfs.mount(directory.resolve("small"), "size=4m");
  }

  @Test
  void growthBeyondTheFileSystemThrowsAndTheHeapStays() throws Exception {
    try (MountedTmpfs mounted = small()) {
      Path path = mounted.path().resolve("heap");
      try (Heap heap = Heap.builder().span(64 * MIB).length(MIB).create(path)) {
        long first = heap.dataOffset();
        heap.fill(first, MIB, (byte) 7);
        long length = heap.length();
        OutOfSpaceException thrown =
            assertThrows(OutOfSpaceException.class, () -> heap.growTo(8 * MIB));
        assertTrue(
            thrown
                .getMessage()
                .startsWith(
                    path
                        + " cannot grow by "
                        + (8 * MIB - length)
                        + " bytes to "
                        + 8 * MIB
                        + ": ENOSPC (no space left on device), its file system has "),
            thrown.getMessage());
        assertEquals(length, heap.length());
        assertEquals(7, heap.getByte(first + MIB - 1));
        long grown = heap.growTo(3 * MIB);
        heap.fill(length, grown - length, (byte) 8);
        assertEquals(8, heap.getByte(grown - 1));
        Files.write(mounted.path().resolve("filler"), new byte[(int) MIB / 2]);
        assertThrows(OutOfSpaceException.class, () -> heap.growTo(4 * MIB));
        Files.delete(mounted.path().resolve("filler"));
        assertEquals(4 * MIB - 65536, heap.growTo(4 * MIB - 65536));
        heap.remove();
      }
    }
  }

  @Test
  void creationWithoutRoomThrowsAndLeavesNothing() throws Exception {
    try (MountedTmpfs mounted = small()) {
      Path path = mounted.path().resolve("heap");
      for (boolean plain : new boolean[] {false, true}) {
        HeapBuilder builder = plain ? Heap.builder().plain() : Heap.builder();
        assertThrows(OutOfSpaceException.class, () -> builder.length(8 * MIB).create(path));
      }
      assertEquals(0, mounted.path().toFile().list().length);
      Files.write(mounted.path().resolve("filler"), new byte[(int) (4 * MIB)]);
      for (Backing backing : Backing.values()) {
        for (boolean plain : new boolean[] {false, true}) {
          HeapBuilder builder = plain ? Heap.builder().plain() : Heap.builder();
          assertThrows(
              OutOfSpaceException.class,
              () -> builder.backing(backing).create(path),
              () -> backing + ", plain: " + plain);
        }
      }
      assertEquals(1, mounted.path().toFile().list().length);
    }
  }
}
