package dev.rszshm.testkit.process;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Where checks run, so that one that hangs is noticed, and shown with its stack. */
final class CheckThread implements AutoCloseable {
  private final KillStorm.Check check;
  private final ExecutorService executor = Executors.newSingleThreadExecutor(this::thread);

  /** Made with the first check. */
  private @Nullable Thread thread;

  CheckThread(KillStorm.Check check) {
    this.check = check;
  }

  private Thread thread(Runnable body) {
    Thread made = new Thread(body, "storm-check");
    made.setDaemon(true);
    thread = made;
    return made;
  }

  /** Checks, and throws what the check throws. */
  void check(StormScene scene, Duration limit) throws Exception {
    Future<?> done =
        executor.submit(
            () -> {
              check.check(scene);
              return null;
            });
    try {
      done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception exception) {
        throw exception;
      }
      Throwable cause = Objects.requireNonNull(e.getCause(), "what the check has thrown");
      throw new WorkerError(String.valueOf(cause.getMessage()), cause);
    } catch (TimeoutException e) {
      Throwable stack = new Throwable("where the check was");
      if (thread != null) {
        stack.setStackTrace(thread.getStackTrace());
      }
      throw new WorkerError("the check has not ended before the deadline", stack);
    }
  }

  /** Interrupts the check that runs, and forgets it. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
