package dev.rszshm.cli.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;

/**
 * Measures a work, which one thread does: laps of ours and of the peer in turn, a ratio for each
 * pair, and of these the median, which a busy machine disturbs least.
 */
public final class Bench {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int FIRST_OPERATIONS = 1000;
  private static final int MOST_OPERATIONS = 1 << 28;

  private static final int ROUNDS = 51;
  private static final int QUICK_ROUNDS = 11;
  private static final Duration LAP = Duration.ofMillis(25);
  private static final Duration QUICK_LAP = Duration.ofMillis(5);

  private final int rounds;
  private final long lapNanos;

  /** What the loops have computed, so that the compiler leaves nothing out. */
  @SuppressWarnings("UnusedVariable")
  private volatile long sum;

  /**
   * Makes one.
   *
   * @param quick whether it may be coarse
   */
  public Bench(boolean quick) {
    this(quick ? QUICK_ROUNDS : ROUNDS, quick ? QUICK_LAP : LAP);
  }

  private Bench(int rounds, Duration lap) {
    this.rounds = rounds;
    this.lapNanos = lap.toNanos();
  }

  /** Returns one whose figures mean nothing. */
  public static Bench shortest() {
    return new Bench(3, Duration.ofNanos(1));
  }

  /**
   * What was measured.
   *
   * @param nanos of one of our operations
   * @param peerNanos of one of the peer's
   * @param ratio ours over the peer's, the median of all rounds
   * @param lower the lower quartile of the ratios
   * @param upper the upper quartile
   */
  public record Figure(double nanos, double peerNanos, double ratio, double lower, double upper) {
    private static final double STEADY = 1.5;
    private static final double LIKE = 2;

    /** Returns what to think of it, in one word. */
    public String verdict(double reference) {
      if (upper > lower * STEADY) {
        return "unsteady";
      }
      return ratio > reference * LIKE
          ? "slower"
          : ratio < reference / LIKE ? "faster" : "as expected";
    }
  }

  /** Measures a work. */
  public Figure measure(Work work) throws Exception {
    try (BenchHeap heap = new BenchHeap()) {
      Work.Pair pair = work.setting().make(heap);
      int ours = operations(pair.ours());
      int peers = operations(pair.peer());
      for (int i = 0; i < rounds / 2; i++) {
        nanos(pair.ours(), ours);
        nanos(pair.peer(), peers);
      }
      ours = operations(pair.ours());
      peers = operations(pair.peer());
      double[] our = new double[rounds];
      double[] peer = new double[rounds];
      double[] ratios = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        our[i] = nanos(pair.ours(), ours);
        peer[i] = nanos(pair.peer(), peers);
        ratios[i] = our[i] / peer[i];
      }
      Arrays.sort(our);
      Arrays.sort(peer);
      Arrays.sort(ratios);
      return new Figure(
          our[rounds / 2],
          peer[rounds / 2],
          ratios[rounds / 2],
          ratios[rounds / 4],
          ratios[rounds - 1 - rounds / 4]);
    }
  }

  /** How many operations a lap takes. */
  private int operations(Loop loop) throws Exception {
    int operations = FIRST_OPERATIONS;
    while (operations < MOST_OPERATIONS) {
      double nanos = nanos(loop, operations) * operations;
      if (nanos >= lapNanos) {
        break;
      }
      operations *= nanos * 4 < lapNanos ? 4 : 2;
    }
    return operations;
  }

  /**
   * Nanoseconds of an operation, of the processor: what other programs do meanwhile is not in it.
   */
  private double nanos(Loop loop, int operations) throws Exception {
    long start = THREADS.getCurrentThreadCpuTime();
    sum = loop.run(operations);
    return Math.max(1, THREADS.getCurrentThreadCpuTime() - start) / (double) operations;
  }
}
