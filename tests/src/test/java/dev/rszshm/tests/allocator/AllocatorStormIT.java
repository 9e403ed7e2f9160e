package dev.rszshm.tests.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorCheck;
import dev.rszshm.allocator.AllocatorCheck.Finding;
import dev.rszshm.allocator.AllocatorCheck.Severity;
import dev.rszshm.allocator.AllocatorStatistics;
import dev.rszshm.heap.Heap;
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
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers allocate, hand on and free without end, and are killed wherever they are. They do it in
 * two heaps: in one all blocks belong to slots, so that none may ever be lost; in the other they
 * belong to whoever wrote their offset down, and each thread that dies may lose what it had in its
 * hand.
 */
class AllocatorStormIT {
  /** A system property: how many workers are killed, if neither a sample nor the whole storm. */
  private static final String KILLS = "dev.rszshm.storm.kills";

  private static final long SPAN = 1L << 30;

  /**
   * What the plain heap may lose by a death, at most, on average: large blocks are long in hands.
   */
  private static final long LOSS = 1L << 20;

  private static final int WORKERS = 8;

  /** Of each worker, in each heap: one thread that stays, and one after the other that do not. */
  private static final int ROLES = 2;

  private static final int STEPS_OF_A_THREAD = 30;

  /**
   * After so many steps, which leaves the processors to those who start: a death costs as much as a
   * start.
   */
  private static final long PAUSE_NANOS = 150_000_000;

  private static final int TRIES = 100;

  @TempDir(factory = InMemory.class)
  Path directory;

