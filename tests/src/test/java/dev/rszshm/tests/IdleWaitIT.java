package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.sync.Mutex;
import dev.rszshm.testkit.process.Jdk;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads that wait idly, platform and virtual ones, for what another JVM has or does. */
class IdleWaitIT {
  private static final int VIRTUAL_THREADS = 10_000;
  private static final int LOCKING = VIRTUAL_THREADS / 2;
  private static final int RECEIVING = VIRTUAL_THREADS - LOCKING;
  private static final long SHORT_NANOS = 50_000_000;

  /** Only ends a test that would hang. */
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir(factory = InMemory.class)
  Path directory;

  private Heap heap;

  @BeforeEach
  void create() {
    heap = Heap.builder().length(1 << 20).span(1L << 30).create(directory.resolve("heap"));
  }

  @AfterEach
  void close() {
    heap.close();
  }

  private static Mutex mutex(Heap heap) {
    return Mutex.at(heap, heap.dataOffset());
  }

  private static Channel channel(Heap heap) {
    return Channel.named(
        new Below(heap), "numbers", ChannelSpec.of(64, ChannelSpec.Width.fixed(Integer.BYTES)));
  }

  /** Where everything is at the same place. */
  private record Below(Heap heap) implements Directory {
    @Override
    public long place(String name, long type, int version, long length, long alignment) {
      return heap.dataOffset() + 4096;
    }
  }

  /** Arguments: path. Takes the mutex, and keeps it. */
  public static final class Holding implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap = Heap.attach(Path.of(worker.argument(0)))) {
        mutex(heap).lock();
        worker.say("held");
        worker.hear();
      }
    }
  }

  /** Arguments: path. Virtual threads, half of which lock, and half of which receive. */
  public static final class Waiting implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
      try (Heap heap = Heap.attach(Path.of(worker.argument(0)))) {
        Mutex mutex = mutex(heap);
        AtomicInteger repairs = new AtomicInteger();
        mutex.onOwnerDied(repairs::incrementAndGet);
        Channel channel = channel(heap);
        AtomicLong sum = new AtomicLong();
        CountDownLatch begun = new CountDownLatch(VIRTUAL_THREADS);
        CountDownLatch done = new CountDownLatch(VIRTUAL_THREADS);
        for (int i = 0; i < VIRTUAL_THREADS; i++) {
          boolean locks = i % 2 == 0;
          start.invoke(
              null,
              (Runnable)
                  () -> {
                    begun.countDown();
                    if (locks) {
                      mutex.lock();
                      mutex.unlock();
                    } else {
                      sum.addAndGet(receive(channel));
                    }
                    done.countDown();
                  });
        }
        begun.await();
        FutureTask<Void> another = new FutureTask<>(() -> null);
        start.invoke(null, another);
        another.get(); // all wait, and there is a carrier for one more
        worker.say(done.getCount() + " wait");
        done.await();
        worker.say("sum " + sum + ", repairs " + repairs);
      }
    }

    private static int receive(Channel channel) {
      try {
        return ByteBuffer.wrap(channel.receive()).getInt();
      } catch (Exception e) {
        throw new IllegalStateException("nothing was received", e);
      }
    }
  }

  /** Starts a process that has the mutex when this returns. */
  private WorkerProcess holding() {
    WorkerProcess holder = WorkerJvm.of(Holding.class).start(heap.path());
    try {
      holder.expect("held");
      return holder;
    } catch (RuntimeException | Error e) {
      holder.close();
      throw e;
    }
  }

  @Test
  void tenThousandVirtualThreadsWaitForLocksAndChannelsWithTwoCarriers() throws Exception {
    Jdk jdk = Jdk.installed().stream().max(Comparator.comparingInt(Jdk::feature)).orElseThrow();
    Assumptions.assumeTrue(jdk.feature() >= 21, "there are no virtual threads");
    WorkerJvm waiters =
        WorkerJvm.of(Waiting.class)
            .on(jdk)
            .with(
                "-Xmx512m", // for the stacks of all who wait
                "-Djdk.virtualThreadScheduler.parallelism=2",
                "-Djdk.virtualThreadScheduler.maxPoolSize=2")
            .limit(LONG);
    try (WorkerProcess holder = holding();
        WorkerProcess waiting = waiters.start(heap.path())) {
      waiting.expect(VIRTUAL_THREADS + " wait");
      holder.kill();
      Channel channel = channel(heap);
      long sum = 0;
      for (int i = 0; i < RECEIVING; i++) {
        channel.send(ByteBuffer.allocate(Integer.BYTES).putInt(i).array());
        sum += i;
      }
      waiting.expect("sum " + sum + ", repairs 1");
      waiting.awaitSuccess();
    }
  }

  /** It sleeps for so long that its slice does not end in this test. */
  @Test
  void deathOfTheHolderIsNoticedByAThreadThatSleepsForLong() throws Exception {
    CountDownLatch longSleep = new CountDownLatch(1);
    Queue<SystemCalls.Wait> ends = new ConcurrentLinkedQueue<>();
    Platform platform = new Platform(Memory.host(), noting(longSleep, ends));
    try (WorkerProcess holder = holding();
        Heap own = Heap.builder().anyAddress().platform(platform).attach(heap.path())) {
      Mutex mutex = mutex(own);
      AtomicInteger repairs = new AtomicInteger();
      mutex.onOwnerDied(repairs::incrementAndGet);
      FutureTask<Void> waiter =
          new FutureTask<>(
              () -> {
                mutex.lock();
                mutex.unlock();
                return null;
              });
      Thread thread = new Thread(waiter);
      thread.setDaemon(true);
      thread.start();
      assertTrue(longSleep.await(3, TimeUnit.MINUTES), "nobody sleeps for long");
      holder.kill();
      waiter.get(3, TimeUnit.MINUTES);
      assertEquals(1, repairs.get());
      assertFalse(ends.contains(SystemCalls.Wait.TIMED_OUT), "a long slice has ended");
    }
  }

  private static SystemCalls noting(CountDownLatch longSleep, Queue<SystemCalls.Wait> ends) {
    SystemCalls host = SystemCalls.host();
    return (SystemCalls)
        Proxy.newProxyInstance(
            SystemCalls.class.getClassLoader(),
            new Class<?>[] {SystemCalls.class},
            (proxy, method, arguments) -> {
              boolean isLong =
                  method.getName().equals("waitOnWord") && (long) arguments[2] > SHORT_NANOS;
              if (isLong) {
                longSleep.countDown();
              }
              try {
                Object result = method.invoke(host, arguments);
                if (isLong) {
                  ends.add((SystemCalls.Wait) result);
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
