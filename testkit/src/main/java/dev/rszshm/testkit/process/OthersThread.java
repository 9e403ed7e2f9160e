package dev.rszshm.testkit.process;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/** The thread of those who are not stopped; left alone if it does not come back. */
final class OthersThread implements AutoCloseable {
  private final BlockingQueue<FutureTask<Void>> tasks = new LinkedBlockingQueue<>();
  private final Thread thread = new Thread(this::work, "not-stopped");

  OthersThread() {
    thread.setDaemon(true);
    thread.start();
  }

  private void work() {
    try {
      while (true) {
        tasks.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  FutureTask<Void> start(StopAnywhere.Action action) {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              action.run();
              return null;
            });
    tasks.add(task);
    return task;
  }

  StackTraceElement[] stack() {
    return thread.getStackTrace();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
