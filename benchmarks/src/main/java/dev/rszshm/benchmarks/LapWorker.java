package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import java.nio.file.Path;

/** A JVM that is one member: it attaches, says so, and runs laps until its parent ends it. */
public final class LapWorker implements WorkerJob {
  /** For the JVM that is started for it. */
  public LapWorker() {}

  /**
   * Works for the parent.
   *
   * @param worker with the arguments path of the heap, directory, offset of the board, target,
   *     work, number of the member, operations of it in a lap
   */
  @Override
  public void run(WorkerContext worker) throws Exception {
    Heap heap = Heap.attach(Path.of(worker.argument(0)));
    Path directory = Path.of(worker.argument(1));
    long start = Long.parseLong(worker.argument(2));
    int number = Integer.parseInt(worker.argument(5));
    int operations = Integer.parseInt(worker.argument(6));
    LapMember member = new LapMember(heap, directory, start + LapBoard.LENGTH, number, operations);
    LapWork work = LapWorks.make(worker.argument(4), worker.argument(3), member);
    LapBoard board = new LapBoard(heap, start);
    worker.say("attached");
    for (int lap = 0; ; lap++) {
      board.run(number, lap, work);
    }
  }
}
