package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import java.util.ArrayList;
import java.util.List;

/** Worker JVMs with a heap of their own. */
final class JavaClaims implements LapGroup {
  private static final List<String> FLAGS =
      List.of("-XX:+UseSerialGC", "-Xmx64m", "-Djnr.ffi.asm.enabled=false");

  private final ClaimSetting setting;
  private final Heap heap;
  private final ClaimLayout layout;
  private final List<WorkerProcess> workers = new ArrayList<>();

  JavaClaims(ClaimSetting setting) {
    this.setting = setting;
    this.heap = Heap.builder().length(ClaimLayout.contentLength(setting.bytes())).create();
    this.layout = new ClaimLayout(heap);
    WorkerJvm jvm = WorkerJvm.of(ClaimWorker.class).withOnly(FLAGS);
    for (int i = 0; i < setting.processes(); i++) {
      workers.add(
          jvm.start(
              heap.path(),
              i,
              setting.processes(),
              setting.bytes(),
              setting.claim(),
              setting.width()));
    }
    workers.forEach(worker -> worker.expect("attached"));
  }

  @Override
  public Lap lap() throws InterruptedException {
    heap.fill(layout.first, setting.bytes(), (byte) 0);
    heap.putLong(layout.counter, 0);
    Lap lap = layout.board.lap(setting.processes(), workers);
    verify();
    return lap;
  }

  @Override
  public long finding(int index) {
    return layout.board.finding(0, index);
  }

  private void verify() {
    long[] found = new long[256];
    for (long index = 0; index < setting.bytes(); index++) {
      found[heap.getUnsignedByte(layout.first + index)]++;
    }
    for (int i = 0; i < setting.processes(); i++) {
      long stored = layout.board.finding(i, 0);
      if (found[ClaimWork.letter(i)] != stored) {
        throw new IllegalStateException(
            "found "
                + found[ClaimWork.letter(i)]
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
