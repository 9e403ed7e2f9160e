package dev.rszshm.structures.strings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.bitset.SharedBitSet;
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
 * Workers intern strings, known and new, and mark their ids in a set of bits, and are killed
 * wherever they are. All get the same id for a string, ids have no gaps, and at the end each block
 * is explained.
 */
class StringStormIT {
  private static final String KILLS = "dev.rszshm.storm.kills";
  private static final int WORKERS = 3;
  private static final int THREADS = 2;
  private static final long PAUSE_NANOS = 200_000;

  private final Map<Long, String> said = new HashMap<>();

  @TempDir(factory = InMemory.class)
  Path directory;

  private static StringTable strings(Allocator allocator) {
    return StringTable.named(allocator, "strings");
  }

  private static SharedBitSet bits(Allocator allocator) {
    return SharedBitSet.named(allocator, "bits");
  }

  /** Arguments: path, number of the worker. */
  public static final class Working implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      Path path = Path.of(worker.argument(0));
      try (Heap heap = Heap.builder().platform(worker.platform()).attach(path);
          Allocator allocator = Allocator.on(heap)) {
        List<WorkerJob> roles = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          roles.add(context -> work(context, strings(allocator), bits(allocator)));
        }
        worker.play(roles);
      }
    }

    private static void work(WorkerContext worker, StringTable strings, SharedBitSet bits) {
      SplittableRandom random = new SplittableRandom();
      while (!worker.isDismissed()) {
        String text = "s" + random.nextLong(strings.size() + 3);
        long id = strings.intern(text);
        assertEquals(text, strings.get(id));
        bits.set(id);
        worker.say(id + " " + text);
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private synchronized void hear(String line) {
    String[] words = line.split(" ");
    String before = said.put(Long.valueOf(words[0]), words[1]);
    assertTrue(before == null || before.equals(words[1]), () -> line + ", and it was " + before);
  }

  @Test
  void eachStringHasOneIdForAllAndNoBlockIsLost() {
    int kills = Integer.getInteger(KILLS, Storm.count(8, 2000));
    try (Heap heap =
            Heap.builder().span(1L << 30).length(1 << 20).create(directory.resolve("heap"));
        Allocator allocator = Allocator.on(heap)) {
      strings(allocator);
      bits(allocator);
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
      System.out.println(said.size() + " ids, " + strings(allocator).check());
    }
  }

  private synchronized void check(StormScene scene, Allocator allocator) {
    if (scene.victim().isPresent()) {
      return;
    }
    StringTable strings = strings(allocator);
    SharedBitSet bits = bits(allocator);
    strings.check(); // ends what was left by those who interned
    allocator.recover();
    StringCheck check = strings.check();
    assertEquals(List.of(), check.findings());
    assertEquals(List.of(), bits.check().findings());
    assertEquals(2 + check.blocks() + bits.check().blocks(), allocator.check().blocks());
    said.forEach(
        (id, text) -> {
          assertEquals(text, strings.get(id));
          assertTrue(bits.get(id), () -> "bit " + id);
        });
    Map<String, Long> ids = new HashMap<>();
    for (long id = 0; id < strings.size(); id++) {
      assertNull(ids.put(strings.get(id), id), "none is there twice");
    }
    assertTrue(bits.length() <= strings.size(), "bits are set for ids only");
    assertTrue(!said.isEmpty(), "something was interned");
  }
}
