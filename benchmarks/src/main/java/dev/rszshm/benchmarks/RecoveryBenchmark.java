package dev.rszshm.benchmarks;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.heap.Backing;
import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long a survivor takes to give up what a dead process had in the allocator, in a span that is
 * in use to its end. The blocks have no memory: recovery reads tables only.
 */
final class RecoveryBenchmark implements Benchmark {
  private static final long GIB = 1L << 30;
  private static final long BLOCK = 4L << 20;
  private static final int KEPT_FREE = 8;
  private static final int SIZES = 40;
  private static final double MOST_MILLIS = 10;

  @Override
  public String name() {
    return "recovery";
  }

  @Override
  public String run(Options options) {
    int rounds = options.count("--rounds", 31);
    Table table =
        new Table(
            "Recovery of one dead participant with a slab of each of "
                + SIZES
                + " sizes, milliseconds, median of "
                + rounds
                + " deaths.",
            "span in use",
            "chunks",
            "recovery",
            "slowest",
            "wanted",
            "");
    for (long span : new long[] {GIB, 8 * GIB, 64 * GIB}) {
      row(table, span, rounds);
    }
    return table.toString();
  }

  private static void row(Table table, long span, int rounds) {
    try (Heap heap = Heap.builder().span(span).backing(Backing.SPARSE).createAnonymous();
        Allocator survivor = Allocator.on(heap)) {
      fill(survivor);
      double[] millis = new double[rounds];
      for (int i = -rounds; i < rounds; i++) { // the first half warms up
        die(heap);
        long start = System.nanoTime();
        int recovered = survivor.recover();
        double time = (System.nanoTime() - start) / 1e6;
        if (recovered != 1) {
          throw new IllegalStateException(recovered + " lanes were recovered, expected 1");
        }
        millis[Math.max(0, i)] = time;
      }
      Samples samples = Samples.of(millis);
      double slowest = 0;
      for (double time : millis) {
        slowest = Math.max(slowest, time);
      }
      table.row(
          span / GIB + " GiB",
          String.format(Locale.ROOT, "%,d", survivor.statistics().chunks()),
          Table.number(samples.median()),
          Table.number(slowest),
          "< " + Table.number(MOST_MILLIS),
          Table.verdict(samples.median() < MOST_MILLIS));
    }
  }

  /** Uses up all but a little, which the dead will have. */
  private static void fill(Allocator allocator) {
    List<Long> blocks = new ArrayList<>();
    try {
      while (true) {
        blocks.add(allocator.allocate(BLOCK));
      }
    } catch (OutOfHeapMemoryException full) {
      for (int i = 0; i < KEPT_FREE; i++) {
        allocator.free(blocks.remove(blocks.size() - 1));
      }
    }
  }

  /** An attachment that goes without giving back what it had is dead for all others. */
  private static void die(Heap heap) {
    try (Heap mortal = Heap.builder().anyAddress().attach(heap.path())) {
      Allocator allocator = Allocator.on(mortal);
      for (int i = 0; i < SIZES; i++) {
        allocator.free(allocator.allocate(16L << (i / 4)));
        allocator.allocate(16L + 16L * i);
      }
    }
  }
}
