package dev.rszshm.benchmarks;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import java.nio.file.Path;

/*
 * A process with one member or several.
 *
 * Layout
 * ------
 * AllocationArea, in a root of the allocator, begins with a LapBoard.
 *
 * Protocol
 * --------
 * 1 attach, say "attached";
 * 2 each member: run laps as LapBoard says;
 * 3 at the end of the lines from the parent, end.
 *
 * If a process dies here
 * ----------------------
 * The parent meets the end of its output and gives up; the workers end with the parent. So they do if a
 * member fails.
 */
public final class AllocationWorker implements WorkerJob {
  /** For the JVM that is started for it. */
  public AllocationWorker() {}

  /**
   * Works for the parent.
   *
   * @param worker with the arguments path, target, work, number of the first member, members in
   *     this process, members in all, operations of each in a lap
   */
  @Override
  public void run(WorkerContext worker) throws Exception {
    String work = worker.argument(2);
    int first = Integer.parseInt(worker.argument(3));
    int here = Integer.parseInt(worker.argument(4));
    int members = Integer.parseInt(worker.argument(5));
    int operations = Integer.parseInt(worker.argument(6));
    Heap heap = Heap.builder().growth(JavaAllocations.GROWTH).attach(Path.of(worker.argument(0)));
    Allocator allocator = Allocator.on(heap);
    long start = allocator.get(allocator.findRoot(AllocationArea.ROOT).orElseThrow().slot());
    AllocationArea area = new AllocationArea(heap, start);
    AllocationTarget target = AllocationTarget.of(worker.argument(1), allocator);
    for (int i = first; i < first + here; i++) {
      AllocationMember member = new AllocationMember(target, area, i, members, operations);
      Thread thread =
          new Thread(
              () -> beMember(member, AllocationWorks.make(work, member), members), "member-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    worker.say("attached");
    worker.hear();
  }

  private static void beMember(AllocationMember member, AllocationWork work, int members) {
    try {
      Placement placement = members > 1 ? Placement.APART : Placement.FREE;
      placement.placeCurrentThread(member.number);
      for (int lap = 0; ; lap++) {
        member.area.board.run(member.number, lap, work);
      }
    } catch (Throwable e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }
}
