package dev.rszshm.testkit.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.tests.InMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The storm itself: it finds what is broken, and ends whatever happens. */
class KillStormIT {
  private static final int DATA = 8;

  /** Begins with the first worker, so that no start of a JVM must be over by then. */
  private static final Duration BRIEF = Duration.ofSeconds(8);

  @TempDir(factory = InMemory.class)
  Path directory;

  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("heap");
  }

  /** Appends words, and counts each before it is there: who dies in between has counted nothing. */
  public static final class CountsFirst implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap =
          Heap.builder().platform(worker.platform()).attach(Path.of(worker.argument(0)))) {
        long count = heap.dataOffset();
        while (!worker.isDismissed()) {
          long index = heap.getLong(count) + 1;
          heap.putLongRelease(count, index);
          heap.putLongRelease(count + DATA, index);
        }
      }
    }
  }

  /** The same in the right order. */
  public static final class CountsLast implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap =
          Heap.builder().platform(worker.platform()).attach(Path.of(worker.argument(0)))) {
        long count = heap.dataOffset();
        while (!worker.isDismissed()) {
          long index = heap.getLong(count) + 1;
          heap.putLongRelease(count + DATA, index);
          heap.putLongRelease(count, index);
        }
      }
    }
  }

  /** Hears nothing, and does nothing. */
  public static final class Deaf implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      worker.say("here I am");
      new CountDownLatch(1).await();
    }
  }

  /** Ends by itself. */
  public static final class Hasty implements WorkerJob {
    @Override
    public void run(WorkerContext worker) {
      System.err.println("no time");
    }
  }

  /** Says something until it may end. */
  public static final class Talker implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      worker.say("life of " + worker.argument(0));
      worker.hear();
    }
  }

  private KillStorm counting(Class<? extends WorkerJob> job, Heap heap) {
    return KillStorm.of(WorkerJvm.of(job), worker -> List.of(path))
        .workers(1)
        .kills(40)
        .dying(200, Duration.ZERO, 1)
        .check(scene -> requireCountedOnlyWhatIsThere(heap));
  }

  private static void requireCountedOnlyWhatIsThere(Heap heap) {
    long count = heap.getLongAcquire(heap.dataOffset());
    long last = heap.getLongAcquire(heap.dataOffset() + DATA);
    assertTrue(last >= count, count + " are counted, and the last one there is " + last);
  }

  @Test
  void aStructureThatIsNotSafeAgainstDeathIsCaughtWithAllThatRepeatsIt() {
    try (Heap heap = Heap.builder().span(1L << 30).create(path)) {
      WorkerError error =
          assertThrows(WorkerError.class, () -> counting(CountsFirst.class, heap).seed(17).run());
      String message = error.getMessage();
      assertTrue(message.contains("are counted, and the last one there is"), message);
      assertTrue(message.contains("at putLongRelease in KillStormIT$CountsFirst.run"), message);
      assertTrue(message.matches("(?s)kill \\d+: worker 0 after \\d+ steps.*"), message);
      assertTrue(message.contains("-Ddev.rszshm.storm.seed=17"), message);
      assertTrue(message.contains("-Ddev.rszshm.storm.kill="), message);
      assertTrue(message.contains("-- worker 0"), message);
    }
  }

  @Test
  void theSameStructureInTheRightOrderPasses() {
    try (Heap heap = Heap.builder().span(1L << 30).create(path)) {
      StormReport report = counting(CountsLast.class, heap).kills(10).run();
      assertEquals(10, report.kills());
      assertEquals(10, report.atSteps());
      assertEquals(10, report.places().values().stream().mapToInt(n -> n).sum());
    }
  }

  @Test
  void aSeedMakesTheSameChoicesAgainAndAnotherSeedMakesOthers() {
    KillStorm storm =
        KillStorm.of(WorkerJvm.of(Deaf.class), worker -> List.of())
            .workers(5)
            .dying(1000, Duration.ofMillis(9), 0.5)
            .stopping(0.3);
    List<PlannedKill> choices = choices(storm.seed(4711));
    assertEquals(choices, choices(storm.seed(4711)));
    assertNotEquals(choices, choices(storm.seed(4712)));
    for (PlannedKill kill : choices) {
      assertTrue(kill.victim() >= 0 && kill.victim() < 5, kill.toString());
      assertNotEquals(kill.victim(), kill.bystander());
      assertTrue(kill.steps() < 1000 && kill.delay().toMillis() < 9, kill.toString());
    }
    assertEquals(5, choices.stream().mapToInt(PlannedKill::victim).distinct().count());
    assertTrue(choices.stream().anyMatch(PlannedKill::isAtStep));
    assertFalse(choices.stream().allMatch(PlannedKill::isAtStep));
  }

  private static List<PlannedKill> choices(KillStorm storm) {
    return IntStream.rangeClosed(1, 200).mapToObj(n -> PlannedKill.of(storm, n)).toList();
  }

  @Test
  void oneKillCanBeDoneAlone() {
    KillStorm storm =
        KillStorm.of(WorkerJvm.of(Talker.class), worker -> List.of(worker))
            .dying(1, Duration.ofMillis(1), 0)
            .seed(3);
    List<Integer> victims = new ArrayList<>();
    StormReport report =
        storm.only(77).check(scene -> scene.victim().ifPresent(victims::add)).run();
    assertEquals(1, report.kills());
    assertEquals(List.of(PlannedKill.of(storm, 77).victim()), victims);
  }

  @Test
  void eachVictimIsReplacedAndAllSaidIsHeard() {
    int[] lives = new int[3];
    int[] checks = new int[1];
    StormReport report =
        KillStorm.of(WorkerJvm.of(Talker.class), worker -> List.of(worker))
            .kills(6)
            .dying(1, Duration.ofMillis(500), 0)
            .stopping(1)
            .onLine(
                (worker, line) -> {
                  assertEquals("life of " + worker, line);
                  lives[worker]++;
                })
            .check(
                scene -> {
                  checks[0]++;
                  assertEquals(Math.min(checks[0], 6), scene.kills());
                  assertEquals(checks[0] == 7, scene.victim().isEmpty());
                  assertEquals(checks[0] == 7, scene.bystander().isEmpty());
                })
            .run();
    assertEquals(7, checks[0]);
    assertEquals(6, report.stops());
    assertTrue(lives[0] + lives[1] + lives[2] >= 3, report.toString());
  }

  @Test
  void aWorkerThatDoesNotEndIsEndedAtTheDeadlineAndShown() {
    List<Long> pids = new ArrayList<>();
    KillStorm storm =
        KillStorm.of(WorkerJvm.of(Deaf.class), worker -> List.of())
            .workers(2)
            .kills(1)
            .dying(1, Duration.ofMillis(1), 0)
            .deadline(BRIEF)
            .check(scene -> pids.addAll(List.of(scene.pid(0), scene.pid(1))));
    WorkerError error = assertThrows(WorkerError.class, storm::run);
    assertTrue(
        error.getMessage().matches("(?s).*(has not ended in|the deadline has passed).*"),
        error.getMessage());
    assertTrue(error.getMessage().contains("here I am"), error.getMessage());
    for (long pid : pids) {
      assertTrue(ProcessHandle.of(pid).isEmpty(), "process " + pid + " is still there");
    }
  }

  @Test
  void aCheckThatHangsIsEndedAtTheDeadlineAndShown() {
    CountDownLatch interrupted = new CountDownLatch(1);
    KillStorm storm =
        KillStorm.of(WorkerJvm.of(Deaf.class), worker -> List.of())
            .workers(1)
            .kills(1)
            .dying(1, Duration.ZERO, 0)
            .deadline(BRIEF)
            .check(scene -> hang(interrupted));
    WorkerError error = assertThrows(WorkerError.class, storm::run);
    assertTrue(error.getMessage().contains("check has not ended"), error.getMessage());
    Throwable stack = error.getCause().getCause();
    assertTrue(
        List.of(stack.getStackTrace()).toString().contains("KillStormIT.hang"), stack.toString());
    assertTimely(interrupted);
  }

  private static void hang(CountDownLatch interrupted) throws InterruptedException {
    try {
      new CountDownLatch(1).await();
    } finally {
      interrupted.countDown();
    }
  }

  private static void assertTimely(CountDownLatch latch) {
    try {
      assertTrue(latch.await(180, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aWorkerThatEndsBeforeItsKillIsReportedWithItsOutput() {
    KillStorm storm =
        KillStorm.of(WorkerJvm.of(Hasty.class), worker -> List.of())
            .workers(1)
            .kills(1)
            .dying(100, Duration.ZERO, 1);
    WorkerError error = assertThrows(WorkerError.class, storm::run);
    assertTrue(error.getMessage().contains("ended before it came to"), error.getMessage());
    assertTrue(error.getMessage().contains("no time"), error.getMessage());
  }

  @Test
  void anInterruptEndsAStormAndItsWorkers() throws Exception {
    CountDownLatch checking = new CountDownLatch(1);
    List<Long> pids = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    KillStorm storm =
        KillStorm.of(WorkerJvm.of(Deaf.class), worker -> List.of())
            .workers(2)
            .dying(1, Duration.ofMillis(1), 0)
            .check(
                scene -> {
                  pids.addAll(List.of(scene.pid(0), scene.pid(1)));
                  checking.countDown();
                });
    Thread thread = new Thread(() -> failures.add(assertThrows(WorkerError.class, storm::run)));
    thread.start();
    checking.await();
    thread.interrupt();
    thread.join();
    assertTrue(failures.get(0).getMessage().contains("interrupted"), failures.toString());
    for (long pid : pids) {
      assertTrue(ProcessHandle.of(pid).isEmpty(), "process " + pid + " is still there");
    }
  }
}
