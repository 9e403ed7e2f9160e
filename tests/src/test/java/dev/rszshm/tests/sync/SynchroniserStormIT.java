package dev.rszshm.tests.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.RobustSemaphore;
import dev.rszshm.sync.SharedSemaphore;
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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers use all synchronisers at once, and are killed wherever they are. */
class SynchroniserStormIT {
  private static final String KILLS = "dev.rszshm.storm.kills";
  private static final int WORKERS = 4;
  private static final long PAUSE_NANOS = 20_000_000;

  @TempDir(factory = InMemory.class)
  Path directory;

  /** Arguments: path, index. One thread for each kind of synchroniser. */
  public static final class Visiting implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      int index = Integer.parseInt(worker.argument(1));
      try (Heap heap =
          Heap.builder().platform(worker.platform()).attach(Path.of(worker.argument(0)))) {
        SynchroniserVisits visits = new SynchroniserVisits(heap);
        List<WorkerJob> roles = new ArrayList<>();
        for (LockKind kind : LockKind.values()) {
          roles.add(c -> repeat(c, () -> visits.lock(kind)));
        }
        roles.add(c -> repeat(c, visits::read));
        roles.add(c -> repeat(c, () -> visits.takeTurn(index, WORKERS)));
        roles.add(c -> repeat(c, visits::robustPermit));
        roles.add(c -> repeat(c, visits::permit));
        roles.add(c -> repeat(c, visits::count));
        roles.add(c -> repeat(c, () -> visits.setOrAwait(index)));
        worker.play(roles);
      }
    }

    private static void repeat(WorkerContext worker, Visit visit) throws Exception {
      while (!worker.isDismissed()) {
        visit.make();
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private interface Visit {
    void make() throws Exception;
  }

  /** Between the kills everything can be had, and what is protected is whole. */
  @Test
  void nobodyHangsWhoeverIsKilled() {
    int kills = Integer.getInteger(KILLS, Storm.count(8, 2000));
    try (Heap heap =
        Heap.builder().length(1 << 18).span(1L << 30).create(directory.resolve("heap"))) {
      SynchroniserVisits.create(heap);
      SynchroniserVisits visits = new SynchroniserVisits(heap);
      StormReport report =
          KillStorm.of(WorkerJvm.of(Visiting.class), worker -> List.of(heap.path(), worker))
              .workers(WORKERS)
              .kills(kills)
              .dying(2000, Duration.ofMillis(20), 0.7)
              .stopping(0.1)
              .deadline(Duration.ofSeconds(300 + kills))
              .check(scene -> check(visits, scene, heap))
              .run();
      System.out.println(report);
      System.out.println(visits.summary());
    }
  }

  private static void check(SynchroniserVisits visits, StormScene scene, Heap heap)
      throws Exception {
    if (scene.bystander().isPresent()) {
      return; // Who stands still may have a lock, and keeps it.
    }
    for (LockKind kind : LockKind.values()) {
      assertTrue(kind.at(heap).holder().isEmpty() || visits.lock(kind, 180, TimeUnit.SECONDS));
    }
    visits.read();
    visits.robustPermit();
    visits.awaitEvent();
    if (scene.victim().isEmpty()) {
      RobustSemaphore robust = SynchroniserVisits.robust(heap);
      assertEquals(robust.permits(), robust.availablePermits(), "all are gone");
      SharedSemaphore semaphore = SynchroniserVisits.semaphore(heap);
      int permits = semaphore.availablePermits();
      assertTrue(permits <= scene.kills() + WORKERS, () -> permits + " permits");
      visits.checkLatch(scene.kills());
      assertNotEquals(0, visits.turns(), "turns were taken");
    }
  }
}
