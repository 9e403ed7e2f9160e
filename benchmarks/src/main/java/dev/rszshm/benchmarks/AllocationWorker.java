package dev.rszshm.benchmarks;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import java.nio.file.Path;
import java.time.Duration;

/*
 * A process with one member or several.
 *
 * Layout
 * ------
 * AllocationArea, in a root of the allocator.
 *
 * Protocol
 * --------
 * 1 attach, say "attached";
 * 2 each member, for each lap: wait for the gate to be opened once, spinning for a while and then asleep;
 *   prepare; add 1 to `ready` and wake; wait for the gate to be opened again; take the time, work, take the
 *   time; write stamps, add 1 to `done` and wake;
 * 3 at the end of the lines from the parent, end.
 *
 * If a process dies here
 * ----------------------
 * The parent meets the end of its output and gives up; the workers end with the parent. So they do if a
 * member fails.
 */
public final class AllocationWorker implements WorkerJob {
  private static final int SPINS = 20_000;
  private static final Duration LONG = Duration.ofMinutes(5);

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
          new Thread(() -> beMember(member, AllocationWorks.make(work, member)), "member-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    worker.say("attached");
    worker.hear();
  }

  private static void beMember(AllocationMember member, AllocationWork work) {
    try {
      for (int lap = 0; ; lap++) {
        run(member, work, lap);
      }
    } catch (Throwable e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void run(AllocationMember member, AllocationWork work, int lap)
      throws InterruptedException {
    AllocationArea area = member.area;
    awaitGate(area, 2 * lap + 1);
    work.prepare(lap);
    arrive(area.heap, area.ready);
    awaitGate(area, 2 * lap + 2);
    long start = System.nanoTime();
    long operations = work.lap();
    long end = System.nanoTime();
    work.finish();
    long stamps = area.stamps(member.number);
    area.heap.putLong(stamps, start);
    area.heap.putLong(stamps + 8, end);
    area.heap.putLong(stamps + 16, operations);
    area.heap.putLong(stamps + 24, work.liveBytes());
    arrive(area.heap, area.done);
  }

  private static void arrive(Heap heap, long word) {
    heap.getAndAddInt(word, 1);
    heap.wake(word, Integer.MAX_VALUE);
  }

  private static void awaitGate(AllocationArea area, int opened) throws InterruptedException {
    Heap heap = area.heap;
    for (int i = 0; i < SPINS; i++) {
      if (heap.getIntAcquire(area.gate) >= opened) {
        return;
      }
    }
    for (int seen = heap.getIntVolatile(area.gate);
        seen < opened;
        seen = heap.getIntVolatile(area.gate)) {
      heap.waitWhile(area.gate, seen, LONG);
    }
  }
}
