package dev.rszshm.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.rszshm.heap.Backing;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.FairMutex;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.RobustLock;
import dev.rszshm.sync.RobustSemaphore;
import dev.rszshm.sync.SharedSemaphore;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** How much of a processor threads take that wait for what does not come. */
final class IdleBenchmark implements Benchmark {
  private static final int PLATFORM_THREADS = 1_000;
  private static final int VIRTUAL_THREADS = 10_000;
  private static final double MOST_PERCENT = 1;
  private static final int LENGTH = 64;
  private static final int WARM_UP_SECONDS = 15;
  private static final int CALM_SECONDS = 5;

  @Override
  public String name() {
    return "idle";
  }

  /** Threads that wait, and what ends that. */
  private record Waits(IntFunction<Runnable> waiter, Runnable end) {}

  /** Makes what threads wait for, for so many of them. */
  private interface Setting {
    Waits in(Heap heap, int threads);
  }

  @Override
  public String run(Options options) throws Exception {
    int seconds = options.count("--rounds", 10);
    Map<String, Setting> settings = new LinkedHashMap<>();
    settings.put("one mutex", (heap, threads) -> locking(Mutex.at(heap, heap.dataOffset())));
    settings.put("one fair mutex", IdleBenchmark::fairly);
    settings.put("one semaphore", IdleBenchmark::acquiring);
    settings.put("one robust semaphore", IdleBenchmark::acquiringRobustly);
    settings.put("one channel", IdleBenchmark::receiving);
    settings.put("an event count of each", IdleBenchmark::awaiting);
    settings.keySet().removeIf(what -> !what.contains(options.only()));
    Table table =
        new Table(
            "Processor time of one process whose threads wait, in percent of a core, over "
                + seconds
                + " seconds, after 5 seconds. Before the first, threads wait in the same way for 15"
                + " seconds, in which the JVM compiles.",
            "threads",
            "wait for",
            "percent",
            "wanted",
            "");
    if (settings.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing that threads wait for contains " + options.only());
    }
    percent(false, WARM_UP_SECONDS, 0, settings.values().iterator().next());
    for (Map.Entry<String, Setting> setting : settings.entrySet()) {
      row(table, seconds, false, setting.getKey(), setting.getValue());
    }
    if (hasVirtualThreads()) {
      settings.remove("one fair mutex"); // it has too few places
      for (Map.Entry<String, Setting> setting : settings.entrySet()) {
        row(table, seconds, true, setting.getKey(), setting.getValue());
      }
    }
    return table.toString();
  }

  private static void row(Table table, int seconds, boolean virtual, String what, Setting setting)
      throws Exception {
    double percent = percent(virtual, CALM_SECONDS, seconds, setting);
    table.row(
        String.format(Locale.ROOT, "%,d %s", threads(virtual), virtual ? "virtual" : "platform"),
        what,
        Table.number(percent),
        "< " + Table.number(MOST_PERCENT),
        Table.verdict(percent < MOST_PERCENT));
  }

  private static int threads(boolean virtual) {
    return virtual ? VIRTUAL_THREADS : PLATFORM_THREADS;
  }

  /** Lets threads wait for some seconds, and then measures for some. */
  private static double percent(boolean virtual, int before, int seconds, Setting setting)
      throws Exception {
    int threads = threads(virtual);
    try (Heap heap = Heap.builder().span(1 << 24).backing(Backing.SPARSE).createAnonymous()) {
      heap.ensure(heap.dataOffset() + (long) LENGTH * (threads + 1));
      Waits waits = setting.in(heap, threads);
      List<Thread> started = start(virtual, threads, waits.waiter());
      TimeUnit.SECONDS.sleep(before);
      double percent = measure(seconds);
      if (started.stream().anyMatch(thread -> !thread.isAlive())) {
        throw new IllegalStateException(
            "a thread has come back from a wait that nothing has ended");
      }
      waits.end().run();
      for (Thread thread : started) {
        thread.join(Duration.ofMinutes(1).toMillis());
      }
      return percent;
    }
  }

  private static Waits locking(RobustLock lock) {
    lock.lock();
    Runnable waiter =
        () -> {
          lock.lock();
          lock.unlock();
        };
    return new Waits(i -> waiter, lock::unlock);
  }

  private static Waits fairly(Heap heap, int threads) {
    return locking(FairMutex.at(heap, heap.dataOffset(), threads));
  }

  private static Waits acquiring(Heap heap, int threads) {
    SharedSemaphore semaphore = SharedSemaphore.at(heap, heap.dataOffset(), 0);
    return new Waits(i -> semaphore::acquireUninterruptibly, () -> semaphore.release(threads));
  }

  private static Waits acquiringRobustly(Heap heap, int threads) {
    RobustSemaphore semaphore = RobustSemaphore.at(heap, heap.dataOffset(), 1);
    semaphore.acquireUninterruptibly();
    Runnable waiter =
        () -> {
          semaphore.acquireUninterruptibly();
          semaphore.release();
        };
    return new Waits(i -> waiter, semaphore::release);
  }

  private static Waits receiving(Heap heap, int threads) {
    ChannelSpec spec = ChannelSpec.of(64, ChannelSpec.Width.fixed(Integer.BYTES));
    Channel channel = Channel.at(heap, heap.dataOffset(), spec);
    return new Waits(
        i -> channel::receiveUninterruptibly,
        () -> {
          for (int i = 0; i < threads; i++) {
            channel.sendUninterruptibly(new byte[Integer.BYTES]);
          }
        });
  }

  private static Waits awaiting(Heap heap, int threads) {
    long first = heap.dataOffset();
    IntFunction<Runnable> waiter =
        number -> {
          long offset = first + (long) LENGTH * number;
          EventCount events = EventCount.at(heap, offset);
          return () ->
              events.awaitUninterruptibly(
                  () -> heap.getIntVolatile(offset + EventCount.LENGTH) != 0);
        };
    return new Waits(
        waiter,
        () -> {
          for (long offset = first; offset < first + (long) LENGTH * threads; offset += LENGTH) {
            heap.putIntVolatile(offset + EventCount.LENGTH, 1);
            EventCount.at(heap, offset).signalAll();
          }
        });
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
