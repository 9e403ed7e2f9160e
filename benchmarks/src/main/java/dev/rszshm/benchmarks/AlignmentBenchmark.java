package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Layouts;
import dev.rszshm.heap.view.WriteBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/** What alignment, distance and batches are worth: docs/ALIGNMENT.md. */
final class AlignmentBenchmark implements Benchmark {
  private static final int AREA = 1 << 16;
  private static final int PASSES = 4;
  private static final int ADDITIONS = 1 << 12;
  private static final int CHUNKS = 50;
  private static final long MOST_NANOS = 10_000_000_000L;
  private static final int WARMUP = 200;

  /** Where the sums go, so that the compiler leaves no read out. */
  private static volatile long sink;

  @Override
  public String name() {
    return "alignment";
  }

  @Override
  public String run(Options options) throws Exception {
    int rounds = options.count("--rounds", 201);
    try (Heap heap = Heap.builder().length(1 << 20).create()) {
      try {
        long first = Layouts.alignUp(heap.dataOffset(), Layouts.SEPARATION);
        return distances(heap, first, rounds)
            + "\n"
            + accesses(heap, first, rounds)
            + "\n"
            + writes(heap, first, rounds);
      } finally {
        heap.remove();
      }
    }
  }

  private static String distances(Heap heap, long first, int rounds) throws Exception {
    long[] distances = {Layouts.SEPARATION, Layouts.CACHE_LINE, Long.BYTES};
    List<Rounds.Measurement> all = new ArrayList<>();
    for (long distance : distances) {
      all.add(() -> additions(heap, first, first + distance, true));
    }
    for (long distance : distances) {
      all.add(() -> additions(heap, first, first + distance, false));
    }
    Rounds.Measurement[] measured = all.toArray(new Rounds.Measurement[0]);
    Rounds.alternate(3, measured);
    Rounds times = Rounds.alternate(Math.max(1, rounds / 20), measured);
    Table table =
        new Table(
            "Two threads change a word each, all the time. Nanoseconds for one change by each, and"
                + " the time over that at a distance of "
                + Layouts.SEPARATION
                + " bytes.",
            "distance of the words in bytes",
            "`getAndAddLong` ns",
            "ratio",
            "`putLongRelease` ns",
            "ratio");
    for (int i = 0; i < distances.length; i++) {
      int release = distances.length + i;
      table.row(
          distances[i],
          Table.number(times.of(i).median()),
          "**" + Table.number(times.ratios(i, 0).median()) + "**",
          Table.number(times.of(release).median()),
          "**" + Table.number(times.ratios(release, distances.length).median()) + "**");
    }
    return table.toString();
  }

