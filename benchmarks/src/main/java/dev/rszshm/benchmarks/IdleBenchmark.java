package dev.rszshm.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.rszshm.heap.Backing;
import dev.rszshm.heap.Heap;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.FairMutex;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.RobustLock;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

/** How much of a processor threads take that wait for what does not come. */
final class IdleBenchmark implements Benchmark {
  private static final int PLATFORM_THREADS = 1_000;
  private static final int VIRTUAL_THREADS = 10_000;
  private static final double MOST_PERCENT = 1;
  private static final int LENGTH = 64;

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public String run(Options options) throws Exception {
    int seconds = options.count("--rounds", 10);
    Table table =
        new Table(
            "Processor time of one process whose threads wait, in percent of a core, over "
                + seconds
                + " seconds, after 5 seconds.",
            "threads",
            "wait for",
            "percent",
            "wanted",
            "");
    List<Boolean> kinds = hasVirtualThreads() ? List.of(false, true) : List.of(false);
    for (boolean virtual : kinds) {
      int threads = virtual ? VIRTUAL_THREADS : PLATFORM_THREADS;
      row(table, seconds, virtual, threads, "one mutex", Mutex::at);
      if (!virtual) {
        row(table, seconds, virtual, threads, "one fair mutex", IdleBenchmark::fair);
      }
      row(table, seconds, virtual, threads, "an event count of each", null);
    }
    return table.toString();
  }

  private static void row(
      Table table,
      int seconds,
      boolean virtual,
      int threads,
      String what,
      BiFunction<Heap, Long, RobustLock> shared)
      throws Exception {
    try (Heap heap = Heap.builder().span(1 << 24).backing(Backing.SPARSE).createAnonymous()) {
      long first = heap.dataOffset();
      heap.ensure(first + (long) LENGTH * (threads + 1));
      RobustLock lock = shared == null ? Mutex.at(heap, first) : shared.apply(heap, first);
      lock.lock();
      IntFunction<Runnable> waiter =
          shared == null ? i -> awaiting(heap, first, i) : i -> locking(lock);
      List<Thread> started = start(virtual, threads, waiter);
      TimeUnit.SECONDS.sleep(5);
      double percent = measure(seconds);
      lock.unlock();
      for (int i = 1; i <= threads; i++) {
        heap.putIntVolatile(first + (long) LENGTH * i + EventCount.LENGTH, 1);
        EventCount.at(heap, first + (long) LENGTH * i).signalAll();
      }
      for (Thread thread : started) {
        thread.join(Duration.ofMinutes(1).toMillis());
      }
      table.row(
          String.format(Locale.ROOT, "%,d %s", threads, virtual ? "virtual" : "platform"),
          what,
          Table.number(percent),
          "< " + Table.number(MOST_PERCENT),
          Table.verdict(percent < MOST_PERCENT));
    }
  }

  private static RobustLock fair(Heap heap, long offset) {
    return FairMutex.at(heap, offset, PLATFORM_THREADS);
  }

  private static Runnable locking(RobustLock lock) {
    return () -> {
      lock.lock();
      lock.unlock();
    };
  }

  private static Runnable awaiting(Heap heap, long first, int number) {
    long offset = first + (long) LENGTH * (number + 1);
    EventCount events = EventCount.at(heap, offset);
    return () ->
        events.awaitUninterruptibly(() -> heap.getIntVolatile(offset + EventCount.LENGTH) != 0);
  }

  private static double measure(int seconds) throws InterruptedException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long start = System.nanoTime();
    long used = system.getProcessCpuTime();
    TimeUnit.SECONDS.sleep(seconds);
    return 100.0 * (system.getProcessCpuTime() - used) / (System.nanoTime() - start);
  }

  private static boolean hasVirtualThreads() {
    return Runtime.version().feature() >= 21;
  }

  private static List<Thread> start(boolean virtual, int threads, IntFunction<Runnable> waiter)
      throws Exception {
    CountDownLatch running = new CountDownLatch(threads);
    List<Thread> started = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Runnable wait = waiter.apply(i);
      Runnable body =
          () -> {
            running.countDown();
            wait.run();
          };
      if (virtual) {
        started.add(
            (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body));
      } else {
        Thread thread = new Thread(null, body, "waits", 256 << 10);
        thread.setDaemon(true);
        thread.start();
        started.add(thread);
      }
    }
    running.await();
    return started;
  }
}
