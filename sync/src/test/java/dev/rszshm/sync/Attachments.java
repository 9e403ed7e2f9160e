package dev.rszshm.sync;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.faults.FaultySystemCalls;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Two attachments of this JVM to one heap, which are two participants: closing one is to the other
 * what the death of a process is. And threads that are known to be asleep.
 */
final class Attachments implements AutoCloseable {
  /** Nothing here takes so long; this only turns a test that would hang into one that fails. */
  private static final long PATIENCE_SECONDS = 180;

  /** By so much a slow clock goes on each time somebody looks at it. */
  private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

  private static final String WATCHER = "rszshm-waits";

  final Heap heap;
  final Heap other;
  final long offset;
  private final FaultySystemCalls calls = new FaultySystemCalls();
  private final AtomicInteger wakes = new AtomicInteger();

  @SuppressWarnings("ThreadLocalUsage") // each test has its own
  private final ThreadLocal<CountDownLatch> sleeping = new ThreadLocal<>();

  Attachments() {
    calls.before("waitOnWord", FaultySystemCalls.EVERY, this::noteSleep);
    calls.before("wakeWord", FaultySystemCalls.EVERY, this::noteWake);
    heap =
        Heap.builder()
            .span(1 << 20)
            .length(1 << 16)
            .participants(8)
            .platform(calls.platform())
            .createAnonymous();
    other = attach();
    offset = heap.dataOffset();
  }

  /** One more attachment. */
  Heap attach() {
    return Heap.builder().anyAddress().platform(calls.platform()).attach(heap.path());
  }

  /** Lets time pass slowly: however long a thread does not run, nobody takes it for stopped. */
  void slowDownTime() {
    AtomicLong clock = new AtomicLong(System.nanoTime());
    calls.instead(
        "nanoTime", FaultySystemCalls.EVERY, (call, arguments) -> clock.addAndGet(STEP_NANOS));
  }

  private void noteSleep() {
    CountDownLatch latch = sleeping.get();
    if (latch != null) {
      latch.countDown();
    }
  }

  /** How often anybody has slept. */
  int sleeps() {
    return calls.calls("waitOnWord").size();
  }

  /** How often any thread has woken others, but for the one that looks after all that wait. */
  int wakes() {
    return wakes.get();
  }

  private void noteWake() {
    if (!Thread.currentThread().getName().equals(WATCHER)) {
      wakes.incrementAndGet();
    }
  }

  /** How often anybody has asked whether another lives. */
  int asks() {
    return calls.calls("isByteLocked").size();
  }

  /** Runs a body in a thread, and returns when that is asleep for the first time, or about to. */
  <T> Background<T> asleep(Callable<T> body) throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(1);
    Background<T> background =
        Background.start(
            () -> {
              sleeping.set(latch);
              try {
                return body.call();
              } finally {
                latch.countDown();
              }
            });
    latch.await();
    return background;
  }

  @Override
  public void close() {
    other.close();
    heap.close();
    heap.unlink();
  }

  /** A thread with a result. */
  record Background<T>(FutureTask<T> task, Thread thread) {
    static <T> Background<T> start(Callable<T> body) {
      FutureTask<T> task = new FutureTask<>(body);
      Thread thread = new Thread(task);
      thread.setDaemon(true);
      thread.start();
      return new Background<>(task, thread);
    }

    /** Runs a body in a thread of its own. */
    static <T> T inAnotherThread(Callable<T> body) throws Exception {
      return start(body).get();
    }

    /** Waits for the result; throws what the body has thrown. */
    T get() throws Exception {
      try {
        return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw (Exception) e.getCause();
      }
    }

    boolean isDone() {
      return task.isDone();
    }
  }
}
