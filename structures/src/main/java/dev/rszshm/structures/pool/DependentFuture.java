package dev.rszshm.structures.pool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A future that depends on that of a task: who waits for it waits for the pool. */
final class DependentFuture<R> extends CompletableFuture<R> {
  private final ClientTasks tasks;

  DependentFuture(ClientTasks tasks) {
    this.tasks = tasks;
  }

  private void beforeWait() {
    if (!isDone()) {
      tasks.beforeWait();
    }
  }

  @Override
  public R get() throws InterruptedException, ExecutionException {
    beforeWait();
    return super.get();
  }

  @Override
  public R get(long time, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    beforeWait();
    return super.get(time, unit);
  }

  @Override
  public R join() {
    beforeWait();
    return super.join();
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new DependentFuture<>(tasks);
  }
}
