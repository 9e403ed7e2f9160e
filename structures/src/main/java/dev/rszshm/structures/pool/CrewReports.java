package dev.rszshm.structures.pool;

import dev.rszshm.structures.internal.pool.PoolRecording;
import dev.rszshm.structures.internal.pool.PoolTables;
import dev.rszshm.structures.worker.WorkerExit;
import dev.rszshm.structures.worker.errors.WorkerStartException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of the workers of a pool: the listener, in a thread of its own; Flight Recorder; and the
 * table of the pool, which counts deaths. Any thread may call it.
 */
final class CrewReports {
  private static final System.Logger LOGGER = System.getLogger(WorkerPool.class.getName());
  private static final long END_SECONDS = 10;
  private static final long IDLE_SECONDS = 1;

  private final PoolTables tables;
  private final String pool;
  private final String heap;
  private final Optional<WorkerListener> listener;
  private final ThreadPoolExecutor executor;
  private volatile @Nullable Thread thread;

  CrewReports(PoolTables tables, String pool, Optional<WorkerListener> listener) {
    this.tables = tables;
    this.pool = pool;
    this.heap = tables.allocator().heap().path().toString();
    this.listener = listener;
    this.executor =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::newThread);
    this.executor.allowCoreThreadTimeOut(true);
  }

  private Thread newThread(Runnable body) {
    Thread made = new Thread(body, "listener-of-" + pool);
    made.setDaemon(true);
    thread = made;
    return made;
  }

  void started(String worker, long pid, Duration time) {
    PoolRecording.started(heap, pool, worker, pid, time);
    tell(to -> to.started(new WorkerStart(pool, worker, pid, time)));
  }

  void died(String worker, long pid, Optional<WorkerExit> exit) {
    tables.countDeath();
    PoolRecording.died(heap, pool, worker, pid, exit.map(WorkerExit::describe).orElse(""));
    tell(to -> to.died(new WorkerDeath(pool, worker, pid, exit)));
  }

  void failedToStart(String worker, Optional<WorkerExit> exit, WorkerStartException reason) {
    tell(to -> to.failedToStart(new WorkerStartFailure(pool, worker, exit, reason)));
  }

  void gaveUp(String why) {
    LOGGER.log(
        System.Logger.Level.WARNING,
        "the pool \"" + pool + "\" of " + heap + " starts no more workers: " + why);
    tell(to -> to.gaveUp(pool, why));
  }

  private void tell(Consumer<WorkerListener> report) {
    if (listener.isPresent()) {
      try {
        executor.execute(() -> call(listener.get(), report));
      } catch (RejectedExecutionException e) {
        LOGGER.log(System.Logger.Level.DEBUG, "a report of a pool that is closed", e);
      } catch (OutOfMemoryError e) {
        return; // it is dropped: reporting never makes fail what it reports
      }
    }
  }

  /** What the listener throws is its handler's. */
  private static void call(WorkerListener listener, Consumer<WorkerListener> report) {
    try {
      report.accept(listener);
    } catch (Throwable thrown) {
      Thread current = Thread.currentThread();
      current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
    }
  }

  /** Lets the listener have what is left, and waits a while for that, unless it calls this. */
  void close() {
    executor.shutdown();
    if (Thread.currentThread() == thread) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      boolean unused = executor.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
