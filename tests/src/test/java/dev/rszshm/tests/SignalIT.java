package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.topic.Topic;
import dev.rszshm.structures.topic.TopicSpec;
import dev.rszshm.sync.FairMutex;
import dev.rszshm.sync.FastMutex;
import dev.rszshm.sync.Monitor;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.RobustLatch;
import dev.rszshm.sync.RobustLock;
import dev.rszshm.sync.RobustSemaphore;
import dev.rszshm.sync.SharedBarrier;
import dev.rszshm.sync.SharedCondition;
import dev.rszshm.sync.SharedEvent;
import dev.rszshm.sync.SharedLatch;
import dev.rszshm.sync.SharedReadWriteLock;
import dev.rszshm.sync.SharedSemaphore;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import jnr.ffi.LibraryLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sun.misc.Signal;

/** Signals of the system, and being stopped, end no wait and lose no wake-up. */
@Timeout(300)
class SignalIT {
  private static final String SIGNAL = "WINCH";
  private static final int SIGNAL_NUMBER = 28;
  private static final int ROUNDS = 20;
  private static final long SECONDS = 180;
  private static final byte[] MESSAGE = new byte[8];

  /** What is needed of the C library. Public because jnr-ffi implements it elsewhere. */
  public interface Threads {
    /** Sends a signal to one thread. */
    int tgkill(int process, int thread, int signal);
  }

  private final Heap heap = Heap.builder().span(1 << 26).length(8 << 20).createAnonymous();
  private final Threads threads = LibraryLoader.create(Threads.class).failImmediately().load("c");
  private final AtomicInteger handled = new AtomicInteger();
  private final List<Wait> waits = new ArrayList<>();
  private long next = heap.dataOffset();

  /** A thread that waits for something, and what it waits for. */
  private record Wait(String name, FutureTask<Boolean> thread, Callable<?> release) {}

  @AfterEach
  void close() {
    heap.close();
  }

  private long place() {
    next += 1 << 17;
    return next;
  }

