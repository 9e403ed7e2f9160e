package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.errors.UnsupportedPlatformException;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.faults.MountedTmpfs;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import dev.rszshm.heap.spi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wishes about memory: what the kernel has done of them, and what is said if it has not. */
class MemoryWishTest {
  private static final int LENGTH = 8 << 20;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private Heap create(HeapBuilder builder) {
    return builder.span(64 << 20).length(LENGTH).create(directory.resolve("heap"));
  }

  /** The sum of a field of all mappings that begin in a range, in bytes; flags as a line. */
  private static String smaps(Heap heap, String field) {
    StringBuilder found = new StringBuilder();
    boolean inside = false;
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
        if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
          long from = Long.parseUnsignedLong(line, 0, line.indexOf('-'), 16);
          inside = from >= heap.base() && from < heap.base() + heap.mappedLength();
        } else if (inside && line.startsWith(field + ":")) {
          found.append(line.substring(field.length() + 1)).append('\n');
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return found.toString();
  }

  private static long bytes(Heap heap, String field) {
    return smaps(heap, field)
        .lines()
        .mapToLong(line -> Long.parseLong(line.strip().split(" ")[0]) << 10)
        .sum();
  }

  @Test
  void whatIsLockedStaysInMemoryAndIsReleased() {
    try (Heap heap = create(Heap.builder().lockedInMemory())) {
      Grant grant = heap.grants().get(MemoryWish.LOCKED);
      if (!grant.granted()) {
        assertTrue(grant.explanation().contains("ulimit -l"), grant.explanation());
        return;
      }
      assertEquals(heap.length(), bytes(heap, "Locked"));
      heap.growTo(heap.length() + LENGTH);
      assertEquals(heap.length(), bytes(heap, "Locked"), "also what it grew by");
      heap.unlockFromMemory(heap.dataOffset(), heap.length() - heap.dataOffset());
      assertEquals(heap.dataOffset(), bytes(heap, "Locked"));
      heap.lockInMemory(heap.dataOffset(), 4096);
      assertTrue(heap.tryLockInMemory(heap.dataOffset() + 4096, 4096).granted());
      assertEquals(heap.dataOffset() + 8192, bytes(heap, "Locked"));
    }
  }

  @Test
  void hugePagesLieUnderTheHeapIfTheyAreGranted() {
    try (Heap heap = create(Heap.builder().hugePages())) {
      Grant grant = heap.grants().get(MemoryWish.HUGE_PAGES);
      assertEquals(grant.granted(), bytes(heap, "ShmemPmdMapped") > 0, grant::explanation);
      heap.putLong(heap.dataOffset(), 5);
      Grant again = heap.collapse(heap.dataOffset(), LENGTH);
      assertEquals(again.granted(), bytes(heap, "ShmemPmdMapped") > 0, again::explanation);
      assertEquals(5, heap.getLong(heap.dataOffset()));
      Grant small = heap.collapse(heap.dataOffset(), 4096);
      assertFalse(small.granted());
      assertTrue(small.explanation().contains("no whole huge page"), small.explanation());
    }
  }

  @Test
  void whatTheKernelRefusesIsSaidAndHarmsNothing() {
    FaultySystemCalls faults =
        new FaultySystemCalls()
            .fail("lockInMemory", FaultySystemCalls.EVERY, Errno.ENOMEM)
            .fail("collapse", FaultySystemCalls.EVERY, Errno.EINVAL);
    HeapBuilder wishing = Heap.builder().lockedInMemory().hugePages().preferNode(0);
    try (Heap heap = create(wishing.platform(faults.platform()))) {
      Map<MemoryWish, Grant> grants = heap.grants();
      assertEquals(3, grants.size());
      refused("bytes may not be locked in memory", grants.get(MemoryWish.LOCKED), heap);
      refused("use Linux 6.1 or later", grants.get(MemoryWish.HUGE_PAGES), heap);
      refused("may not be locked", heap.tryLockInMemory(heap.dataOffset(), 1), heap);
      assertThrows(SystemCallException.class, () -> heap.lockInMemory(heap.dataOffset(), 1));
      faults.reset();
      heap.growTo(heap.length() + LENGTH);
      assertFalse(heap.grants().get(MemoryWish.LOCKED).granted(), "the first part is not locked");
      heap.putByte(heap.length() - 1, (byte) 1);
      faults.fail("collapse", FaultySystemCalls.EVERY, Errno.ENOMEM);
      refused("no huge pages to give now", heap.collapse(heap.dataOffset(), LENGTH), heap);
    }
    try (Heap heap = Heap.builder().span(1 << 20).createAnonymous()) {
      assertEquals(Map.of(), heap.grants());
    }
  }

  private static void refused(String part, Grant grant, Heap heap) {
    assertFalse(grant.granted());
    assertTrue(grant.explanation().contains(part), () -> grant.explanation() + heap.length());
  }

  @Test
  void aNodeIsPreferredWhereThereAreSeveral() throws IOException {
    String nodes = Files.readString(Path.of("/sys/devices/system/node/online")).strip();
    try (Heap heap = create(Heap.builder().preferNode(0))) {
      Grant grant = heap.grants().get(MemoryWish.PREFERRED_NODE);
      assertEquals(!nodes.equals("0"), grant.granted(), grant::explanation);
      if (nodes.equals("0")) {
        refused("one NUMA node", heap.preferNode(heap.dataOffset(), 1, 0), heap);
      }
      assertThrows(IllegalArgumentException.class, () -> Heap.builder().preferNode(-1));
    }
  }

  @Test
  void everyAdviceReachesTheKernel() {
    Map<Advice, String> flags =
        Map.of(Advice.RANDOM, "rr", Advice.SEQUENTIAL, "sr", Advice.HUGE_PAGES, "hg");
    try (Heap heap = create(Heap.builder())) {
      for (Advice advice : Advice.values()) {
        heap.advise(heap.dataOffset() + 5000, 1, advice);
        String flag = flags.get(advice);
        List<String> words = List.of(smaps(heap, "VmFlags").split("\\s+"));
        if (flag != null) {
          assertTrue(words.contains(flag), () -> advice + ": " + words);
        } else if (advice == Advice.NORMAL) {
          assertFalse(words.contains("rr") || words.contains("sr"), words::toString);
        }
      }
    }
  }

  @Test
  void whoHasAttachedCopyOnWriteKeepsNothingForOthers() {
    create(Heap.builder()).close();
    try (Heap trying = Heap.builder().copyOnWrite().attach(directory.resolve("heap"))) {
      long offset = trying.dataOffset();
      assertThrows(ReadOnlyHeapException.class, () -> trying.lockInMemory(offset, 1));
      assertThrows(ReadOnlyHeapException.class, () -> trying.tryLockInMemory(offset, 1));
      assertThrows(ReadOnlyHeapException.class, () -> trying.collapse(offset, 1));
    }
  }

  @Test
  void hugetlbfsIsRefusedWithTheReason() throws Exception {
    Path mounted = directory.resolve("huge");
    try (MountedTmpfs huge = MountedTmpfs.mount("hugetlbfs", mounted, "pagesize=2M")) {
      UnsupportedPlatformException refused =
          assertThrows(
              UnsupportedPlatformException.class,
              () -> Heap.builder().span(1 << 20).create(huge.path().resolve("heap")));
      assertTrue(refused.getMessage().contains("hugetlbfs"), refused.getMessage());
      try (var files = Files.list(huge.path())) {
        assertEquals(0, files.count());
      }
    }
  }
}
