package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.sync.Mutex;
import dev.rszshm.testkit.process.StopAnywhere;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nobody waits for a process that stands still (SIGSTOP) at any of its steps, unless it holds a
 * lock, has claimed a message, or grows the heap.
 */
class StandingProcessIT {
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final ChannelSpec SPEC = ChannelSpec.of(1, ChannelSpec.Width.fixed(8));

  @TempDir(factory = InMemory.class)
  Path directory;

  private Heap heap;

  @BeforeEach
  void create() {
    heap =
        Heap.builder()
            .span(1L << 30)
            .participants(4)
            .length(1 << 22)
            .create(directory.resolve("heap"));
  }

  @AfterEach
  void close() {
    heap.close();
  }

  private StopAnywhere stopped(Class<? extends WorkerJob> job, int stride) {
    return StopAnywhere.of(WorkerJvm.of(job), heap.path()).every(Storm.count(stride, 1));
  }

  private static Heap attach(WorkerContext worker) {
    return Heap.builder().platform(worker.platform()).attach(Path.of(worker.argument(0)));
  }

  /** Arguments: path. Attaches and closes. */
  public static final class Visiting implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      worker.repeat(() -> attach(worker).close());
    }
  }

  @Test
  void othersComeAndGoWhileOneStandsThatAttachesOrCloses() throws Exception {
    int points =
        stopped(Visiting.class, 3)
            .after(() -> assertEquals(1, heap.participants().size()))
            .run(
                () -> {
                  try (Heap other = Heap.builder().anyAddress().attach(heap.path())) {
                    other.participants();
                    heap.reclaimDead();
                    other.ensure(heap.length() + 1);
                  }
                });
    assertTrue(points > 3, "only " + points + " stops");
  }

  /** Arguments: path. Allocates and frees. */
  public static final class Allocating implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap = attach(worker);
          Allocator allocator = Allocator.on(heap)) {
        worker.repeat(
            () -> {
              long small = allocator.allocate(64);
              long large = allocator.allocate(100_000);
              allocator.free(small);
              allocator.free(large);
            });
      }
    }
  }

  @Test
  void othersAllocateAndFreeWhileOneStandsThatDoes() throws Exception {
    try (Allocator allocator = Allocator.on(heap)) {
      int points =
          stopped(Allocating.class, 1)
              .run(
                  () -> {
                    allocator.recover();
                    long small = allocator.allocate(64);
                    long large = allocator.allocate(100_000);
                    allocator.free(large);
                    allocator.free(small);
                  });
      assertTrue(points > 3, "only " + points + " stops");
    }
  }

  /** Arguments: path. Asks for a lock that somebody else has, for a short time. */
  public static final class Asking implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap = attach(worker)) {
        Mutex mutex = Mutex.at(heap, heap.dataOffset());
        worker.repeat(
            () -> {
              if (mutex.tryLock(SHORT.toMillis(), TimeUnit.MILLISECONDS)) {
                mutex.unlock();
              }
            });
      }
    }
  }

  @Test
  void aLockIsPassedOnWhileOneStandsThatWaitsForIt() throws Exception {
    Mutex mutex = Mutex.at(heap, heap.dataOffset());
    ExecutorService holder = Executors.newSingleThreadExecutor();
    try {
      int points =
          stopped(Asking.class, 1)
              .before(() -> on(holder, mutex::lock))
              .after(
                  () -> {
                    assertTrue(mutex.tryLock(1, TimeUnit.MINUTES));
                    mutex.unlock();
                  })
              .run(
                  () -> {
                    on(holder, mutex::unlock);
                    mutex.lock();
                    mutex.unlock();
                  });
      assertTrue(points > 0, "no stop");
    } finally {
      holder.shutdown();
    }
  }

  private static void on(ExecutorService thread, Runnable action) throws Exception {
    Callable<Object> call = Executors.callable(action);
    thread.submit(call).get();
  }

  /** Arguments: path. Waits for a message of an empty channel. */
  public static final class Receiving implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap = attach(worker)) {
        Channel channel = Channel.at(heap, heap.dataOffset());
        worker.repeat(() -> assertEquals(Optional.empty(), channel.receive(SHORT)));
      }
    }
  }

  /** Arguments: path. Waits for room in a full channel. */
  public static final class Sending implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      try (Heap heap = attach(worker)) {
        Channel channel = Channel.at(heap, heap.dataOffset());
        worker.repeat(() -> channel.send(new byte[8], SHORT));
      }
    }
  }

  @Test
  void messagesPassWhileOneStandsThatWaitsForOne() throws Exception {
    Channel channel = Channel.at(heap, heap.dataOffset(), SPEC);
    byte[] message = {1, 2, 3, 4, 5, 6, 7, 8};
    int points =
        stopped(Receiving.class, 1)
            .run(
                () -> {
                  channel.send(message);
                  assertArrayEquals(message, channel.receive());
                });
    assertTrue(points > 0, "no stop");
  }

  @Test
  void messagesPassWhileOneStandsThatWaitsForRoom() throws Exception {
    Channel channel = Channel.at(heap, heap.dataOffset(), SPEC);
    byte[] message = {1, 2, 3, 4, 5, 6, 7, 8};
    int points =
        stopped(Sending.class, 1)
            .before(() -> channel.trySend(message))
            .run(
                () -> {
                  assertTrue(channel.receive().length == 8);
                  channel.send(message);
                });
    assertTrue(points > 0, "no stop");
  }
}
