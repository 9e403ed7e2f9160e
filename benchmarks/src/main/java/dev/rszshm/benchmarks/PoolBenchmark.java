package dev.rszshm.benchmarks;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.pool.PoolSpec;
import dev.rszshm.structures.pool.TaskCalls;
import dev.rszshm.structures.pool.WorkerPool;
import dev.rszshm.structures.worker.WorkerLauncher;
import dev.rszshm.structures.worker.WorkerProcess;
import dev.rszshm.structures.worker.WorkerSpec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.stream.IntStream;

/** Tasks of a worker pool, beside a channel, pipes, and the JDK's own pool in one JVM. */
final class PoolBenchmark implements Benchmark {
  private static final int TRIPS = 20_000;
  private static final int WARM_FILLS = 8;
  private static final int AT_A_TIME = 64;
  private static final long GRAIN = 4 << 20;
  private static final Duration START = Duration.ofMinutes(1);
  private static final double MOST_TRIP = 1.5;
  private static final double LEAST_TASKS = 10;
  private static final double LEAST_FILL = 1.8;

  @Override
  public String name() {
    return "pool";
  }

  @Override
  public String run(Options options) throws Exception {
    int rounds = options.count("--rounds", 5);
    int batches = options.count("--operations", 1_000_000) / PoolWork.BATCH;
    long bytes = options.number("--bytes", 1L << 30);
    try (Heap heap = Heap.builder().span(bytes + (256 << 20)).create();
        Allocator allocator = Allocator.on(heap)) {
      try {
        return trips(allocator, rounds)
            + tasks(allocator, rounds, batches)
            + fills(allocator, rounds, bytes);
      } finally {
        heap.remove();
      }
    }
  }

  private static double nanos(Rounds.Measurement work) throws Exception {
    long begin = System.nanoTime();
    work.take();
    return System.nanoTime() - begin;
  }

  // There and back.

