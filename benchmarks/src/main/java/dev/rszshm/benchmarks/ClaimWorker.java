package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import java.nio.file.Path;
import java.time.Duration;

/*
 * One process that claims and stores.
 *
 * Layout
 * ------
 * ClaimLayout, in the heap.
 *
 * Protocol
 * --------
 * 1 attach, touch every page, say "attached";
 * 2 for each line heard, one lap: add 1 to `ready`; wait for the gate to show the lap's number, spinning
 *   for a while and then asleep; claim and store; write count and end; add 1 to `done` and wake;
 * 3 at the end of the lines, detach.
 *
 * If a process dies here
 * ----------------------
 * The parent meets the end of its output and gives up; the workers end with the parent.
 */
public final class ClaimWorker implements WorkerJob {
  private static final int PAGE = 4096;
  private static final int SPINS = 20_000;
  private static final Duration LONG = Duration.ofMinutes(5);

  /** For the JVM that is started for it. */
  public ClaimWorker() {}

  /**
   * Works for the parent.
   *
   * @param worker with the arguments path, number of the worker, total, claim, width of the counter
   */
  @Override
  public void run(WorkerContext worker) throws Exception {
    int number = Integer.parseInt(worker.argument(1));
    long total = Long.parseLong(worker.argument(2));
    int claim = Integer.parseInt(worker.argument(3));
    ClaimLoop loop = ClaimLoop.ofWidth(Integer.parseInt(worker.argument(4)));
    try (Heap heap = Heap.attach(Path.of(worker.argument(0)))) {
      ClaimLayout layout = new ClaimLayout(heap);
      for (long offset = layout.first; offset < layout.first + total; offset += PAGE) {
        heap.getAndBitwiseOrInt(offset, 0);
      }
      worker.say("attached");
      for (int lap = 1; worker.hear().isPresent(); lap++) {
        arrive(heap, layout.ready);
        awaitGate(heap, layout.gate, lap);
        long count = loop.fill(heap, layout, total, claim, letter(number));
        heap.putLong(layout.end(number), System.nanoTime());
        heap.putLong(layout.count(number), count);
        arrive(heap, layout.done);
      }
    }
  }

  static byte letter(int number) {
    return (byte) ('A' + number);
  }

  private static void arrive(Heap heap, long word) {
    heap.getAndAddInt(word, 1);
    heap.wake(word, Integer.MAX_VALUE);
  }

  private static void awaitGate(Heap heap, long gate, int lap) throws InterruptedException {
    for (int i = 0; i < SPINS; i++) {
      if (heap.getIntAcquire(gate) >= lap) {
        return;
      }
    }
    for (int seen = heap.getIntVolatile(gate); seen < lap; seen = heap.getIntVolatile(gate)) {
      heap.waitWhile(gate, seen, LONG);
    }
  }
}
