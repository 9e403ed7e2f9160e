package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.heap.GrowthPolicy;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.OutOfSpaceException;
import dev.rszshm.heap.faults.MountedTmpfs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What works when nothing is left, and how the last of it is found. */
class FullFileSystemTest {
  private static final long MIB = 1 << 20;

  /** Bytes in five chunks. */
  private static final long RUN = 300_000;

  @TempDir Path directory;
  private MountedTmpfs mounted;
  private Heap heap;
  private Allocator allocator;

  @BeforeEach
  void open() throws Exception {
    mounted = MountedTmpfs.mount(directory.resolve("small"), "size=6m");
    heap =
        Heap.builder()
            .span(1 << 30)
            .growth(GrowthPolicy.step(1))
            .create(mounted.path().resolve("heap"));
    allocator = Allocator.on(heap);
  }

  @AfterEach
  void close() throws Exception {
    if (mounted != null) {
      assertTrue(allocator.check().isSound(), () -> allocator.check().toString());
      heap.close();
      mounted.close();
    }
  }

  /** Somebody else takes the rest. */
  private void fill() {
    Path file = mounted.path().resolve("rest");
    byte[] page = new byte[4096];
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        out.write(page);
      }
    } catch (IOException full) {
      assertTrue(Files.exists(file), "it is full now");
    }
  }

  private static <T> T inNewThread(Callable<T> task) throws Exception {
    FutureTask<T> future = new FutureTask<>(task);
    new Thread(future).start();
    return future.get();
  }

  @Test
  void threadsThatHaveNotAllocatedBeforeFreeAndChangeRoots() throws Exception {
    int threads = 30;
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      blocks.add(allocator.allocate(1000));
    }
    allocator.root("root", 1, 1, 1000);
    fill();
    CyclicBarrier together = new CyclicBarrier(threads);
    List<FutureTask<Void>> tasks = new ArrayList<>();
    for (long block : blocks) {
      FutureTask<Void> task =
          new FutureTask<>(
              () -> {
                together.await();
                allocator.free(block);
                allocator.trim();
                allocator.recover();
                return null;
              });
      tasks.add(task);
      new Thread(task).start();
    }
    for (FutureTask<Void> task : tasks) {
      task.get();
    }
    assertTrue(inNewThread(() -> allocator.removeRoot("root")));
    assertEquals(0, allocator.check().blocks());
  }

  @Test
  void aRunThatHasItsMemoryIsFoundBehindOneThatHasNot() {
    long without = allocator.allocate(RUN);
    allocator.allocate(RUN);
    long with = allocator.allocate(RUN);
    allocator.allocate(RUN);
    allocator.free(without);
    allocator.trim();
    fill();
    allocator.free(with);
    assertEquals(with, allocator.allocate(RUN));
    heap.fill(with, RUN, (byte) 1);
    OutOfHeapMemoryException full =
        assertThrows(OutOfHeapMemoryException.class, () -> allocator.allocate(RUN));
    assertEquals(0, full.free(), "what has no memory is not free");
  }

  /** It is the end of one that has no memory at its beginning. */
  @Test
  void aRunIsFoundInALongerOneOfWhichAPartHasMemory() {
    long first = allocator.allocate(RUN);
    long second = allocator.allocate(RUN);
    allocator.allocate(RUN);
    allocator.free(first);
    allocator.trim();
    fill();
    allocator.free(second);
    assertEquals(second, allocator.allocate(RUN));
    heap.fill(second, RUN, (byte) 1);
  }

  @Test
  void blocksThatOthersHaveFreedInFullSlabsAreFound() throws Exception {
    int slabs = 40;
    int blocks = 21;
    List<Long> own = new ArrayList<>();
    for (int i = 0; i < slabs * blocks; i++) {
      own.add(allocator.allocate(3000));
    }
    fill();
    inNewThread(
        () -> {
          for (int i = blocks * (slabs / 2); i < blocks * (slabs / 2 + 1); i++) {
            allocator.free(own.get(i));
          }
          return null;
        });
    for (int i = 0; i < blocks; i++) {
      heap.fill(allocator.allocate(3000), 3000, (byte) 1);
    }
  }

  @Test
  void theEmptySlabOfAThreadThatHasEndedIsUsed() throws Exception {
    long without = allocator.allocate(RUN);
    allocator.allocate(RUN);
    allocator.free(without);
    allocator.trim();
    Thread ended = new Thread(() -> allocator.free(allocator.allocate(3000)));
    ended.start();
    ended.join();
    fill();
    heap.fill(allocator.allocate(2000), 2000, (byte) 1);
  }

  @Test
  void theMessageNamesTheFullFileSystemAndNoLargerSpan() {
    fill();
    for (long size : new long[] {RUN, 60L << 30, 900 * MIB}) {
      OutOfHeapMemoryException full =
          assertThrows(OutOfHeapMemoryException.class, () -> allocator.allocate(size));
      boolean tooLongForTheSpan = size > heap.span();
      assertEquals(tooLongForTheSpan, full.getMessage().contains("larger span"), full.getMessage());
      assertEquals(!tooLongForTheSpan, full.getMessage().contains("file system is full"));
      assertEquals(tooLongForTheSpan, full.getCause() == null);
    }
  }

  @Test
  void whatIsNeededFitsThoughWhatThePolicyWishesForDoesNot() throws Exception {
    Path path = mounted.path().resolve("greedy");
    GrowthPolicy all = (length, needed, span) -> span;
    try (Heap greedy = Heap.builder().span(1 << 30).growth(all).create(path);
        Allocator user = Allocator.on(greedy)) {
      long block = user.allocate(3 * MIB);
      greedy.fill(block, 3 * MIB, (byte) 1);
      user.free(block);
      assertTrue(user.check().isSound());
    }
    Files.delete(path);
  }

  @Test
  void memoryIsTakenForBlocksAndNotForTheLengthOfTheHeap() throws Exception {
    Path path = mounted.path().resolve("long");
    GrowthPolicy all = (length, needed, span) -> span;
    long before = usableSpace();
    try (Heap greedy = Heap.builder().span(256 * MIB).growth(all).create(path);
        Allocator user = Allocator.on(greedy)) {
      user.allocate(100);
      user.allocate(100_000); // what one chunk holds needs no growth by the policy
      assertTrue(greedy.length() > 255 * MIB, () -> "it is as long as wished: " + greedy.length());
      AllocatorStatistics statistics = user.statistics();
      assertEquals(statistics.emptyChunks(), statistics.discardedChunks(), statistics::toString);
      long tables = statistics.metadata();
      assertTrue(before - usableSpace() < tables + MIB, "what blocks need, and the tables");
      long block = user.allocate(MIB);
      assertTrue(before - usableSpace() >= MIB, "a block has its memory before it is written to");
      user.free(block);
    }
    Files.delete(path);
  }

  @Test
  void whatIsTooMuchTakesNothingFromOthers() throws Exception {
    allocator.allocate(RUN);
    long before = usableSpace();
    assertThrows(OutOfHeapMemoryException.class, () -> allocator.allocate(20 * MIB));
    assertTrue(before - usableSpace() < MIB / 2, "no more than tables for so many chunks");
    long between = usableSpace();
    assertThrows(OutOfHeapMemoryException.class, () -> allocator.allocate(20 * MIB));
    assertEquals(between, usableSpace());
    heap.fill(allocator.allocate(between - RUN), between - RUN, (byte) 1); // nearly all of it
  }

  private long usableSpace() throws IOException {
    return Files.getFileStore(mounted.path()).getUsableSpace();
  }

  /** There is no page without memory under a block: writing to one would end this process. */
  @Test
  void blocksCanBeWrittenToUntilThereAreNoMore() throws Exception {
    Path path = mounted.path().resolve("used");
    GrowthPolicy all = (length, needed, span) -> span;
    try (Heap greedy = Heap.builder().span(64 * MIB).growth(all).create(path);
        Allocator user = Allocator.on(greedy)) {
      int most = fillWithBlocks(greedy, user, 20_000);
      assertTrue(most > 20, () -> most + " blocks");
      assertTrue(fillWithBlocks(greedy, user, 20_000) >= most, "freed blocks keep their memory");
      assertTrue(fillWithBlocks(greedy, user, 700) > most * 20, "and serve blocks of any length");
    }
    Files.delete(path);
  }

  /** Allocates and writes until there is no room, and frees all; returns how many there were. */
  private static int fillWithBlocks(Heap heap, Allocator allocator, int size) {
    List<Long> blocks = new ArrayList<>();
    OutOfHeapMemoryException full =
        assertThrows(
            OutOfHeapMemoryException.class,
            () -> {
              while (true) {
                long block = allocator.allocate(size);
                blocks.add(block);
                heap.fill(block, size, (byte) blocks.size());
              }
            });
    assertTrue(full.getMessage().contains("file system is full"), full.getMessage());
    for (int i = 0; i < blocks.size(); i++) {
      assertEquals((byte) (i + 1), heap.getByte(blocks.get(i) + size - 1));
      allocator.free(blocks.get(i));
    }
    return blocks.size();
  }

  @Test
  void rootsNeedMemoryForTheirTable() {
    allocator.allocate(16);
    fill();
    List<RootEntry> roots = new ArrayList<>();
    OutOfHeapMemoryException full =
        assertThrows(
            OutOfHeapMemoryException.class,
            () -> {
              while (true) {
                roots.add(allocator.root("root " + roots.size(), 1, 1, 16));
              }
            });
    assertTrue(full.getMessage().contains("no memory for another"), full.getMessage());
    assertTrue(roots.size() >= 32, () -> roots.size() + " fit into the memory there is at first");
    assertTrue(allocator.removeRoot("root 7"));
    assertEquals("instead", allocator.root("instead", 1, 1, 16).name());
    assertEquals(roots.size(), allocator.roots().size());
  }

  @Test
  void thereIsRoomAgainWhenTheFileSystemHasRoom() throws Exception {
    fill();
    assertThrows(OutOfHeapMemoryException.class, () -> allocator.allocate(MIB));
    OutOfHeapMemoryException e =
        assertThrows(OutOfHeapMemoryException.class, () -> allocator.allocate(100));
    assertTrue(e.getCause() instanceof OutOfSpaceException);
    Files.delete(mounted.path().resolve("rest"));
    assertFalse(allocator.allocate(MIB) == 0);
    assertFalse(allocator.allocate(100) == 0);
    assertTrue(allocator.check().isClean(), () -> allocator.check().toString());
  }
}