  /** Arguments: path of the managed heap, path of the plain heap, index of the worker. */
  public static final class Allocating implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      int index = Integer.parseInt(worker.argument(2));
      try (Heap managed = attach(worker, 0);
          Heap plain = attach(worker, 1);
          Allocator slots = Allocator.on(managed);
          Allocator blocks = Allocator.on(plain)) {
        List<WorkerJob> roles = new ArrayList<>();
        for (int i = 0; i < ROLES; i++) {
          int role = index * ROLES + i;
          boolean stays = i == 0;
          roles.add(context -> work(context, slots, role, stays, StormWork::managedStep));
          roles.add(context -> work(context, blocks, role, stays, StormWork::plainStep));
        }
        worker.play(roles);
      }
    }

    private static Heap attach(WorkerContext worker, int argument) {
      return Heap.builder()
          .platform(worker.platform())
          .name("worker-" + worker.argument(2))
          .attach(Path.of(worker.argument(argument)));
    }

    private interface Step {
      void take(StormWork work);
    }

    private static void work(
        WorkerContext worker, Allocator allocator, int role, boolean stays, Step step)
        throws Exception {
      StormTable table = new StormTable(allocator, WORKERS * ROLES, role);
      table.takeOver();
      table.verify();
      StormWork work = new StormWork(table, role, System.nanoTime());
      while (!worker.isDismissed()) {
        FutureTask<Void> steps =
            new FutureTask<>(
                () -> {
                  for (int i = 0; i < STEPS_OF_A_THREAD && !worker.isDismissed(); i++) {
                    step.take(work);
                  }
                  return null;
                });
        if (stays) {
          steps.run();
        } else {
          Thread thread = new Thread(steps, "passing");
          thread.start();
          thread.join();
        }
        steps.get();
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  @Test
  void noReferenceIsLostAndOfPlainBlocksOnlyWhatWasInAHand() {
    int kills = Integer.getInteger(KILLS, Storm.count(8, 10_000));
    try (Heap managed = create("managed", SPAN);
        Heap plain = create("plain", SPAN + kills * LOSS);
        Allocator slots = Allocator.on(managed);
        Allocator blocks = Allocator.on(plain)) {
      Observer observer = new Observer(slots, blocks);
      StormReport report =
          KillStorm.of(
                  WorkerJvm.of(Allocating.class),
                  worker -> List.of(managed.path(), plain.path(), worker))
              .workers(WORKERS)
              .kills(kills)
              .dying(1500, Duration.ofMillis(20), 0.7)
              .stopping(0.2)
              .deadline(Duration.ofSeconds(300 + kills * 2L))
              .check(observer::check)
              .run();
      System.out.println(report);
      System.out.println(observer.summary());
    }
  }

  private Heap create(String name, long span) {
    return Heap.builder().span(span).name("test").create(directory.resolve(name));
  }

  /** Looks at both heaps between the kills, and counts at the end. */
  private static final class Observer {
    private final Allocator slots;
    private final Allocator blocks;
    private final List<StormTable> managed = new ArrayList<>();
    private final List<StormTable> plain = new ArrayList<>();
    private String summary = "";
    private long notes;

    Observer(Allocator slots, Allocator blocks) {
      this.slots = slots;
      this.blocks = blocks;
      for (int role = 0; role < WORKERS * ROLES; role++) {
        managed.add(new StormTable(slots, WORKERS * ROLES, role));
        plain.add(new StormTable(blocks, WORKERS * ROLES, role));
      }
    }

    String summary() {
      return summary;
    }

    void check(StormScene scene) {
      AllocatorCheck inSlots = requireSound(slots);
      AllocatorCheck inBlocks = requireSound(blocks);
      if (scene.victim().isPresent()) {
        for (int i = 0; i < ROLES; i++) {
          int role = scene.victim().getAsInt() * ROLES + i;
          managed.get(role).verify();
          plain.get(role).verify();
        }
      } else {
        count(scene, inSlots, inBlocks);
        clear();
      }
    }

    /** What a dead worker had may be in the hands of a living one who recovers it at this time. */
    private AllocatorCheck requireSound(Allocator allocator) {
      for (int i = 1; ; i++) {
        allocator.recover();
        AllocatorCheck check = allocator.check();
        boolean recovered = of(check, Severity.RECOVERABLE).isEmpty();
        assertEquals(List.of(), of(check, Severity.ERROR));
        if (recovered || i == TRIES) {
          assertEquals(List.of(), of(check, Severity.RECOVERABLE));
          notes = Math.max(notes, of(check, Severity.NOTE).size());
          return check;
        }
        Thread.onSpinWait();
      }
    }

    private static List<Finding> of(AllocatorCheck check, Severity severity) {
      return check.findings().stream().filter(f -> f.severity() == severity).toList();
    }

    private void count(StormScene scene, AllocatorCheck inSlots, AllocatorCheck inBlocks) {
      assertEquals(slots.heap().length(), inSlots.total());
      assertEquals(blocks.heap().length(), inBlocks.total());
      long referred = 1L + managed.get(0).verifyShared();
      for (StormTable table : managed) {
        referred += table.verify();
      }
      assertEquals(referred, inSlots.blocks(), "blocks in use, and referred to by slots");
      long owned = 1L + plain.get(0).verifyShared();
      long mayBeLost = 0;
      for (StormTable table : plain) {
        owned += table.verify();
        mayBeLost += table.mayBeLost();
      }
      long lost = inBlocks.blocks() - owned;
      assertTrue(lost >= 0 && lost <= mayBeLost, lost + " lost, at most " + mayBeLost);
      long threads = (long) scene.kills() * ROLES;
      assertTrue(mayBeLost <= 2 * threads, mayBeLost + " at risk in " + threads + " threads");
      AllocatorStatistics statistics = blocks.statistics();
      summary =
          String.format(
              "%d managed blocks, 0 lost; %d plain blocks, %d lost of %d that were in a hand; at"
                  + " most %d notes; %d and %d lanes recovered; heaps of %d and %d MiB",
              referred,
              owned,
              lost,
              mayBeLost,
              notes,
              slots.statistics().recoveredLanes(),
              statistics.recoveredLanes(),
              slots.heap().length() >> 20,
              blocks.heap().length() >> 20);
    }

    /** What is left can be freed, and then there is nothing but the root, and what was lost. */
    private void clear() {
      long lost = blocks.check().blocks() - 1;
      managed.get(0).clearShared();
      managed.forEach(StormTable::clear);
      assertEquals(1, requireSound(slots).blocks());
      plain.get(0).clearShared();
      plain.forEach(StormTable::clear);
      assertTrue(requireSound(blocks).blocks() - 1 <= lost);
    }
  }
}
