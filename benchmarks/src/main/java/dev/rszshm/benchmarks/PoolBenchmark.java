package dev.rszshm.benchmarks;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.pool.PoolSpec;
import dev.rszshm.structures.pool.RangeTask;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Tasks of a worker pool, beside a channel, pipes, and the JDK's own pool in one JVM. */
final class PoolBenchmark implements Benchmark {
  private static final int TRIPS = 20_000;
  private static final int WARM_LAPS = 10;

  /** Of what is computed, so many bytes fewer than of what is only set. */
  private static final int COMPUTED_SHARE = 16;

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
    int warmup = options.count("--warmup", WARM_LAPS);
    int batches = options.count("--operations", 1_000_000) / PoolWork.BATCH;
    long bytes = options.number("--bytes", 1L << 30);
    try (Heap heap = Heap.builder().span(bytes + (256 << 20)).create();
        Allocator allocator = Allocator.on(heap)) {
      try {
        return trips(allocator, warmup, rounds)
            + tasks(allocator, warmup, rounds, batches)
            + fills(allocator, warmup, rounds, bytes);
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

  private static String trips(Allocator allocator, int warmup, int rounds) throws Exception {
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
      Rounds.alternate(warmup, channel, task);
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

  private static String tasks(Allocator allocator, int warmup, int rounds, int batches)
      throws Exception {
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
      Rounds.alternate(warmup, pipes, batched, forked);
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

  private static String fills(Allocator allocator, int warmup, int rounds, long bytes)
      throws Exception {
    Heap heap = allocator.heap();
    long place = allocator.place("bytes", 1, 1, bytes);
    long few = bytes / COMPUTED_SHARE;
    Filling set = (from, to) -> heap.fill(from, to - from, (byte) 1);
    Filling compute = (from, to) -> PoolWork.Compute.compute(heap, from, to);
    try (WorkerPool one = WorkerPool.named(allocator, "one", PoolSpec.ofWorkers(1));
        WorkerPool two = WorkerPool.named(allocator, "two", PoolSpec.ofWorkers(2))) {
      Rounds.Measurement[] works = {
        () -> nanos(() -> fill(one, place, bytes, PoolWork.Fill.class)),
        () -> nanos(() -> fill(two, place, bytes, PoolWork.Fill.class)),
        () -> nanos(() -> fill(1, place, bytes, set)),
        () -> nanos(() -> fill(2, place, bytes, set)),
        () -> nanos(() -> fill(one, place, few, PoolWork.Compute.class)),
        () -> nanos(() -> fill(two, place, few, PoolWork.Compute.class)),
        () -> nanos(() -> fill(1, place, few, compute)),
        () -> nanos(() -> fill(2, place, few, compute))
      };
      Rounds.alternate(warmup, works); // so that each of two has had nearly every page
      Rounds measured = Rounds.alternate(rounds, works);
      Table table =
          new Table(
              String.format(
                  Locale.ROOT,
                  "Filling %,d MiB with one byte, and %,d MiB with numbers that are computed, by"
                      + " `parallelFor` and by threads of this JVM; median of %d rounds.",
                  bytes >> 20,
                  few >> 20,
                  rounds),
              "what",
              "one, ms",
              "two, ms",
              "as fast as one",
              "wanted",
              "");
      fillRow(table, "one byte, workers of a pool", measured, 0, true);
      fillRow(table, "one byte, threads", measured, 2, false);
      fillRow(table, "numbers, workers of a pool", measured, 4, true);
      fillRow(table, "numbers, threads", measured, 6, false);
      return table.toString();
    }
  }

  private static void fillRow(
      Table table, String what, Rounds measured, int first, boolean isWanted) {
    double ratio = measured.ratios(first, first + 1).median();
    table.row(
        what,
        Table.number(measured.of(first).median() / 1e6),
        Table.number(measured.of(first + 1).median() / 1e6),
        Table.number(ratio),
        isWanted ? "≥ " + LEAST_FILL : "",
        isWanted ? Table.verdict(ratio >= LEAST_FILL) : "");
  }

  /** Fills a part. */
  private interface Filling {
    void fill(long from, long to);
  }

  private static double fill(
      WorkerPool pool, long place, long bytes, Class<? extends RangeTask> type) throws Exception {
    pool.parallelFor(place, place + bytes, GRAIN, type);
    return 0;
  }

  /** The same by threads of this JVM, which take the parts in turn. */
  private static double fill(int threads, long place, long bytes, Filling filling) {
    AtomicLong next = new AtomicLong(place);
    Runnable work =
        () -> {
          long end = place + bytes;
          for (long from = next.getAndAdd(GRAIN); from < end; from = next.getAndAdd(GRAIN)) {
            filling.fill(from, Math.min(end, from + GRAIN));
          }
        };
    CompletableFuture.allOf(
            IntStream.range(0, threads)
                .mapToObj(i -> CompletableFuture.runAsync(work, task -> new Thread(task).start()))
                .toArray(CompletableFuture<?>[]::new))
        .join();
    return 0;
  }
}
