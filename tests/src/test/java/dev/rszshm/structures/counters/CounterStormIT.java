package dev.rszshm.structures.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.testkit.process.KillStorm;
import dev.rszshm.testkit.process.StormReport;
import dev.rszshm.testkit.process.StormScene;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.tests.InMemory;
import dev.rszshm.tests.Storm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers add to keys old and new, and are killed wherever they are. What one has said to have
 * added is counted, and for each thread that died at most one addition more; at the end each block
 * is explained.
 */
class CounterStormIT {
  private static final String KILLS = "dev.rszshm.storm.kills";
  private static final int WORKERS = 3;
  private static final int THREADS = 2;
  private static final long PAUSE_NANOS = 200_000;

  private final Map<Long, Long> said = new HashMap<>();
  private long total;

  @TempDir(factory = InMemory.class)
  Path directory;

  private static CounterMap<Long> counters(Allocator allocator) {
    return CounterMap.named(allocator, "counters", Codecs.longs());
  }

  /** Arguments: path, number of the worker. */
  public static final class Working implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      Path path = Path.of(worker.argument(0));
      try (Heap heap = Heap.builder().platform(worker.platform()).attach(path);
          Allocator allocator = Allocator.on(heap)) {
        CounterMap<Long> counters = counters(allocator);
        List<WorkerJob> roles = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          roles.add(context -> work(context, counters));
        }
        worker.play(roles);
      }
    }

    private static void work(WorkerContext worker, CounterMap<Long> counters) {
      SplittableRandom random = new SplittableRandom();
      long most = 2;
      while (!worker.isDismissed()) {
        most++; // few keys at first, and then new ones all the time
        long key = random.nextLong(most);
        counters.add(key, 1);
        worker.say(Long.toString(key));
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private synchronized void hear(String line) {
    said.merge(Long.valueOf(line), 1L, Long::sum);
    total++;
  }

  @Test
  void whatWasAddedIsCountedOnceAndNoBlockIsLost() {
    int kills = Integer.getInteger(KILLS, Storm.count(8, 2000));
    try (Heap heap =
            Heap.builder().span(1L << 30).length(1 << 20).create(directory.resolve("heap"));
        Allocator allocator = Allocator.on(heap)) {
      counters(allocator);
      StormReport report =
          KillStorm.of(WorkerJvm.of(Working.class), worker -> List.of(heap.path(), worker))
              .workers(WORKERS)
              .kills(kills)
              .dying(3000, Duration.ofMillis(20), 0.7)
              .stopping(0.1)
              .deadline(Duration.ofSeconds(300 + kills * 2L))
              .onLine((worker, line) -> hear(line))
              .check(scene -> check(scene, allocator))
              .run();
      System.out.println(report);
      System.out.println(total + " added, " + counters(allocator).check());
    }
  }

  private synchronized void check(StormScene scene, Allocator allocator) {
    if (scene.victim().isPresent()) {
      return;
    }
    allocator.recover();
    CounterMap<Long> counters = counters(allocator);
    CounterCheck check = counters.check();
    assertEquals(List.of(), check.findings());
    assertEquals(1 + check.blocks(), allocator.check().blocks(), "blocks with " + check);
    said.forEach((key, count) -> assertTrue(counters.get(key) >= count, () -> "of key " + key));
    assertTrue(total > 0, "something was added");
    assertTrue(
        check.sum() >= total && check.sum() <= total + (long) scene.kills() * THREADS,
        "counted " + check.sum() + ", said to be " + total);
  }
}
