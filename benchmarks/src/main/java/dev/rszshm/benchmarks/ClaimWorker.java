package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import java.nio.file.Path;

/** A JVM that claims and stores: it attaches, says so, and runs laps until its parent ends it. */
public final class ClaimWorker implements WorkerJob {
  /** For the JVM that is started for it. */
  public ClaimWorker() {}

  /**
   * Works for the parent.
   *
   * @param worker with the arguments path, number of the worker, members, total, claim, width of
   *     the counter
   */
  @Override
  public void run(WorkerContext worker) throws Exception {
    int number = Integer.parseInt(worker.argument(1));
    ClaimSetting setting =
        new ClaimSetting(
            Integer.parseInt(worker.argument(2)),
            Long.parseLong(worker.argument(3)),
            Integer.parseInt(worker.argument(4)),
            Integer.parseInt(worker.argument(5)));
    Heap heap = Heap.attach(Path.of(worker.argument(0)));
    ClaimLayout layout = new ClaimLayout(heap);
    ClaimWork work = new ClaimWork(heap, layout, setting, number);
    worker.say("attached");
    for (int lap = 0; ; lap++) {
      layout.board.run(number, lap, work);
    }
  }
}
