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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers put to and take from both ends of a deque, and append to a log and read it, and are
 * killed wherever they are. Each element is taken once; all that was said to be put was taken, or
 * is there, but for one element of each thread that died; each append that was said is counted; no
 * entry is torn; at the end each block is explained.
 */
class DequeAndLogStormIT {
  private static final String KILLS = "dev.rszshm.storm.kills";
  private static final int WORKERS = 3;
  private static final int THREADS = 2;
  private static final long PAUSE_NANOS = 200_000;
  private static final int LONGEST = 200;
  private static final DequeSpec SPEC = DequeSpec.bounded(100);
  private static final RingLogSpec LOG_SPEC = RingLogSpec.of(5, LONGEST + 100);

  private final Set<String> put = new HashSet<>();
  private final Set<String> taken = new HashSet<>();
  private long appended;

  @TempDir(factory = InMemory.class)
  Path directory;

  private static SharedDeque<String> deque(Allocator allocator) {
    return SharedDeque.named(allocator, "deque", Codecs.strings(), SPEC);
  }

  private static RingLog<String> log(Allocator allocator) {
    return RingLog.named(allocator, "log", Codecs.strings(), LOG_SPEC);
  }

  /** Arguments: path, number of the worker. */
  public static final class Working implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      Path path = Path.of(worker.argument(0));
      try (Heap heap = Heap.builder().platform(worker.platform()).attach(path);
          Allocator allocator = Allocator.on(heap)) {
        SharedDeque<String> deque = deque(allocator);
        RingLog<String> log = log(allocator);
        List<WorkerJob> roles = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          String life = worker.argument(1) + "." + i + "." + ProcessHandle.current().pid();
          roles.add(context -> work(context, deque, log, life));
        }
        worker.play(roles);
      }
    }

    private static void work(
        WorkerContext worker, SharedDeque<String> deque, RingLog<String> log, String life) {
      SplittableRandom random = new SplittableRandom();
      RingLogReader<String> reader = log.reader();
      int number = 0;
      while (!worker.isDismissed()) {
        String element = life + "-" + number + " " + "x".repeat(random.nextInt(LONGEST)) + "!";
        boolean first = random.nextBoolean();
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            number++;
            if (first ? deque.offerFirst(element) : deque.offerLast(element)) {
              worker.say("p " + named(element));
            }
          }
          case 2, 3 -> {
            String found = first ? deque.pollFirst() : deque.pollLast();
            if (found != null) {
              worker.say("t " + named(found));
            }
          }
          default -> {
            log.append(element);
            worker.say("a");
            reader.poll().ifPresent(DequeAndLogStormIT::named);
          }
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** Which element it is; the rest must be whole. */
  private static String named(String element) {
    assertTrue(element.matches("[0-9.]+-[0-9]+ x*!"), element);
    return element.substring(0, element.indexOf(' '));
  }

  private synchronized void hear(String line) {
    switch (line.charAt(0)) {
      case 'p' -> put.add(line.substring(2));
      case 't' -> take(line.substring(2));
      default -> appended++;
    }
  }

  private void take(String name) {
    assertTrue(taken.add(name), () -> name + " was taken twice");
  }

  @Test
  void eachElementIsTakenOnceAndEachEntryIsWhole() {
    int kills = Integer.getInteger(KILLS, Storm.count(8, 2000));
    try (Heap heap =
            Heap.builder().span(1L << 30).length(1 << 20).create(directory.resolve("heap"));
        Allocator allocator = Allocator.on(heap)) {
      deque(allocator);
      log(allocator);
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
    SharedDeque<String> deque = deque(allocator);
    RingLog<String> log = log(allocator);
    assertEquals(List.of(), deque.check().findings());
    assertEquals(List.of(), log.check().findings());
    if (scene.victim().isPresent()) {
      return;
    }
    allocator.recover();
    assertEquals(2 + deque.check().elements(), allocator.check().blocks());
    for (String each = deque.poll(); each != null; each = deque.poll()) {
      take(named(each));
    }
    log.forEach(DequeAndLogStormIT::named);
    long most = (long) scene.kills() * THREADS;
    long missing = put.stream().filter(each -> !taken.contains(each)).count();
    assertTrue(missing <= most, missing + " elements are missing, " + most + " threads died");
    long more = log.appended() - appended;
    assertTrue(more >= 0 && more <= most, more + " entries more than were said to be appended");
    System.out.println(
        taken.size() + " elements, " + missing + " gone with the dead; " + log.check());
    assertEquals(2, allocator.check().blocks());
  }
}
