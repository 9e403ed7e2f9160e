package dev.rszshm.tests.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.Message;
import dev.rszshm.structures.channel.errors.PeerDiedException;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers pass jobs to each other and are killed wherever they are. A job adds one to a count of
 * its own in the heap, before it is acknowledged: no job that was sent is lost, and none is
 * processed twice but by the dead.
 */
class AcknowledgedStormIT {
  private static final String KILLS = "dev.rszshm.storm.kills";
  private static final int WORKERS = 3;
  private static final int JOBS = 100_000;
  private static final Duration MOMENT = Duration.ofMillis(5);
  private static final long PAUSE_NANOS = 200_000;
  private static final ChannelSpec SPEC = ChannelSpec.of(20, Width.fixed(8)).acknowledged();

  @TempDir(factory = InMemory.class)
  Path directory;

  private static long place(Heap heap) {
    return heap.dataOffset() + 127 & -128;
  }

  private static Channel jobs(Heap heap) {
    return Channel.at(heap, place(heap), SPEC);
  }

  /** The number of the next job. */
  private static long next(Heap heap) {
    return place(heap) + (64 << 10);
  }

  /** How often a job was sent: 1 if its send has returned. */
  private static long sent(Heap heap, long job) {
    return next(heap) + 64 + 4 * job;
  }

  /** How often a job was processed. */
  private static long processed(Heap heap, long job) {
    return next(heap) + 64 + 4 * (JOBS + job);
  }

  /** Arguments: path. */
  public static final class Traffic implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap =
          Heap.builder().platform(worker.platform()).attach(Path.of(worker.argument(0)))) {
        Channel jobs = jobs(heap);
        worker.play(List.of(c -> send(c, jobs), c -> work(c, jobs), c -> work(c, jobs)));
      }
    }

    private static void send(WorkerContext worker, Channel jobs) throws Exception {
      Heap heap = jobs.heap();
      while (!worker.isDismissed()) {
        long job = heap.getAndAddLong(next(heap), 1);
        if (job >= JOBS) {
          return;
        }
        boolean done = false;
        while (!done && !worker.isDismissed()) {
          try (var claim = jobs.claim(8, MOMENT).orElse(null)) {
            if (claim != null) {
              heap.putLong(claim.offset(), job);
              claim.commit();
              done = true;
            }
          } catch (PeerDiedException e) {
            assertTrue(e.getMessage().contains("died"));
          }
        }
        if (done) {
          heap.putIntVolatile(sent(heap, job), 1);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }

    private static void work(WorkerContext worker, Channel jobs) throws Exception {
      while (!worker.isDismissed()) {
        try {
          Optional<Message> next = jobs.take(MOMENT);
          if (next.isPresent()) {
            process(jobs.heap(), next.get());
          }
        } catch (PeerDiedException e) {
          assertTrue(e.getMessage().contains("died"));
        }
      }
    }
  }

  private static void process(Heap heap, Message message) {
    long job = heap.getLong(message.offset());
    heap.getAndAddInt(processed(heap, job), 1);
    message.done();
  }

  @Test
  void eachJobIsProcessedAndTwiceOnlyByTheDead() {
    int kills = Integer.getInteger(KILLS, Storm.count(8, 2000));
    try (Heap heap = Heap.builder().length(2 << 20).create(directory.resolve("heap"))) {
      jobs(heap);
      StormReport report =
          KillStorm.of(WorkerJvm.of(Traffic.class), worker -> List.of(heap.path()))
              .workers(WORKERS)
              .kills(kills)
              .dying(3000, Duration.ofMillis(20), 0.7)
              .stopping(0.1)
              .deadline(Duration.ofSeconds(300 + kills))
              .check(scene -> check(scene, heap))
              .run();
      System.out.println(report);
    }
  }

  private static void check(StormScene scene, Heap heap) {
    if (scene.victim().isPresent()) {
      return;
    }
    Channel jobs = jobs(heap);
    Optional<Message> left = jobs.tryTake();
    while (left.isPresent()) {
      process(heap, left.get());
      left = jobs.tryTake();
    }
    assertEquals(0, jobs.size());
    assertEquals(SPEC.depth(), jobs.remainingCapacity());
    long all = Math.min(JOBS, heap.getLongVolatile(next(heap)));
    int twice = 0;
    for (long job = 0; job < all; job++) {
      int times = heap.getInt(processed(heap, job));
      long number = job;
      assertTrue(times > 0 || heap.getInt(sent(heap, job)) == 0, () -> number + " is lost");
      twice += Math.max(0, times - 1);
    }
    // Each of its two workers may have died between what it does and its acknowledgment.
    assertTrue(twice <= 2 * scene.kills(), twice + " were processed again");
    assertTrue(all > scene.kills(), "only " + all + " were sent");
  }
}