  private void begin(String name, Callable<?> wait, Callable<?> release) {
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              wait.call();
              return true;
            });
    Thread thread = new Thread(task, "waits for " + name);
    thread.setDaemon(true);
    thread.start();
    waits.add(new Wait(name, task, release));
  }

  private static Callable<?> run(ThrowingRunnable body) {
    return () -> {
      body.run();
      return true;
    };
  }

  private interface ThrowingRunnable {
    void run() throws Exception;
  }

  /** The lock is taken here, and asked for by a thread. */
  private void lock(String name, RobustLock lock) {
    lock.lock();
    begin(name, run(lock::lockInterruptibly), run(lock::unlock));
  }

  private void beginAll() throws Exception {
    lock("mutex", Mutex.at(heap, place()));
    lock("fast mutex", FastMutex.at(heap, place()));
    lock("fair mutex", FairMutex.at(heap, place()));
    lock("monitor", Monitor.at(heap, place()));
    lock("write lock", SharedReadWriteLock.at(heap, place()).writeLock());
    SharedReadWriteLock written = SharedReadWriteLock.at(heap, place());
    written.writeLock().lock();
    begin("read lock", run(written.readLock()::lock), run(written.writeLock()::unlock));
    SharedSemaphore semaphore = SharedSemaphore.at(heap, place(), 0);
    begin("semaphore", run(semaphore::acquire), run(semaphore::release));
    RobustSemaphore robust = RobustSemaphore.at(heap, place(), 1);
    robust.acquire();
    begin("robust semaphore", run(robust::acquire), run(robust::release));
    SharedLatch latch = SharedLatch.at(heap, place(), 1);
    begin("latch", run(latch::await), run(latch::countDown));
    RobustLatch robustLatch = RobustLatch.at(heap, place(), 1);
    begin("robust latch", run(robustLatch::await), run(robustLatch::countDown));
    SharedEvent event = SharedEvent.at(heap, place());
    begin("event", run(event::await), run(event::set));
    SharedBarrier barrier = SharedBarrier.at(heap, place(), 2);
    begin("barrier", barrier::await, barrier::await);
    Mutex guard = Mutex.at(heap, place());
    SharedCondition condition = SharedCondition.at(guard, place());
    begin(
        "condition",
        run(
            () -> {
              guard.lock();
              condition.await();
              guard.unlock();
            }),
        run(
            () -> {
              guard.lock();
              condition.signalAll();
              guard.unlock();
            }));
    long word = place();
    begin(
        "word",
        () -> heap.waitWhile(word, 0, Duration.ofSeconds(SECONDS)),
        run(
            () -> {
              heap.putIntVolatile(word, 1);
              heap.wake(word, 1);
            }));
    Channel empty = Channel.at(heap, place(), ChannelSpec.of(2, Width.fixed(8)));
    begin("receive", empty::receive, run(() -> empty.send(MESSAGE)));
    Channel full = Channel.at(heap, place(), ChannelSpec.of(1, Width.fixed(8)));
    full.send(MESSAGE);
    begin("send", run(() -> full.send(MESSAGE)), full::receive);
    Channel direct = Channel.at(heap, place(), ChannelSpec.of(0, Width.fixed(8)));
    begin("rendezvous", run(() -> direct.send(MESSAGE)), direct::receive);
    Topic topic = Topic.at(heap, place(), TopicSpec.of(4, Width.fixed(8)));
    var subscription = topic.subscribe();
    begin("topic", subscription::receive, run(() -> topic.publish(MESSAGE)));
  }

  /** The threads of this process that are in a futex call of ours: with an address of the heap. */
  private List<Integer> sleepers() throws IOException {
    List<Integer> found = new ArrayList<>();
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        if (isAsleep(task)) {
          found.add(Integer.valueOf(task.getFileName().toString()));
        }
      }
    }
    return found;
  }

  private boolean isAsleep(Path task) {
    try {
      String[] words = Files.readString(task.resolve("syscall")).split(" ");
      if (words.length < 2 || !words[1].startsWith("0x")) {
        return false;
      }
      long address = Long.parseUnsignedLong(words[1].substring(2), 16);
      boolean named = Files.readString(task.resolve("comm")).startsWith("waits for");
      return named
          && (address >= heap.base() && address < heap.base() + heap.length()
              || words[0].equals("449"));
    } catch (IOException ended) {
      return false;
    }
  }

  private void awaitSleepers(int count) throws IOException {
    while (sleepers().size() < count) {
      Thread.onSpinWait();
      for (Wait wait : waits) {
        assertTrue(!wait.thread.isDone(), () -> wait.name + " has ended: " + outcome(wait));
      }
    }
  }

  private static String outcome(Wait wait) {
    try {
      return "" + wait.thread.get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | InterruptedException | TimeoutException e) {
      return e.toString();
    }
  }

  @Test
  void noWaitEndsByASignalOrByBeingStoppedAndNoneIsLost() throws Exception {
    Signal.handle(new Signal(SIGNAL), signal -> handled.incrementAndGet());
    beginAll();
    awaitSleepers(waits.size());
    int pid = (int) ProcessHandle.current().pid();
    for (int round = 0; round < ROUNDS; round++) {
      for (int thread : sleepers()) {
        assertEquals(0, threads.tgkill(pid, thread, SIGNAL_NUMBER));
      }
    }
    awaitSleepers(waits.size());
    Process stopping =
        new ProcessBuilder("sh", "-c", "kill -STOP " + pid + "; sleep 0.3; kill -CONT " + pid)
            .start();
    assertEquals(0, stopping.waitFor());
    awaitSleepers(waits.size());
    while (handled.get() == 0) {
      Thread.onSpinWait(); // the thread of the JVM that handles signals may come later
    }
    for (Wait wait : waits) {
      for (int thread : sleepers()) {
        threads.tgkill(pid, thread, SIGNAL_NUMBER);
      }
      wait.release.call();
      assertTrue(wait.thread.get(SECONDS, TimeUnit.SECONDS), wait.name);
    }
  }

  @Test
  void aTimedWaitLastsAsLongAsWasSaid() throws Exception {
    SharedEvent event = SharedEvent.at(heap, place());
    Signal.handle(new Signal(SIGNAL), signal -> handled.incrementAndGet());
    long start = System.nanoTime();
    begin("time", () -> event.await(Duration.ofMillis(300)), () -> true);
    int pid = (int) ProcessHandle.current().pid();
    FutureTask<Boolean> waiting = waits.get(0).thread;
    while (!waiting.isDone()) {
      for (int thread : sleepers()) {
        threads.tgkill(pid, thread, SIGNAL_NUMBER);
      }
    }
    assertTrue(waiting.get(SECONDS, TimeUnit.SECONDS));
    assertTrue(System.nanoTime() - start >= Duration.ofMillis(300).toNanos());
    assertTrue(waits.stream().map(Wait::name).collect(Collectors.toList()).contains("time"));
  }
}
