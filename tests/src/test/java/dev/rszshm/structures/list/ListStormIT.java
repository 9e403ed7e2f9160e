package dev.rszshm.structures.list;

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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers append to one list, set elements of it and read, and are killed wherever they are. What
 * one has said to be appended is there, once, and in its order; at the end each block is explained.
 */
class ListStormIT {
  private static final String KILLS = "dev.rszshm.storm.kills";
  private static final int WORKERS = 3;
  private static final int THREADS = 2;
  private static final int SET = 3;
  private static final long PAUSE_NANOS = 200_000;

  private final Set<String> said = new HashSet<>();

  @TempDir(factory = InMemory.class)
  Path directory;

  private static SharedList<String> list(Allocator allocator) {
    return SharedList.named(allocator, "list", Codecs.strings());
  }

  /** Arguments: path, number of the worker. */
  public static final class Working implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      Path path = Path.of(worker.argument(0));
      try (Heap heap = Heap.builder().platform(worker.platform()).attach(path);
          Allocator allocator = Allocator.on(heap)) {
        SharedList<String> list = list(allocator);
        List<WorkerJob> roles = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          long role = Long.parseLong(worker.argument(1)) * THREADS + i;
          roles.add(context -> work(context, list, role));
        }
        worker.play(roles);
      }
    }

    private static void work(WorkerContext worker, SharedList<String> list, long role) {
      SplittableRandom random = new SplittableRandom();
      long number = System.nanoTime();
      while (!worker.isDismissed()) {
        switch (random.nextInt(4)) {
          case 0 -> list.set(random.nextInt(SET), "s".repeat(random.nextInt(60)));
          case 1 -> assertTrue(list.get(random.nextInt(SET)).matches("s*"), "an element is whole");
          default -> {
            number++;
            String element = role + " " + number + " " + "x".repeat(random.nextInt(60));
            long index = list.append(element);
            assertEquals(element, list.get(index));
            worker.say(element);
          }
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private synchronized void hear(String line) {
    said.add(line);
  }

  @Test
  void whatWasAppendedIsThereOnceAndNoBlockIsLost() {
    int kills = Integer.getInteger(KILLS, Storm.count(8, 2000));
    try (Heap heap =
            Heap.builder().span(1L << 30).length(1 << 20).create(directory.resolve("heap"));
        Allocator allocator = Allocator.on(heap)) {
      for (int i = 0; i < SET; i++) {
        list(allocator).append("");
      }
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
      System.out.println(said.size() + " appended, " + list(allocator).check());
    }
  }

  private synchronized void check(StormScene scene, Allocator allocator) {
    if (scene.victim().isPresent()) {
      return;
    }
    SharedList<String> list = list(allocator);
    list.check(); // ends what was left by those who set elements
    allocator.recover();
    ListCheck check = list.check();
    assertEquals(List.of(), check.findings());
    assertEquals(1 + check.blocks(), allocator.check().blocks(), "blocks with " + check);
    List<String> appended = list.subList(SET, list.size());
    Set<String> distinct = new HashSet<>(appended);
    assertEquals(appended.size(), distinct.size(), "none is there twice");
    assertTrue(distinct.containsAll(said), "what was said to be appended is there");
    assertTrue(appended.size() <= said.size() + scene.kills() * THREADS, "and little more");
    long[] last = new long[WORKERS * THREADS];
    for (String element : appended) {
      String[] words = element.split(" ");
      int role = Integer.parseInt(words[0]);
      assertTrue(last[role] < Long.parseLong(words[1]), "each thread's are in its order");
      last[role] = Long.parseLong(words[1]);
    }
    assertTrue(!said.isEmpty(), "something was appended");
  }
}
