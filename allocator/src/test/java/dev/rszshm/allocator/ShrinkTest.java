package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.NotAnAllocatorException;
import dev.rszshm.allocator.internal.chunk.Shrinking;
import dev.rszshm.heap.GrowthPolicy;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.HeapInUseException;
import dev.rszshm.heap.errors.NotAHeapException;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import dev.rszshm.heap.internal.shrink.HeapShrinking;
import dev.rszshm.heap.spi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A heap is made shorter at rest, and is whole whatever happens meanwhile. */
@Timeout(300)
class ShrinkTest {
  private static final int LARGE = 8 << 20;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private Path path;

  @BeforeEach
  void path() {
    path = directory.resolve("heap");
  }

  /** Leaves a heap that is long, and of which only the beginning is in use. */
  private long leaveEmptyEnd() {
    try (Heap heap = Heap.builder().span(256 << 20).open(path);
        Allocator allocator = Allocator.on(heap)) {
      long kept = allocator.place("kept", 1, 1, 1000);
      heap.putLong(kept, 5);
      long first = allocator.allocate(LARGE);
      heap.fill(first, LARGE, (byte) 1);
      allocator.free(first);
      return heap.length();
    }
  }

  private void checkWholeAndUsable(long atMost) throws IOException {
    try (Heap heap = Heap.attach(path);
        Allocator allocator = Allocator.on(heap)) {
      assertTrue(heap.length() <= atMost, () -> heap.length() + " bytes");
      assertTrue(Files.size(path) >= heap.length());
      long kept = allocator.place("kept", 1, 1, 1000);
      assertEquals(5, heap.getLong(kept));
      assertTrue(allocator.check().isSound(), () -> allocator.check().findings().toString());
      long block = allocator.allocate(LARGE);
      heap.fill(block, LARGE, (byte) 2);
      assertTrue(allocator.check().isSound(), () -> allocator.check().findings().toString());
      allocator.free(block);
    }
  }

  @Test
  void theEmptyEndGoesAndTheHeapGrowsAgain() throws IOException {
    for (int round = 0; round < 3; round++) {
      long length = leaveEmptyEnd();
      long shorter = Allocator.shrink(path);
      assertTrue(shorter >= LARGE, () -> shorter + " bytes");
      long now = Files.size(path);
      assertTrue(now <= length - LARGE, () -> now + " of " + length);
      try (Heap heap = Heap.builder().readOnly().attach(path)) {
        assertEquals(now, heap.length());
      }
      assertEquals(0, Allocator.shrink(path), "it is as short as can be");
      checkWholeAndUsable(now);
    }
  }

  /** The memory of the end has gone with it, whatever its chunks said. */
  @Test
  void chunksThatComeBackHaveNoMemory() {
    try (Heap heap = Heap.builder().span(256 << 20).open(path);
        Allocator allocator = Allocator.on(heap)) {
      allocator.free(allocator.allocate(LARGE / 4));
      AllocatorStatistics statistics = allocator.statistics();
      assertTrue(statistics.discardedChunks() < statistics.emptyChunks(), "some have memory");
    }
    Allocator.shrink(path);
    GrowthPolicy more = (length, needed, span) -> length + LARGE;
    try (Heap heap = Heap.builder().growth(more).attach(path);
        Allocator allocator = Allocator.on(heap)) {
      allocator.allocate(1);
      allocator.allocate(100_000);
      AllocatorStatistics statistics = allocator.statistics();
      assertTrue(statistics.emptyChunks() > 0, statistics::toString);
      assertEquals(statistics.emptyChunks(), statistics.discardedChunks(), statistics::toString);
    }
  }

  @Test
  void whatIsAddedAfterwardsReadsAsZeros() {
    leaveEmptyEnd();
    Allocator.shrink(path);
    try (Heap heap = Heap.attach(path)) {
      long end = heap.length();
      heap.growTo(end + LARGE);
      for (long at = end; at < end + LARGE; at += 8) {
        assertEquals(0, heap.getLong(at));
      }
    }
  }

  @Test
  void whoeverIsAttachedForWritingKeepsItLong() {
    leaveEmptyEnd();
    try (Heap heap = Heap.builder().anyAddress().attach(path)) {
      long length = heap.length();
      HeapInUseException used =
          assertThrows(HeapInUseException.class, () -> Allocator.shrink(path));
      String who = "process " + ProcessHandle.current().pid() + " is attached for writing";
      assertTrue(used.getMessage().contains(who), used.getMessage());
      assertEquals(length, heap.length());
      heap.putByte(length - 1, (byte) 1);
    }
    assertTrue(Allocator.shrink(path) > 0);
  }

  @Test
  void whatIsNoHeapWithAnAllocatorIsRefused() {
    Heap.builder().span(1 << 20).create(path).close();
    assertThrows(NotAnAllocatorException.class, () -> Allocator.shrink(path));
    Path plain = directory.resolve("plain");
    Heap.builder().plain().span(1 << 20).create(plain).close();
    assertThrows(HeapException.class, () -> Allocator.shrink(plain));
    FaultySystemCalls faults = new FaultySystemCalls();
    assertThrows(
        NotAHeapException.class,
        () -> new HeapShrinking(faults.faulty(), plain).shrink((f, d, s) -> d));
  }

  /** What the allocator does with it, at a file that a test looks at. */
  private long shrinkWith(FaultySystemCalls faults) {
    return new HeapShrinking(faults.faulty(), path).shrink(Shrinking::cut);
  }

  @Test
  void whereverItEndsTheHeapIsWhole() throws IOException {
    for (String call : List.of("discard", "write", "truncate", "close")) {
      long length = leaveEmptyEnd();
      FaultySystemCalls faults = new FaultySystemCalls().fail(call, 1, 5);
      assertThrows(HeapException.class, () -> shrinkWith(faults), call);
      checkWholeAndUsable(length);
      assertTrue(Allocator.shrink(path) > 0, call);
      checkWholeAndUsable(length - LARGE);
      Files.delete(path);
    }
  }

  @Test
  void aFileSystemThatGivesNothingBackIsCutOff() throws IOException {
    long length = leaveEmptyEnd();
    FaultySystemCalls faults = new FaultySystemCalls().fail("discard", 1, Errno.EOPNOTSUPP);
    assertTrue(shrinkWith(faults) >= LARGE);
    checkWholeAndUsable(length - LARGE);
  }

  @Test
  void whoAttachesMeanwhileNeverMapsMoreThanThereIs() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    leaveEmptyEnd();
    FutureTask<Integer> attaching =
        new FutureTask<>(
            () -> {
              int times = 0;
              while (!done.get() || times == 0) {
                try (Heap heap = Heap.builder().anyAddress().attach(path)) {
                  heap.getByte(heap.mappedLength() - 1);
                  times++;
                } catch (HeapException busy) {
                  Thread.onSpinWait();
                }
              }
              return times;
            });
    new Thread(attaching).start();
    for (int i = 0; i < 200; i++) {
      try {
        leaveEmptyEnd();
        Allocator.shrink(path);
      } catch (HeapException inUse) {
        Thread.onSpinWait();
      }
    }
    done.set(true);
    assertTrue(attaching.get() > 0);
    leaveEmptyEnd();
    Allocator.shrink(path);
    checkWholeAndUsable(Files.size(path));
  }
}
