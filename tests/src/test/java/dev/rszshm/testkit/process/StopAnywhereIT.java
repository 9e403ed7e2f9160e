package dev.rszshm.testkit.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.tests.InMemory;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is stopped at each of its steps, and what that finds. */
class StopAnywhereIT {
  @TempDir(factory = InMemory.class)
  Path directory;

  private Heap heap;

  @BeforeEach
  void create() {
    heap = Heap.builder().span(1L << 30).create(directory.resolve("heap"));
  }

  @AfterEach
  void close() {
    heap.close();
  }

  /** A lock that whoever stands still while it has it keeps from all others, and a count. */
  private static void addUnderLock(Heap heap) {
    long at = heap.dataOffset();
    while (!heap.compareAndSetLong(at, 0, 1)) {
      Thread.onSpinWait();
    }
    heap.putLong(at + 8, heap.getLong(at + 8) + 1);
    heap.putLongRelease(at, 0);
  }

  private static void addAtOnce(Heap heap) {
    heap.getAndAddLong(heap.dataOffset() + 8, 1);
    heap.getAndAddLong(heap.dataOffset() + 16, 1);
  }

  /** Arguments: path, and whether to lock. Adds. */
  public static final class Adding implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      Path path = Path.of(worker.argument(0));
      boolean locks = Boolean.parseBoolean(worker.argument(1));
      try (Heap heap = Heap.builder().platform(worker.platform()).attach(path)) {
        worker.repeat(
            () -> {
              if (locks) {
                addUnderLock(heap);
              } else {
                addAtOnce(heap);
              }
            });
      }
    }
  }

  private StopAnywhere adding(boolean locks) {
    return StopAnywhere.of(WorkerJvm.of(Adding.class), heap.path(), locks);
  }

  @Test
  void aLockThatIsHeldWhileItsOwnerStandsIsFound() {
    AssertionError found =
        assertThrows(
            AssertionError.class,
            () -> adding(true).within(Duration.ofSeconds(6)).run(() -> addUnderLock(heap)));
    String message = found.getMessage();
    assertTrue(message.contains("do not end in PT6S"), message);
    assertTrue(message.contains("before putLong in StopAnywhereIT$Adding"), message);
    assertTrue(message.contains("after 1 steps"), message);
  }

  @Test
  void aProcessIsStoppedAtEachStepAndGoesOn() throws Exception {
    long[] expected = new long[1];
    int points =
        adding(false)
            .after(
                () -> {
                  expected[0] += 2;
                  assertEquals(expected[0], heap.getLong(heap.dataOffset() + 8));
                  assertEquals(expected[0], heap.getLong(heap.dataOffset() + 16));
                })
            .run(() -> addAtOnce(heap));
    assertEquals(2, points);
    assertEquals(6, expected[0], "with the run that was not stopped");
  }

  @Test
  void whatTheOthersFindWhileAProcessStandsNamesItsStep() {
    long at = heap.dataOffset() + 8;
    AssertionError found =
        assertThrows(
            AssertionError.class,
            () ->
                adding(false)
                    .run(() -> assertEquals(heap.getLong(at), heap.getLong(at + 8), "two as one")));
    String message = found.getMessage();
    assertTrue(message.contains("two as one"), message);
    assertTrue(message.contains("before getAndAddLong in StopAnywhereIT$Adding"), message);
  }
}
