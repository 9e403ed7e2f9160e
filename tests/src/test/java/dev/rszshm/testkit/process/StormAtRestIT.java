package dev.rszshm.testkit.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.tests.InMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that need rest: nothing is half done but what the victim did. */
class StormAtRestIT {
  private static final int WORKERS = 3;

  @TempDir(factory = InMemory.class)
  Path directory;

  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("heap");
  }

  /** The two words of a role, of which the second follows the first. */
  private static long words(Heap heap, int worker, int role) {
    return heap.dataOffset() + 16L * (2 * worker + role);
  }

  /** Adds to one word, then to another, on two threads; says how far it is. */
  public static final class TwoWords implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap =
          Heap.builder().platform(worker.platform()).attach(Path.of(worker.argument(0)))) {
        int number = Integer.parseInt(worker.argument(1));
        worker.play(List.of(w -> work(w, heap, number, 0), w -> work(w, heap, number, 1)));
      }
    }

    private static void work(WorkerContext worker, Heap heap, int number, int role) {
      long words = words(heap, number, role);
      // Who came before may have died between the two, or before it said so.
      long value = heap.getLongAcquire(words);
      heap.putLongRelease(words + 8, value);
      while (true) {
        if (role == 0) {
          worker.say(value);
        }
        if (worker.isDismissed()) {
          return;
        }
        value++;
        heap.putLongRelease(words, value);
        for (int i = 0; i < 1000; i++) {
          Thread.onSpinWait();
        }
        heap.putLongRelease(words + 8, value);
      }
    }
  }

  /** Never asks whether it is dismissed. */
  public static final class Restless implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      new CountDownLatch(1).await();
    }
  }

  /** Waits for a line that never comes. */
  public static final class Listener implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      worker.hear();
    }
  }

  private KillStorm storm(AtomicLongArray said) {
    return KillStorm.of(WorkerJvm.of(TwoWords.class), worker -> List.of(path, worker))
        .workers(WORKERS)
        .kills(8)
        .dying(2000, Duration.ofMillis(5), 0.5)
        .stopping(0.3)
        .onLine((worker, line) -> said.set(worker, Long.parseLong(line)));
  }

  private static void requireRest(Heap heap, StormScene scene, AtomicLongArray said) {
    for (int worker = 0; worker < WORKERS; worker++) {
      if (scene.victim().orElse(-1) == worker) {
        continue;
      }
      for (int role = 0; role < 2; role++) {
        long words = words(heap, worker, role);
        long second = heap.getLongAcquire(words + 8);
        assertEquals(heap.getLongAcquire(words), second, "half done by " + worker);
      }
      long last = heap.getLongAcquire(words(heap, worker, 0));
      assertEquals(said.get(worker), last, "not heard of " + worker);
    }
  }

  @Test
  void nothingIsHalfDoneAndAllIsHeardWhileOthersRest() {
    try (Heap heap = Heap.builder().span(1L << 30).create(path)) {
      AtomicLongArray said = new AtomicLongArray(WORKERS);
      StormReport report = storm(said).checkAtRest(scene -> requireRest(heap, scene, said)).run();
      assertEquals(8, report.kills());
      for (int worker = 0; worker < WORKERS; worker++) {
        assertTrue(said.get(worker) > 0, "worker " + worker + " has worked");
      }
    }
  }

  @Test
  void withoutRestTheSameCheckFails() {
    try (Heap heap = Heap.builder().span(1L << 30).create(path)) {
      AtomicLongArray said = new AtomicLongArray(WORKERS);
      // The first that fails ends it; on a busy machine all may rest by chance for some.
      KillStorm restless = storm(said).kills(200).check(scene -> requireRest(heap, scene, said));
      WorkerError error = assertThrows(WorkerError.class, restless::run);
      assertTrue(
          error.getMessage().matches("(?s).*(half done by|not heard of).*"), error::getMessage);
    }
  }

  @Test
  void whoWaitsForALineRests() {
    StormReport report =
        KillStorm.of(WorkerJvm.of(Listener.class), worker -> List.of())
            .kills(2)
            .dying(1, Duration.ofMillis(1), 0)
            .checkAtRest(scene -> {})
            .run();
    assertEquals(2, report.kills());
  }

  @Test
  void whoDoesNotComeToRestIsNamedAndTheCommandIsShownOnce() {
    KillStorm storm =
        KillStorm.of(WorkerJvm.of(Restless.class).limit(Duration.ofSeconds(2)), worker -> List.of())
            .kills(1)
            .dying(1, Duration.ofMillis(1), 0)
            .checkAtRest(scene -> {});
    WorkerError error = assertThrows(WorkerError.class, storm::run);
    assertTrue(error.getMessage().contains("does not come to rest in PT2S"), error::getMessage);
    assertCommandOnce(error);
  }

  private static void assertCommandOnce(Throwable error) {
    String command = WorkerMain.class.getName();
    int shown = 0;
    for (Throwable e = error; e != null; e = e.getCause()) {
      shown += e.getMessage().split(command, -1).length - 1;
    }
    assertEquals(1, shown, error::getMessage);
    for (int worker = 0; worker < WORKERS; worker++) {
      assertTrue(
          error.getMessage().contains("-- worker " + worker + ", process "), error::getMessage);
    }
  }

  @Test
  void aCheckThatFailsShowsTheCommandOfAllWorkersOnce() {
    KillStorm storm =
        KillStorm.of(WorkerJvm.of(Listener.class), worker -> List.of())
            .kills(1)
            .dying(1, Duration.ofMillis(1), 0)
            .check(
                scene -> {
                  throw new AssertionError("wrong");
                });
    WorkerError error = assertThrows(WorkerError.class, storm::run);
    assertTrue(error.getMessage().contains("wrong"), error::getMessage);
    assertCommandOnce(error);
  }
}
