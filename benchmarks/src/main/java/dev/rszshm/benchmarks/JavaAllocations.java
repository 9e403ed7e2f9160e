package dev.rszshm.benchmarks;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.GrowthPolicy;
import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import java.util.ArrayList;
import java.util.List;

/** Worker JVMs with a heap of their own, and an allocator on it. */
final class JavaAllocations implements AllocationGroup {
  private static final long SPAN = 1L << 30;

  /** So that what is measured is the memory that blocks take, not that kept ahead of need. */
  static final GrowthPolicy GROWTH = GrowthPolicy.step(1 << 20);

  private static final List<String> FLAGS =
      List.of("-XX:+UseSerialGC", "-Xmx64m", "-Djnr.ffi.asm.enabled=false");

  private final int members;
  private final Heap heap;
  private final Allocator allocator;
  private final AllocationArea area;
  private final List<WorkerProcess> workers = new ArrayList<>();

  JavaAllocations(String target, AllocationSetting setting) {
    this.members = setting.members();
    this.heap = Heap.builder().span(SPAN).growth(GROWTH).create();
    this.allocator = Allocator.on(heap);
    long start = allocator.place(AllocationArea.ROOT, 1, 1, AllocationArea.LENGTH);
    this.area = new AllocationArea(heap, start);
    WorkerJvm jvm = WorkerJvm.of(AllocationWorker.class).withOnly(FLAGS);
    int here = setting.processes() ? 1 : members;
    for (int first = 0; first < members; first += here) {
      workers.add(
          jvm.start(
              heap.path(), target, setting.work(), first, here, members, setting.operations()));
    }
    workers.forEach(worker -> worker.expect("attached"));
  }

  @Override
  public double lap() throws InterruptedException {
    return area.board.lap(members, workers).nanosPerOperation();
  }

  /** The memory of the file, what the members share not counted. */
  @Override
  public Memory memory() throws Exception {
    long live = 0;
    for (int i = 0; i < members; i++) {
      live += area.board.finding(i, 0);
    }
    long mapped = Project.allocatedBytes(heap.path()) - AllocationArea.LENGTH;
    return new Memory(mapped, live, allocator.statistics().metadata());
  }

  @Override
  public void close() {
    workers.forEach(WorkerProcess::close);
    allocator.close();
    heap.remove();
    heap.close();
  }
}
