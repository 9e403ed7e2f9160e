package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.structures.pool.PoolView;
import java.io.PrintStream;
import java.util.Optional;

/** Pools of workers. */
final class PoolKind extends StructureKind<PoolView> {
  PoolKind() {
    super(64);
  }

  @Override
  PoolView open(Root root, long place) {
    return PoolView.at(root.allocator(), place);
  }

  @Override
  Description describe(Root root, PoolView pool) {
    long tasks = pool.tasks();
    long threads = pool.workerThreads();
    return new Description(
        "worker pool",
        "worker pool of "
            + count(threads, "thread")
            + ", "
            + count(tasks, "task")
            + (pool.isShutdown() ? ", shut down" : ""),
        Json.object(
            "threads",
            threads,
            "tasks",
            tasks,
            "waiting",
            (long) pool.waitingTasks(),
            "queueLength",
            (long) pool.queueLength(),
            "shutDown",
            pool.isShutdown()));
  }

  @Override
  Verdict look(PoolView pool) {
    boolean left = pool.isLeft();
    if (left && !pool.isReadOnly()) {
      pool.recover();
    }
    return new Verdict(pool.check(), left);
  }

  @Override
  public Optional<String> remains(Root root) {
    return Optional.of("blocks of a pool's tasks would stay allocated");
  }

  @Override
  public String whenEmpty() {
    return "no tasks";
  }

  @Override
  void dump(Root root, PoolView pool, PrintStream out, int most) {
    print(pool.describeTasks().iterator(), out, most, line -> line);
  }
}
