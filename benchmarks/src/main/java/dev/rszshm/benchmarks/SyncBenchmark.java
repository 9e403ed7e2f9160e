package dev.rszshm.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What locks, semaphores and conditions cost, beside those of the JVM and of pthreads. */
final class SyncBenchmark implements Benchmark {
  private static final String ROBUST = "pthread robust";
  private static final String PLAIN = "pthread";
  private static final String SEM_T = "sem_t";

  private static final long AREA = 1 << 14;

  @Override
  public String name() {
    return "sync";
  }

  @Override
  public String run(Options options) throws Exception {
    List<String> works = options.words("--work");
    ContestTables tables = new ContestTables();
    for (Contest contest : contests(Project.syncProgram())) {
      if (works.isEmpty() || works.contains(contest.setting().work())) {
        contest.run(options, tables);
      }
    }
    return tables.toString();
  }

  private static List<Contest> contests(Path program) {
    Contestant mutex = java(SyncTarget.MUTEX);
    Contestant fast = java(SyncTarget.FAST_MUTEX);
    Contestant monitor = java(SyncTarget.MONITOR);
    Contestant jvm = java(SyncTarget.REENTRANT_LOCK);
    Contestant semaphoreOfJvm = java(SyncTarget.SEMAPHORE);
    Contestant semaphore = java(SyncTarget.SHARED_SEMAPHORE);
    Contestant robust = Contestant.c(ROBUST, program, "robust");
    Contestant plain = Contestant.c(PLAIN, program, "plain");
    Contestant semT = Contestant.c(SEM_T, program, "plain");
    List<Contest> contests = new ArrayList<>();
    contests.add(
        contest(
            LapSetting.alone("lock", 1_000_000),
            List.of(mutex, fast, monitor, jvm, robust, plain),
            Goal.of(SyncTarget.MUTEX, SyncTarget.REENTRANT_LOCK, 1.2),
            Goal.of(SyncTarget.MUTEX, ROBUST, 1.0),
            Goal.of(SyncTarget.MUTEX, PLAIN, 0),
            Goal.of(SyncTarget.FAST_MUTEX, SyncTarget.REENTRANT_LOCK, 1.2),
            Goal.of(SyncTarget.FAST_MUTEX, PLAIN, 0),
            Goal.of(SyncTarget.MONITOR, SyncTarget.REENTRANT_LOCK, 1.2)));
    contests.add(
        contest(
            LapSetting.alone("semaphore", 1_000_000),
            List.of(semaphore, semaphoreOfJvm, semT),
            Goal.of(SyncTarget.SHARED_SEMAPHORE, SEM_T, 1.2),
            Goal.of(SyncTarget.SHARED_SEMAPHORE, SyncTarget.SEMAPHORE, 0)));
    contests.add(
        contest(
            LapSetting.pair("contended", Placement.APART, 500_000),
            List.of(mutex, fast, robust, plain),
            Goal.of(SyncTarget.MUTEX, ROBUST, 1.2),
            Goal.of(SyncTarget.FAST_MUTEX, PLAIN, 0)));
    for (Placement placement : List.of(Placement.APART, Placement.TOGETHER)) {
      int operations = placement == Placement.APART ? 2_000 : 10_000;
      contests.add(
          contest(
              LapSetting.pair("handover", placement, operations),
              List.of(mutex, robust, plain),
              Goal.of(SyncTarget.MUTEX, ROBUST, 1.2),
              Goal.of(SyncTarget.MUTEX, PLAIN, 0)));
      contests.add(
          contest(
              LapSetting.pair("semaphore-ping-pong", placement, operations),
              List.of(semaphore, semT),
              Goal.of(SyncTarget.SHARED_SEMAPHORE, SEM_T, 1.2)));
      contests.add(
          contest(
              LapSetting.pair("condition-ping-pong", placement, operations),
              List.of(mutex, robust, plain),
              Goal.of(SyncTarget.MUTEX, ROBUST, 1.2),
              Goal.of(SyncTarget.MUTEX, PLAIN, 0)));
    }
    return contests;
  }

  private static Contestant java(String target) {
    return Contestant.java(target, target, AREA, List.of());
  }

  private static Contest contest(LapSetting setting, List<Contestant> contestants, Goal... goals) {
    return new Contest(setting, List.of(LapFigure.MEAN), contestants, List.of(goals));
  }
}
