package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Worker JVMs with a heap of their own. */
final class JavaClaims implements ClaimGroup {
  private static final Duration SLICE = Duration.ofMillis(100);
  private static final List<String> FLAGS =
      List.of("-XX:+UseSerialGC", "-Xmx64m", "-Djnr.ffi.asm.enabled=false");

  private final ClaimSetting setting;
  private final Heap heap;
  private final ClaimLayout layout;
  private final List<WorkerProcess> workers = new ArrayList<>();
  private int laps;

  JavaClaims(ClaimSetting setting) {
    this.setting = setting;
    this.heap = Heap.builder().length(ClaimLayout.contentLength(setting.bytes())).create();
    this.layout = new ClaimLayout(heap);
    WorkerJvm jvm = WorkerJvm.of(ClaimWorker.class).withOnly(FLAGS);
    for (int i = 0; i < setting.processes(); i++) {
      workers.add(jvm.start(heap.path(), i, setting.bytes(), setting.claim(), setting.width()));
    }
    workers.forEach(worker -> worker.expect("attached"));
  }

  @Override
  public double lap() throws InterruptedException {
    int lap = ++laps;
    int arrivals = lap * setting.processes();
    workers.forEach(worker -> worker.say("lap"));
    heap.fill(layout.first, setting.bytes(), (byte) 0);
    heap.putLong(layout.counter, 0);
    await(layout.ready, arrivals);
    long start = System.nanoTime();
    heap.putIntVolatile(layout.gate, lap);
    heap.wake(layout.gate, Integer.MAX_VALUE);
    await(layout.done, arrivals);
    long nanos = 0;
    for (int i = 0; i < setting.processes(); i++) {
      nanos = Math.max(nanos, heap.getLong(layout.end(i)) - start);
    }
    verify();
    return nanos;
  }

  private void await(long word, int arrivals) throws InterruptedException {
    for (int seen = heap.getIntVolatile(word); seen < arrivals; seen = heap.getIntVolatile(word)) {
      for (WorkerProcess worker : workers) {
        if (!worker.isRunning()) {
          throw new IllegalStateException("a worker has failed: " + worker.errors());
        }
      }
      heap.waitWhile(word, seen, SLICE);
    }
  }

  private void verify() {
    long[] found = new long[256];
    for (long index = 0; index < setting.bytes(); index++) {
      found[heap.getUnsignedByte(layout.first + index)]++;
    }
    for (int i = 0; i < setting.processes(); i++) {
      long stored = heap.getLong(layout.count(i));
      if (found[ClaimWorker.letter(i)] != stored) {
        throw new IllegalStateException(
            "found "
                + found[ClaimWorker.letter(i)]
                + " bytes of worker "
                + i
                + ", expected the "
                + stored
                + " it stored");
      }
    }
    if (found[0] != 0) {
      throw new IllegalStateException(found[0] + " bytes are zero, expected none");
    }
  }

  @Override
  public void close() {
    try (heap) {
      workers.forEach(WorkerProcess::close);
    } finally {
      heap.remove();
    }
  }
}
