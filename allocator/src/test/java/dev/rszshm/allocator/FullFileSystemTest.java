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
