package dev.rszshm.structures.internal.worker;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The thread that starts all workers. It lives as long as this JVM: the kernel tells a child of the
 * death of its parent when the thread ends that has started it.
 */
public final class Starter {
  private static final ExecutorService EXECUTOR =
      Executors.newSingleThreadExecutor(Starter::thread);

  private Starter() {}

  private static Thread thread(Runnable body) {
    Thread thread = new Thread(null, body, "rszshm-worker-starter", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    return thread;
  }

  /** Starts something there, and waits for it, on an interrupted thread as well. */
  public static <T> T call(Callable<T> start) throws IOException {
    Future<T> result = EXECUTOR.submit(start);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException failure(@Nullable Throwable cause) {
    if (cause instanceof IOException e) {
      return e;
    }
    if (cause instanceof RuntimeException e) {
      throw e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
    return new IOException(cause);
  }
}
