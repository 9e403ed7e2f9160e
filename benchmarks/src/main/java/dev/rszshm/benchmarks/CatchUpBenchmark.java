package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import java.util.Map;
import java.util.TreeMap;

/** What it costs to follow a heap that somebody else grows, a page at a time. */
final class CatchUpBenchmark implements Benchmark {
  private static final int ACCESSES = 100_000;
  private static final int BATCH = 50;

  @Override
  public String name() {
    return "catchup";
  }

  @Override
  public String run(Options options) throws Exception {
    int growths = options.count("--growths", 2000);
    return calls(growths) + "\n" + times(options, growths);
  }

  /** Counts the calls of the follower, at the access that catches up and at all others. */
  private static String calls(int growths) {
    Table table =
        new Table(
            "System calls of a follower, by name.",
            "after each of " + growths + " growths",
            "wanted",
            "in " + ACCESSES + " accesses without growth",
            "wanted",
            "");
    CountingCalls counting = new CountingCalls();
    Platform counted = new Platform(Memory.host(), counting.over(SystemCalls.host()));
    try (Heap owner = Heap.builder().create();
        Heap follower = follow(owner, Heap.builder().platform(counted))) {
      try {
        counting.take();
        int remaps = 0;
        Map<String, Integer> each = new TreeMap<>();
        for (int i = 0; i < growths; i++) {
          long old = owner.growTo(owner.length() + 1) - 1;
          follower.getByte(old);
          Map<String, Integer> taken = counting.take();
          remaps = Math.max(remaps, taken.getOrDefault("overlay", 0));
          taken.forEach((name, count) -> each.merge(name, count, Integer::sum));
        }
        long sum = 0;
        for (int i = 0; i < ACCESSES; i++) {
          sum += follower.getByte(follower.dataOffset() + i % BATCH);
        }
        if (sum != 0) {
          throw new IllegalStateException("a new heap holds other bytes than zeros");
        }
        Map<String, Integer> idle = counting.take();
        table.row(
            perGrowth(each, growths),
            "1 `overlay` (mmap)",
            idle.isEmpty() ? "none" : idle,
            "none",
            Table.verdict(remaps == 1 && idle.isEmpty()));
      } finally {
        owner.remove();
      }
    }
    return table.toString();
  }

  private static String perGrowth(Map<String, Integer> each, int growths) {
    StringBuilder text = new StringBuilder();
    each.forEach(
        (name, count) ->
            text.append(text.length() == 0 ? "" : ", ")
                .append(Table.number((double) count / growths))
                .append(" `")
                .append(name)
                .append('`'));
    return text.toString();
  }

  /** A second attachment in this JVM, which has to be at another address. */
  private static Heap follow(Heap owner, HeapBuilder builder) {
    return builder.anyAddress().attach(owner.path());
  }

  /** Times the access that catches up beside the mapping alone. */
  private static String times(Options options, int growths) throws Exception {
    SystemCalls calls = SystemCalls.host();
    Memory memory = Memory.host();
    int page = calls.pageSize();
    int rounds = Math.max(1, growths / BATCH);
    int warmup = options.count("--warmup", 40);
    long most = (long) (rounds + warmup) * BATCH * page;
    try (Heap owner = Heap.builder().create();
        Heap follower = follow(owner, Heap.builder())) {
      int descriptor = calls.open(owner.path().toString(), true, false);
      // Behind both: the owner may lie right behind the follower.
      long behind = Math.max(owner.base() + owner.span(), follower.base() + follower.span());
      long length = most + owner.length();
      long reserved = calls.reserve(behind, length);
      try {
        double[] follows = new double[BATCH];
        double[] maps = new double[BATCH];
        Rounds.Measurement following =
            () -> {
              for (int i = 0; i < BATCH; i++) {
                long last = owner.growTo(owner.length() + 1) - 1;
                long start = System.nanoTime();
                follower.getByte(last);
                follows[i] = System.nanoTime() - start;
                long offset = last + 1 - page;
                start = System.nanoTime();
                calls.overlay(descriptor, reserved + offset, offset, page, true);
                memory.getByte(reserved + last);
                maps[i] = System.nanoTime() - start;
              }
              return Samples.of(follows).median();
            };
        Rounds.alternate(warmup, following);
        Rounds measured = Rounds.alternate(rounds, following, () -> Samples.of(maps).median());
        Samples ratios = measured.ratios(0, 1);
        Table table =
            new Table(
                "Microseconds of the first access to a new page, page fault included, beside an"
                    + " mmap of that page and the same access, in turn.",
                "access that catches up",
                "mmap and access",
                "ratio",
                "quartiles");
        table.row(
            Table.number(measured.of(0).median() / 1000),
            Table.number(measured.of(1).median() / 1000),
            "**" + Table.number(ratios.median()) + "**",
            ratios.spread("%.2f"));
        return table.toString();
      } finally {
        calls.unmap(reserved, length);
        calls.close(descriptor);
        owner.remove();
      }
    }
  }
}
