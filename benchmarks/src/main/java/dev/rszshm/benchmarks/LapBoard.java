package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerProcess;
import java.time.Duration;
import java.util.List;

/*
 * The words by which a parent and its members, in worker JVMs, begin and end laps together.
 *
 * Layout
 * ------
 *   OFFSET  SIZE  DESCRIPTION
 *        0     4  gate: twice the number of laps, and 1 more while members prepare for one
 *      128     4  ready: how often members were ready
 *      256     4  done: how often members were done
 *      512   128  for each member: when it started, when it ended, operations, findings
 *
 * Protocol
 * --------
 * 1 the parent opens the gate; each member prepares, adds 1 to `ready` and wakes;
 * 2 when all are ready the parent opens the gate again; each member takes the time, works, takes the
 *   time, writes its stamps, adds 1 to `done` and wakes;
 * 3 when all are done the parent reads the stamps.
 * A member waits for the gate spinning for a while and then asleep.
 *
 * If a process dies here
 * ----------------------
 * The parent looks after its workers while it waits, and gives up; workers end with the parent.
 */
final class LapBoard {
  static final int MOST_MEMBERS = 16;

  private static final int LINES = 128;
  private static final int READY = LINES;
  private static final int DONE = 2 * LINES;
  private static final int STAMPS = 4 * LINES;
  private static final int ENDED = 8;
  private static final int OPERATIONS = 16;
  private static final int FINDINGS = 24;
  static final int LENGTH = STAMPS + MOST_MEMBERS * LINES;

  private static final int SPINS = 20_000;
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SLICE = Duration.ofMillis(100);

  private final Heap heap;
  private final long gate;
  private int laps;

  /** The board at an offset that is a multiple of 128, of zeros when the first one uses it. */
  LapBoard(Heap heap, long offset) {
    this.heap = heap;
    this.gate = offset;
  }

  /** In the parent: lets all members, who are in these processes, do their work once. */
  Lap lap(int members, List<WorkerProcess> workers) throws InterruptedException {
    int arrivals = ++laps * members;
    openGate();
    await(gate + READY, arrivals, workers);
    openGate();
    await(gate + DONE, arrivals, workers);
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    long operations = 0;
    for (int member = 0; member < members; member++) {
      long stamps = stamps(member);
      start = Math.min(start, heap.getLong(stamps));
      end = Math.max(end, heap.getLong(stamps + ENDED));
      operations += heap.getLong(stamps + OPERATIONS);
    }
    return new Lap(end - start, operations);
  }

  /** In the parent, between laps: what a member found in the last one. */
  long finding(int member, int index) {
    return heap.getLong(stamps(member) + FINDINGS + (long) index * Long.BYTES);
  }

  /** In a member: does its part of a lap, numbered from 0, when the parent asks for it. */
  void run(int member, int lap, LapWork work) throws Exception {
    awaitGate(2 * lap + 1);
    work.prepare(lap);
    arrive(gate + READY);
    awaitGate(2 * lap + 2);
    long start = System.nanoTime();
    long operations = work.lap();
    long end = System.nanoTime();
    work.finish();
    long stamps = stamps(member);
    heap.putLong(stamps, start);
    heap.putLong(stamps + ENDED, end);
    heap.putLong(stamps + OPERATIONS, operations);
    long[] findings = work.findings();
    for (int i = 0; i < findings.length; i++) {
      heap.putLong(stamps + FINDINGS + (long) i * Long.BYTES, findings[i]);
    }
    arrive(gate + DONE);
  }

  private long stamps(int member) {
    return gate + STAMPS + (long) member * LINES;
  }

  private void openGate() {
    heap.getAndAddInt(gate, 1);
    heap.wake(gate, Integer.MAX_VALUE);
  }

  private void await(long word, int arrivals, List<WorkerProcess> workers)
      throws InterruptedException {
    for (int seen = heap.getIntVolatile(word); seen < arrivals; seen = heap.getIntVolatile(word)) {
      for (WorkerProcess worker : workers) {
        if (!worker.isRunning()) {
          throw new IllegalStateException("a worker has failed: " + worker.errors());
        }
      }
      heap.waitWhile(word, seen, SLICE);
    }
  }

  private void arrive(long word) {
    heap.getAndAddInt(word, 1);
    heap.wake(word, Integer.MAX_VALUE);
  }

  private void awaitGate(int opened) throws InterruptedException {
    for (int i = 0; i < SPINS; i++) {
      if (heap.getIntAcquire(gate) >= opened) {
        return;
      }
    }
    for (int seen = heap.getIntVolatile(gate); seen < opened; seen = heap.getIntVolatile(gate)) {
      heap.waitWhile(gate, seen, LONG);
    }
  }
}
