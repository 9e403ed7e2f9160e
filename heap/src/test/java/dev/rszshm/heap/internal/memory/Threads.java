package dev.rszshm.heap.internal.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/** Runs something in several threads at once. */
final class Threads {
  /** Nothing here takes a second; this only turns a test that would hang into one that fails. */
  private static final long PATIENCE_SECONDS = 180;

  private Threads() {}

  /**
   * Runs task(0) to task(count - 1) together and returns their results, or throws what one threw.
   */
  static <T> List<T> together(int count, IntFunction<Callable<T>> task) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(count);
    try {
      CountDownLatch start = new CountDownLatch(count);
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Callable<T> body = task.apply(i);
        futures.add(
            executor.submit(
                () -> {
                  start.countDown();
                  start.await();
                  return body.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    } finally {
      executor.shutdownNow();
    }
  }

  /** Waits for another thread, spinning first; ends with an error when this one is interrupted. */
  @SuppressWarnings("ThreadPriorityCheck") // yields only to leave the processor to the other thread
  static void await(BooleanSupplier condition) {
    for (int i = 0; !condition.getAsBoolean(); i++) {
      if (i < 100) {
        Thread.onSpinWait();
      } else if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("interrupted before the other thread had done its part");
      } else {
        Thread.yield();
      }
    }
  }
}
