package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.view.IntCounter;
import dev.rszshm.heap.view.LongCounter;
import dev.rszshm.heap.view.StripedCounter;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counters that several JVMs count with. */
class CounterIT {
  private static final int JVMS = 4;
  private static final int THREADS = 2;
  private static final int STRIPES = 4;

  /** Offsets from the beginning of the content. */
  private static final int INT = 128;

  private static final int STRIPED = 256;
  private static final int ACKNOWLEDGED = 4096;

  @TempDir(factory = InMemory.class)
  Path directory;

  private Heap create() {
    return Heap.builder().length(8192).span(1L << 30).create(directory.resolve("heap"));
  }

  private static List<WorkerProcess> start(Class<? extends WorkerJob> job, Object... arguments) {
    List<WorkerProcess> workers = new ArrayList<>();
    for (int i = 0; i < JVMS; i++) {
      workers.add(WorkerJvm.of(job).start(arguments[0], i, arguments[1]));
    }
    return workers;
  }

  @Test
  void countersOfManyJvmsAreExact() {
    int times = Storm.count(100_000, 5_000_000);
    try (Heap heap = create()) {
      StripedCounter striped = StripedCounter.at(heap, heap.dataOffset() + STRIPED, STRIPES);
      List<WorkerProcess> workers = start(Incrementer.class, heap.path(), times);
      try {
        workers.forEach(w -> w.expect("ready"));
        workers.forEach(w -> w.say("go"));
        workers.forEach(WorkerProcess::awaitSuccess);
      } finally {
        workers.forEach(WorkerProcess::close);
      }
      long total = (long) JVMS * THREADS * times;
      assertEquals(total, LongCounter.at(heap, heap.dataOffset()).get());
      assertEquals((int) -total, IntCounter.at(heap, heap.dataOffset() + INT).get());
      assertEquals(3 * total, striped.sum());
    }
  }

  /** Counts with all kinds of counters, in several threads. */
  public static final class Incrementer implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      int times = Integer.parseInt(worker.argument(2));
      try (Heap heap = Heap.attach(Path.of(worker.argument(0)))) {
        worker.say("ready");
        worker.hear();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          threads.add(new Thread(() -> count(heap, times)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
          thread.join();
        }
      }
    }

    private static void count(Heap heap, int times) {
      long data = heap.dataOffset();
      LongCounter counter = LongCounter.at(heap, data);
      IntCounter down = IntCounter.at(heap, data + INT);
      StripedCounter striped = StripedCounter.at(heap, data + STRIPED);
      for (int i = 0; i < times; i++) {
        counter.getAndIncrement();
        down.getAndAdd(-1);
        striped.add(3);
      }
    }
  }

  @Test
  void killedIncrementersLoseNothingThatTheyAcknowledged() {
    int rounds = Storm.count(3, 300);
    try (Heap heap = create()) {
      LongCounter counter = LongCounter.at(heap, heap.dataOffset());
      long before = 0;
      for (int round = 1; round <= rounds; round++) {
        List<WorkerProcess> workers = start(Acknowledger.class, heap.path(), before);
        try {
          workers.forEach(w -> w.expect("counting"));
          workers.forEach(WorkerProcess::kill);
        } finally {
          workers.forEach(WorkerProcess::close);
        }
        long acknowledged = 0;
        for (int i = 0; i < JVMS; i++) {
          acknowledged += heap.getLongVolatile(acknowledgement(heap, i));
        }
        long counted = counter.get();
        assertTrue(
            counted >= acknowledged && counted <= acknowledged + (long) JVMS * round,
            counted + " counted, " + acknowledged + " acknowledged");
        before = counted;
      }
    }
  }

  private static long acknowledgement(Heap heap, int index) {
    return heap.dataOffset() + ACKNOWLEDGED + 128L * index;
  }

  /** Counts until it is killed, and acknowledges each count in a word of its own. */
  public static final class Acknowledger implements WorkerJob {
    @Override
    public void run(WorkerContext worker) {
      try (Heap heap = Heap.attach(Path.of(worker.argument(0)))) {
        LongCounter counter = LongCounter.at(heap, heap.dataOffset());
        long own = acknowledgement(heap, Integer.parseInt(worker.argument(1)));
        long start = Long.parseLong(worker.argument(2));
        boolean said = false;
        while (true) {
          long value = counter.getAndIncrement();
          heap.putLongRelease(own, heap.getLong(own) + 1);
          if (!said && value > start + 10_000) {
            worker.say("counting");
            said = true;
          }
        }
      }
    }
  }
}
