package dev.rszshm.structures.queue;

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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers put, take and remove, and are killed wherever they are. Elements are numbered by the life
 * of the thread that puts them. Each is taken once, in the order of its putter; all that was said
 * to be put was taken, or is there, but for one element of each thread that died; at the end each
 * block is explained.
 */
class QueueStormIT {
  private static final String KILLS = "dev.rszshm.storm.kills";
  private static final int WORKERS = 3;
  private static final int THREADS = 2;
  private static final long PAUSE_NANOS = 200_000;
  private static final QueueSpec SPEC = QueueSpec.bounded(300).withSegmentLength(512);

  private final Map<String, Integer> put = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private int deaths;

  @TempDir(factory = InMemory.class)
  Path directory;

  private static SharedQueue<String> queue(Allocator allocator) {
    return SharedQueue.named(allocator, "queue", Codecs.strings(), SPEC);
  }

  /** Arguments: path, number of the worker. */
  public static final class Working implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      Path path = Path.of(worker.argument(0));
      try (Heap heap = Heap.builder().platform(worker.platform()).attach(path);
          Allocator allocator = Allocator.on(heap)) {
        SharedQueue<String> queue = queue(allocator);
        List<WorkerJob> roles = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          String life = worker.argument(1) + "." + i + "." + ProcessHandle.current().pid();
          roles.add(context -> work(context, queue, life));
        }
        worker.play(roles);
      }
    }

    private static void work(WorkerContext worker, SharedQueue<String> queue, String life)
        throws InterruptedException {
      SplittableRandom random = new SplittableRandom();
      int number = 0;
      while (!worker.isDismissed()) {
        if (random.nextInt(2) == 0) {
          String element = life + " " + number + " " + "x".repeat(random.nextInt(200));
          if (queue.offer(element, 10, TimeUnit.MILLISECONDS)) {
            worker.say("p " + life + " " + number++);
          }
        } else if (random.nextInt(5) == 0) {
          remove(worker, queue);
        } else {
          String element = queue.poll(10, TimeUnit.MILLISECONDS);
          if (element != null) {
            worker.say("t " + named(element));
          }
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }

    /** Removes an element of its own choice, if nobody was faster. */
    private static void remove(WorkerContext worker, SharedQueue<String> queue) {
      SplittableRandom random = new SplittableRandom();
      for (String each : queue) {
        if (random.nextInt(5) == 0) {
          if (queue.remove(each)) {
            worker.say("t " + named(each));
          }
          return;
        }
      }
    }
  }

  /** Who has put it, and which of its elements it is; the rest must be whole. */
  private static String named(String element) {
    String[] words = element.split(" ", -1);
    assertEquals(3, words.length, element);
    assertTrue(words[2].matches("x*"), element);
    return words[0] + " " + words[1];
  }

  private synchronized void hear(String line) {
    String[] words = line.split(" ");
    if (words[0].equals("p")) {
      put.merge(words[1], Integer.parseInt(words[2]) + 1, Math::max);
    } else {
      take(words[1] + " " + words[2]);
    }
  }

  private void take(String name) {
    assertTrue(taken.add(name), () -> name + " was taken twice");
  }

  @Test
  void eachElementIsTakenOnceAndNoBlockIsLost() {
    int kills = Integer.getInteger(KILLS, Storm.count(8, 2000));
    try (Heap heap =
            Heap.builder().span(1L << 30).length(1 << 20).create(directory.resolve("heap"));
        Allocator allocator = Allocator.on(heap)) {
      queue(allocator);
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
    }
  }

  private synchronized void check(StormScene scene, Allocator allocator) {
    SharedQueue<String> queue = queue(allocator);
    QueueCheck check = queue.check();
    assertEquals(List.of(), check.findings());
    deaths = scene.kills();
    if (scene.victim().isPresent()) {
      return;
    }
    allocator.recover();
    check = queue.check();
    assertEquals(1 + check.blocks(), allocator.check().blocks(), "blocks with " + check);
    Map<String, Integer> before = new HashMap<>();
    for (String each = queue.poll(); each != null; each = queue.poll()) {
      String[] name = named(each).split(" ");
      int number = Integer.parseInt(name[1]);
      assertTrue(before.getOrDefault(name[0], -1) < number, () -> "out of order: " + name[0]);
      before.put(name[0], number);
      take(named(each));
    }
    long missing = 0;
    for (Map.Entry<String, Integer> each : put.entrySet()) {
      for (int number = 0; number < each.getValue(); number++) {
        missing += taken.contains(each.getKey() + " " + number) ? 0 : 1;
      }
    }
    long most = (long) deaths * THREADS;
    assertTrue(missing <= most, missing + " elements are missing, " + most + " threads died");
    System.out.println(taken.size() + " elements, " + missing + " gone with the dead, " + check);
    check = queue.check();
    assertEquals(0, check.elements());
    assertEquals(1 + check.blocks(), allocator.check().blocks(), "blocks with " + check);
  }
}