  private static String trips(Allocator allocator, int rounds) throws Exception {
    Channel there = PoolWork.there(allocator);
    Channel back = PoolWork.back(allocator);
    String path = allocator.heap().path().toString();
    try (WorkerPool pool = WorkerPool.named(allocator, "trips", PoolSpec.ofWorkers(1));
        WorkerProcess echo =
            WorkerLauncher.start(WorkerSpec.of(PoolWork.Echo.class).withArguments(path))) {
      echo.awaitReady(START);
      TaskCalls<Integer, Integer> next = pool.calls(PoolWork.Next.class);
      Rounds.Measurement channel = () -> nanos(() -> echo(there, back)) / TRIPS;
      Rounds.Measurement task = () -> nanos(() -> call(next)) / TRIPS;
      channel.take();
      task.take();
      Rounds measured = Rounds.alternate(rounds, channel, task);
      there.send(new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
      Table table =
          new Table(
              "Microseconds there and back, one at a time, median of " + rounds + " rounds.",
              "what",
              "µs",
              "over the channels",
              "wanted",
              "");
      double ratio = measured.ratios(1, 0).median();
      table.row("two channels", Table.number(measured.of(0).median() / 1000), "1", "", "");
      table.row(
          "a task of a pool, `submit(…).get()`",
          Table.number(measured.of(1).median() / 1000),
          Table.number(ratio),
          "≤ " + MOST_TRIP,
          Table.verdict(ratio <= MOST_TRIP));
      return table + "\n";
    }
  }

  private static double echo(Channel there, Channel back) throws Exception {
    byte[] message = new byte[8];
    for (int i = 0; i < TRIPS; i++) {
      there.send(message);
      back.receive();
    }
    return 0;
  }

  private static double call(TaskCalls<Integer, Integer> next) throws Exception {
    for (int i = 0; i < TRIPS; i++) {
      if (next.submit(i).get() != i + 1) {
        throw new IllegalStateException("a wrong result");
      }
    }
    return 0;
  }

  // Many.

  private static String tasks(Allocator allocator, int rounds, int batches) throws Exception {
    try (WorkerPool pool = WorkerPool.named(allocator, "tasks", PoolSpec.ofWorkers(2));
        PipePool one = new PipePool();
        PipePool other = new PipePool()) {
      TaskCalls<Integer, Integer> next = pool.calls(PoolWork.Next.class);
      ForkJoinPool local = new ForkJoinPool(2);
      Rounds.Measurement pipes =
          () ->
              nanos(
                  () -> {
                    CompletableFuture.allOf(one.run(batches / 2), other.run(batches - batches / 2))
                        .join();
                    return 0;
                  });
      Rounds.Measurement batched = () -> nanos(() -> submit(next, batches));
      Rounds.Measurement forked = () -> nanos(() -> fork(local, batches));
      pipes.take();
      batched.take();
      forked.take();
      Rounds measured = Rounds.alternate(rounds, pipes, batched, forked);
      local.shutdown();
      double tasks = (double) batches * PoolWork.BATCH;
      Table table =
          new Table(
              String.format(
                  Locale.ROOT,
                  "%,.0f tasks that add one, in batches of %d, by two workers; median of %d rounds.",
                  tasks,
                  PoolWork.BATCH,
                  rounds),
              "what",
              "million tasks a second",
              "over the pipes",
              "wanted",
              "");
      double ratio = measured.ratios(0, 1).median();
      table.row(
          "two JVMs behind pipes, `ObjectOutputStream`", rate(tasks, measured, 0), "1", "", "");
      table.row(
          "a pool, `submitBatch`",
          rate(tasks, measured, 1),
          Table.number(ratio),
          "≥ " + LEAST_TASKS,
          Table.verdict(ratio >= LEAST_TASKS));
      table.row(
          "`ForkJoinPool` of this JVM, a task each",
          rate(tasks, measured, 2),
          Table.number(measured.ratios(0, 2).median()),
          "",
          "");
      return table + "\n";
    }
  }

  private static String rate(double tasks, Rounds measured, int what) {
    return Table.number(tasks / measured.of(what).median() * 1000);
  }

  private static double submit(TaskCalls<Integer, Integer> next, int batches) throws Exception {
    List<Integer> batch = IntStream.range(0, PoolWork.BATCH).boxed().toList();
    Deque<CompletableFuture<List<Integer>>> pending = new ArrayDeque<>();
    for (int i = 0; i < batches; i++) {
      if (pending.size() == AT_A_TIME) {
        check(pending.remove().get());
      }
      pending.add(next.submitBatch(batch));
    }
    for (CompletableFuture<List<Integer>> last : pending) {
      check(last.get());
    }
    return 0;
  }

  private static void check(List<Integer> results) {
    for (int i = 0; i < PoolWork.BATCH; i++) {
      if (results.get(i) != i + 1) {
        throw new IllegalStateException("a wrong result");
      }
    }
  }

  private static double fork(ForkJoinPool local, int batches) {
    List<ForkJoinTask<Integer>> batch = new ArrayList<>(PoolWork.BATCH);
    for (int i = 0; i < batches; i++) {
      batch.clear();
      for (int number = 0; number < PoolWork.BATCH; number++) {
        int argument = number;
        batch.add(local.submit(() -> argument + 1));
      }
      for (int number = 0; number < PoolWork.BATCH; number++) {
        if (batch.get(number).join() != number + 1) {
          throw new IllegalStateException("a wrong result");
        }
      }
    }
    return 0;
  }

  // Together.

  private static String fills(Allocator allocator, int rounds, long bytes) throws Exception {
    long place = allocator.place("bytes", 1, 1, bytes);
    try (WorkerPool one = WorkerPool.named(allocator, "one", PoolSpec.ofWorkers(1));
        WorkerPool two = WorkerPool.named(allocator, "two", PoolSpec.ofWorkers(2))) {
      Rounds.Measurement alone = () -> nanos(() -> fill(one, place, bytes));
      Rounds.Measurement together = () -> nanos(() -> fill(two, place, bytes));
      alone.take();
      for (int i = 0; i < WARM_FILLS; i++) {
        together.take(); // so that each of the two has had nearly every page
      }
      Rounds measured = Rounds.alternate(rounds, alone, together);
      double ratio = measured.ratios(0, 1).median();
      Table table =
          new Table(
              String.format(
                  Locale.ROOT,
                  "Filling %,d MiB with `parallelFor`, median of %d rounds.",
                  bytes >> 20,
                  rounds),
              "workers",
              "ms",
              "as fast as one",
              "wanted",
              "");
      table.row("1", Table.number(measured.of(0).median() / 1e6), "1", "", "");
      table.row(
          "2",
          Table.number(measured.of(1).median() / 1e6),
          Table.number(ratio),
          "≥ " + LEAST_FILL,
          Table.verdict(ratio >= LEAST_FILL));
      return table.toString();
    }
  }

  private static double fill(WorkerPool pool, long place, long bytes) throws Exception {
    pool.parallelFor(place, place + bytes, GRAIN, PoolWork.Fill.class);
    return 0;
  }
}