  /**
   * Nanoseconds for a change, while another thread changes its word: chunks in which one of the two
   * had no processor do not count.
   */
  private static double additions(Heap heap, long one, long other, boolean atomic)
      throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    FutureTask<Long> theirs =
        new FutureTask<>(
            () -> {
              long chunks = 0;
              for (; !done.get(); chunks++) {
                change(heap, other, atomic);
              }
              return chunks;
            });
    new Thread(theirs).start();
    double[] nanos = new double[CHUNKS];
    int together = 0;
    long end = System.nanoTime() + MOST_NANOS;
    while (together < CHUNKS && System.nanoTime() < end) {
      long before = heap.getLongOpaque(other);
      long start = System.nanoTime();
      change(heap, one, atomic);
      long took = System.nanoTime() - start;
      long changes = heap.getLongOpaque(other) - before;
      if (changes > ADDITIONS / 4 && changes < ADDITIONS * 4) {
        nanos[together++] = took / (double) ADDITIONS;
      }
    }
    done.set(true);
    sink = theirs.get();
    if (together == 0) {
      throw new IllegalStateException("the two threads never ran at once: is there one processor?");
    }
    return Samples.of(Arrays.copyOf(nanos, together)).median();
  }

  private static void change(Heap heap, long word, boolean atomic) {
    if (atomic) {
      for (int i = 0; i < ADDITIONS; i++) {
        heap.getAndAddLong(word, 1);
      }
    } else {
      for (int i = 0; i < ADDITIONS; i++) {
        heap.putLongRelease(word, heap.getLong(word) + 1);
      }
    }
  }

  private static String accesses(Heap heap, long first, int rounds) throws Exception {
    Rounds.Measurement[] measured = {
      () -> reads(heap, first), () -> reads(heap, first + 1), () -> reads(heap, first + 60)
    };
    Rounds.alternate(WARMUP, measured);
    Rounds times = Rounds.alternate(rounds, measured);
    Table table =
        new Table(
            "One thread reads and writes 64 bits in each cache line of "
                + (AREA >> 10)
                + " KiB. Nanoseconds for one, and the time over that of aligned ones.",
            "offset in the line",
            "ns",
            "ratio",
            "quartiles");
    String[] names = {"0: aligned", "1: not aligned, in one line", "60: across two lines"};
    for (int i = 0; i < names.length; i++) {
      table.row(
          names[i],
          Table.number(times.of(i).median()),
          "**" + Table.number(times.ratios(i, 0).median()) + "**",
          times.ratios(i, 0).spread("%.2f"));
    }
    return table.toString();
  }

  private static double reads(Heap heap, long first) {
    long sum = 0;
    long start = System.nanoTime();
    for (int pass = 0; pass < PASSES; pass++) {
      for (long at = 0; at < AREA; at += Layouts.CACHE_LINE) {
        long value = heap.getLong(first + at);
        sum += value;
        heap.putLong(first + at, value + pass);
      }
    }
    double nanos = System.nanoTime() - start;
    sink = sum;
    return nanos / PASSES / (AREA / Layouts.CACHE_LINE);
  }

  private static String writes(Heap heap, long first, int rounds) throws Exception {
    int[] batches = {1, 8, 64, 512};
    Rounds.Measurement[] measured = new Rounds.Measurement[batches.length];
    for (int i = 0; i < batches.length; i++) {
      int size = batches[i];
      measured[i] = () -> batched(heap, first, size);
    }
    Rounds.alternate(WARMUP, measured);
    Rounds alone = Rounds.alternate(rounds, measured);
    AtomicBoolean done = new AtomicBoolean();
    FutureTask<Long> reader = new FutureTask<>(() -> readAlways(heap, first, done));
    new Thread(reader).start();
    Rounds beside;
    try {
      beside = Rounds.alternate(rounds, measured);
    } finally {
      done.set(true);
    }
    sink = reader.get();
    Table table =
        new Table(
            "One thread writes "
                + AREA / Long.BYTES
                + " values of 64 bits by a `WriteBatch`, alone, and while another thread reads what"
                + " was published all the time. Nanoseconds for a value, and the time over that of"
                + " batches of 512.",
            "values in a batch",
            "alone ns",
            "ratio",
            "beside a reader ns",
            "ratio");
    int last = batches.length - 1;
    for (int i = 0; i < batches.length; i++) {
      table.row(
          batches[i],
          Table.number(alone.of(i).median()),
          "**" + Table.number(alone.ratios(i, last).median()) + "**",
          Table.number(beside.of(i).median()),
          "**" + Table.number(beside.ratios(i, last).median()) + "**");
    }
    return table.toString();
  }

  /** Follows the word that says how much there is, and reads what has come. */
  private static long readAlways(Heap heap, long word, AtomicBoolean done) {
    long sum = 0;
    long seen = 0;
    while (!done.get()) {
      long published = heap.getLongAcquire(word);
      for (long at = Math.min(seen, published); at < published; at += Long.BYTES) {
        sum += heap.getLong(word + Layouts.SEPARATION + at);
      }
      seen = published;
    }
    return sum;
  }

  private static double batched(Heap heap, long word, int size) {
    long start = System.nanoTime();
    for (int pass = 0; pass < PASSES; pass++) {
      WriteBatch batch = WriteBatch.at(heap, word + Layouts.SEPARATION, AREA, word);
      for (long i = 0; i < AREA / Long.BYTES; i += size) {
        for (int j = 0; j < size; j++) {
          batch.putLong(i + j + pass);
        }
        batch.publish();
      }
    }
    return (System.nanoTime() - start) / (double) PASSES / (AREA / Long.BYTES);
  }
}
