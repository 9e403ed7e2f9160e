package dev.rszshm.structures.map;

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
 * Workers put, remove, count and read in all ways at once, and are killed wherever they are. Each
 * of their threads has keys of its own, and says what it has done; who comes in the place of the
 * dead says what it finds. All that was said is there, but for one operation of each thread that
 * died; at the end each block is explained.
 */
class MapStormIT {
  private static final String KILLS = "dev.rszshm.storm.kills";
  private static final int WORKERS = 3;

  /** As many processes as there are with the profile storm. */
  private static final int MANY_WORKERS = 16;

  private static final int THREADS = 2;
  private static final int KEYS = 120;
  private static final long COUNTERS = 1L << 40;
  private static final int COUNTER_COUNT = 3;
  private static final long PAUSE_NANOS = 200_000;
  private static final MapSpec SPEC = MapSpec.standard().withShards(4);

  private final Map<Long, Long> said = new HashMap<>();
  private final Map<Long, Integer> unlike = new HashMap<>();
  private long counted;

  @TempDir(factory = InMemory.class)
  Path directory;

  private static SharedLongMap map(Allocator allocator) {
    return SharedLongMap.named(allocator, "map", SPEC);
  }

  /** Arguments: path, number of the worker. */
  public static final class Working implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      Path path = Path.of(worker.argument(0));
      try (Heap heap = Heap.builder().platform(worker.platform()).attach(path);
          Allocator allocator = Allocator.on(heap)) {
        SharedLongMap map = map(allocator);
        List<WorkerJob> roles = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          long role = Long.parseLong(worker.argument(1)) * THREADS + i;
          roles.add(context -> work(context, map, role));
        }
        worker.play(roles);
      }
    }

    private static void work(WorkerContext worker, SharedLongMap map, long role) {
      for (long key = role * KEYS; key < (role + 1) * KEYS; key++) {
        worker.say("f " + role + " " + key + " " + number(map.get(key)));
      }
      SplittableRandom random = new SplittableRandom();
      long number = System.nanoTime();
      while (!worker.isDismissed()) {
        long key = role * KEYS + random.nextInt(KEYS);
        number++;
        switch (random.nextInt(8)) {
          case 0, 1 -> {
            map.remove(key);
            worker.say("s " + role + " " + key + " 0");
          }
          case 2 -> {
            map.addAndGet(COUNTERS + random.nextInt(COUNTER_COUNT), 1);
            worker.say("c");
          }
          case 3 -> {
            long other = random.nextInt(WORKERS * THREADS * KEYS);
            map.get(other, (heap, offset, length) -> number(heap.getBytes(offset, length)));
            number(map.get(other));
          }
          default -> {
            map.put(key, value(number, 8 + random.nextInt(100)));
            worker.say("s " + role + " " + key + " " + number);
          }
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private static byte[] value(long number, int length) {
    byte[] value = new byte[length];
    for (int i = 0; i < length; i++) {
      value[i] = (byte) (number >>> (8 * (i % 8)));
    }
    return value;
  }

  /** The number that is in every part of a value; 0 if there is no value. */
  private static long number(byte[] value) {
    if (value == null) {
      return 0;
    }
    for (int i = 8; i < value.length; i++) {
      assertEquals(value[i % 8], value[i], "a value is whole");
    }
    return Codecs.longs().decode(java.util.Arrays.copyOf(value, 8));
  }

  private synchronized void hear(String line) {
    String[] words = line.split(" ");
    if (words[0].equals("c")) {
      counted++;
      return;
    }
    long role = Long.parseLong(words[1]);
    long key = Long.parseLong(words[2]);
    Long before = said.put(key, Long.valueOf(words[3]));
    if (words[0].equals("f")) {
      if (key == role * KEYS) {
        unlike.put(role, 0);
      }
      if (before != null && before != Long.parseLong(words[3])) {
        int number = unlike.merge(role, 1, Integer::sum);
        assertTrue(number <= 1, () -> "key " + key + " had " + before + ", found " + line);
      }
    }
  }

  private static int workers() {
    return Storm.count(WORKERS, MANY_WORKERS);
  }

  @Test
  void whatWasPutIsThereOnceAndNoBlockIsLost() {
    int kills = Integer.getInteger(KILLS, Storm.count(8, 2000));
    try (Heap heap =
            Heap.builder().span(1L << 30).length(1 << 20).create(directory.resolve("heap"));
        Allocator allocator = Allocator.on(heap)) {
      map(allocator);
      StormReport report =
          KillStorm.of(WorkerJvm.of(Working.class), worker -> List.of(heap.path(), worker))
              .workers(workers())
              .kills(kills)
              .dying(3000, Duration.ofMillis(20), 0.7)
              .stopping(0.1)
              .deadline(Duration.ofSeconds(300 + kills * 2L))
              .onLine((worker, line) -> hear(line))
              .check(scene -> check(scene, allocator))
              .run();
      System.out.println(report);
      System.out.println(counted + " counts, " + map(allocator).check());
    }
  }

  private synchronized void check(StormScene scene, Allocator allocator) {
    if (scene.victim().isPresent()) {
      return;
    }
    SharedLongMap map = map(allocator);
    MapCheck check = map.check();
    assertEquals(List.of(), check.findings());
    allocator.recover();
    check = map.check();
    long blocks = allocator.check().blocks();
    assertEquals(1 + check.blocks(), blocks, "blocks with " + check);
    said.forEach(
        (key, number) -> assertEquals(number, number(map.get(key)), () -> "of key " + key));
    long sum = 0;
    for (int i = 0; i < COUNTER_COUNT; i++) {
      sum += map.getLong(COUNTERS + i, 0);
    }
    assertTrue(
        sum >= counted && sum <= counted + (long) scene.kills() * THREADS,
        "counted " + sum + ", said to be " + counted);
    assertTrue(said.size() == workers() * THREADS * KEYS, "all threads have worked");
  }
}
