package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.GrowthPolicy;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapInfo;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import dev.rszshm.testkit.process.WorkerSupply;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Growth by many threads of many JVMs at once, with everything that was written checked. */
class GrowthIT {
  private static final int JVMS = 4;
  private static final int THREADS = 3;

  /** Offsets from the beginning of the content. */
  private static final int CURSOR = 0;

  private static final int RECORDS = 128;
  private static final int RECORD_LENGTH = 64;
  private static final int ACKNOWLEDGED = 64;
  private static final int DOOMED_RECORDS = 4096 + 64;

  @TempDir(factory = InMemory.class)
  Path directory;

  @Test
  void everyRecordIsThereExactlyOnceWhenManyAppendAndGrow() {
    int each = Storm.count(4_000, 200_000);
    Path path = directory.resolve("heap");
    List<WorkerProcess> appenders = new ArrayList<>();
    try (Heap heap = Heap.builder().span(1L << 32).create(path)) {
      for (int i = 0; i < JVMS; i++) {
        appenders.add(WorkerJvm.of(Appender.class).start(path, i * THREADS, each));
      }
      appenders.forEach(a -> a.expect("ready"));
      appenders.forEach(a -> a.say("go"));
      appenders.forEach(a -> a.expect("appended"));
      appenders.forEach(WorkerProcess::awaitSuccess);
      requireEveryRecordOnce(heap, each);
      HeapInfo info = HeapInfo.of(path);
      assertEquals(info.length(), heap.length());
      assertEquals(List.of(heap.self().orElseThrow().slot()), slots(info));
    } finally {
      appenders.forEach(WorkerProcess::close);
    }
  }

  private static List<Integer> slots(HeapInfo info) {
    return info.participants().stream().map(p -> p.slot()).toList();
  }

  private static void requireEveryRecordOnce(Heap heap, int each) {
    long data = heap.dataOffset();
    long total = (long) JVMS * THREADS * each;
    assertEquals(total, heap.getLongVolatile(data + CURSOR));
    int[][] seen = new int[JVMS * THREADS][each];
    for (long i = 0; i < total; i++) {
      long record = data + RECORDS + i * RECORD_LENGTH;
      int writer = heap.getInt(record);
      int sequence = heap.getInt(record + 4);
      for (int word = 8; word < RECORD_LENGTH; word += 8) {
        assertEquals(record ^ writer, heap.getLong(record + word), "record " + i);
      }
      seen[writer - 1][sequence]++;
    }
    for (int[] writer : seen) {
      for (int count : writer) {
        assertEquals(1, count);
      }
    }
  }

  @Test
  void nothingAcknowledgedIsLostWhenAppendersAreKilledAtRandom() {
    int kills = Storm.count(10, 2_000);
    Path path = directory.resolve("heap");
    try (Heap heap = Heap.builder().length(4096).span(1L << 36).create(path);
        WorkerSupply supply = new WorkerSupply(WorkerJvm.of(DoomedAppender.class))) {
      Random random = new Random(kills);
      Deque<WorkerProcess> running = new ArrayDeque<>();
      for (int writer = 1; writer <= kills; writer++) {
        WorkerProcess appender = supply.next(path, writer);
        running.add(appender);
        if (running.size() == 3) {
          killSomewhere(running.remove(), random);
        }
      }
      running.forEach(appender -> killSomewhere(appender, random));
      requireAcknowledged(heap, kills);
    }
  }

  private static void killSomewhere(WorkerProcess appender, Random random) {
    for (int reports = random.nextInt(3); reports >= 0; reports--) {
      appender.expect("more");
    }
    appender.close();
  }

