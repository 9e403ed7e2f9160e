package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** How long attaching to a heap and closing it take in a JVM that has done so before. */
final class AttachBenchmark implements Benchmark {
  private static final int LENGTH = 1 << 20;
  private static final int BATCH = 50;
  private static final double WANTED_MICROS = 1000;

  private final List<Double> attaches = new ArrayList<>();
  private final List<Double> closes = new ArrayList<>();
  private final List<Double> maps = new ArrayList<>();

  @Override
  public String name() {
    return "attach";
  }

  @Override
  public String run(Options options) throws Exception {
    Table table =
        new Table(
            "Microseconds, all samples. Ratio: time over that of the JDK's own way to map the file"
                + " (`FileChannel.open`, `map`, `close`; the collector unmaps), median of rounds of "
                + BATCH
                + " each in turn.",
            "attached to",
            "step",
            "median",
            "p99",
            "ratio",
            "quartiles",
            "median < 1 ms");
    Heap heap = Heap.builder().length(LENGTH).create();
    try {
      heap.close();
      measure(table, options, heap.path(), "write", Heap.builder());
      measure(table, options, heap.path(), "read", Heap.builder().readOnly());
    } finally {
      heap.remove();
    }
    return table.toString();
  }

  private void measure(Table table, Options options, Path path, String what, HeapBuilder builder)
      throws Exception {
    int rounds = Math.max(1, options.count("--attaches", 2000) / BATCH);
    for (int i = 0; i < options.number("--warmup", 5000); i++) {
      attachAndClose(builder, path);
      map(path);
    }
    attaches.clear();
    closes.clear();
    maps.clear();
    double[] attach = new double[rounds];
    double[] close = new double[rounds];
    double[] both = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < BATCH; i++) {
        attachAndClose(builder, path);
        map(path);
      }
      double peer = recent(maps).median();
      attach[round] = recent(attaches).median() / peer;
      close[round] = recent(closes).median() / peer;
      both[round] = (recent(attaches).median() + recent(closes).median()) / peer;
    }
    row(table, what, "attach", all(attaches), Samples.of(attach));
    row(table, what, "close", all(closes), Samples.of(close));
    row(table, what, "both", all(sums()), Samples.of(both));
    Samples peer = all(maps);
    table.row(what, "JDK's map", micros(peer.median()), micros(peer.quantile(0.99)), "1", "", "");
  }

  private void attachAndClose(HeapBuilder builder, Path path) {
    long start = System.nanoTime();
    Heap heap = builder.attach(path);
    long attached = System.nanoTime();
    heap.close();
    long closed = System.nanoTime();
    attaches.add((double) (attached - start));
    closes.add((double) (closed - attached));
  }

  private void map(Path path) throws Exception {
    long start = System.nanoTime();
    ByteBuffer buffer;
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH);
    }
    maps.add((double) (System.nanoTime() - start));
    if (buffer.getLong(0) == 0) {
      throw new IllegalStateException("the first 8 bytes of the file are 0, expected its length");
    }
  }

  private List<Double> sums() {
    List<Double> sums = new ArrayList<>();
    for (int i = 0; i < attaches.size(); i++) {
      sums.add(attaches.get(i) + closes.get(i));
    }
    return sums;
  }

  private static void row(Table table, String what, String step, Samples all, Samples ratios) {
    double median = all.median();
    table.row(
        what,
        step,
        micros(median),
        micros(all.quantile(0.99)),
        "**" + Table.number(ratios.median()) + "**",
        ratios.spread("%.1f"),
        step.equals("both") ? Table.verdict(median / 1000 < WANTED_MICROS) : "");
  }

  private static String micros(double nanos) {
    return Table.number(nanos / 1000);
  }

  private static Samples recent(List<Double> values) {
    return all(values.subList(values.size() - BATCH, values.size()));
  }

  private static Samples all(List<Double> values) {
    return Samples.of(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