  /** A killed writer may have written one record more than it acknowledged, and claimed another. */
  private static void requireAcknowledged(Heap heap, int writers) {
    long data = heap.dataOffset();
    long claimed = heap.getLongVolatile(data + CURSOR);
    int[] complete = new int[writers + 1];
    int missing = 0;
    for (long i = 0; i < claimed; i++) {
      long record = data + DOOMED_RECORDS + i * RECORD_LENGTH;
      int writer = record < heap.length() ? heap.getIntAcquire(record) : 0;
      if (writer == 0) {
        missing++;
      } else {
        assertEquals(complete[writer]++, heap.getInt(record + 4), "record " + i);
      }
    }
    assertTrue(missing <= writers, missing + " of " + claimed + " records are not there");
    for (int writer = 1; writer <= writers; writer++) {
      int acknowledged = heap.getInt(data + ACKNOWLEDGED + 4L * (writer % 1000));
      if (writer > writers - 1000) {
        assertTrue(
            complete[writer] == acknowledged || complete[writer] == acknowledged + 1,
            complete[writer] + " written, " + acknowledged + " acknowledged by " + writer);
      }
    }
  }

  /** Appends records as the writer of its arguments, until it is killed. */
  public static final class DoomedAppender implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      int writer = Integer.parseInt(worker.argument(1));
      try (Heap heap =
          Heap.builder().growth(GrowthPolicy.step(4096)).attach(Path.of(worker.argument(0)))) {
        long data = heap.dataOffset();
        long acknowledged = data + ACKNOWLEDGED + 4L * (writer % 1000);
        heap.putIntRelease(acknowledged, 0);
        for (int sequence = 0; ; sequence++) {
          long index = heap.getAndAddLong(data + CURSOR, 1);
          long record = data + DOOMED_RECORDS + index * RECORD_LENGTH;
          heap.ensure(record + RECORD_LENGTH);
          heap.putInt(record + 4, sequence);
          heap.putIntRelease(record, writer);
          heap.putIntRelease(acknowledged, sequence + 1);
          if (sequence % 128 == 127) {
            worker.say("more");
          }
        }
      }
    }
  }

  /** Appends records with some threads, while another looks that the length only rises. */
  public static final class Appender implements WorkerJob {
    private volatile boolean done;
    private volatile String fault = "appended";

    @Override
    public void run(WorkerContext worker) throws Exception {
      Path path = Path.of(worker.argument(0));
      int first = Integer.parseInt(worker.argument(1));
      int each = Integer.parseInt(worker.argument(2));
      // Growers that want different lengths would lower one another's if a length could go down.
      GrowthPolicy policy = GrowthPolicy.step(4096L * (1 + first));
      try (Heap heap = Heap.builder().growth(policy).attach(path)) {
        worker.say("ready");
        worker.hear();
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i <= THREADS; i++) {
          int writer = first + i;
          threads.add(start(() -> append(heap, writer, each)));
        }
        Thread observer = start(() -> observe(heap, path));
        for (Thread thread : threads) {
          thread.join();
        }
        done = true;
        observer.join();
        worker.say(fault);
      }
    }

    private Thread start(Runnable body) {
      Thread thread = new Thread(body);
      thread.setUncaughtExceptionHandler((t, e) -> fault = e.toString());
      thread.start();
      return thread;
    }

    private static void append(Heap heap, int writer, int count) {
      long data = heap.dataOffset();
      for (int sequence = 0; sequence < count; sequence++) {
        long index = heap.getAndAddLong(data + CURSOR, 1);
        long record = data + RECORDS + index * RECORD_LENGTH;
        heap.ensure(record + RECORD_LENGTH);
        heap.putInt(record, writer);
        heap.putInt(record + 4, sequence);
        for (int word = 8; word < RECORD_LENGTH; word += 8) {
          heap.putLong(record + word, record ^ writer);
        }
      }
    }

    private void observe(Heap heap, Path path) {
      long last = 0;
      while (!done) {
        long length = heap.length();
        long file = path.toFile().length();
        if (length < last || file < length) {
          throw new IllegalStateException("length " + length + " after " + last + ", file " + file);
        }
        last = length;
      }
    }
  }
}
