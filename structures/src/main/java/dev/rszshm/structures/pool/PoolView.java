package dev.rszshm.structures.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.structures.internal.pool.PoolInspection;
import dev.rszshm.structures.internal.pool.PoolTables;
import dev.rszshm.structures.internal.pool.TaskQueue;
import java.util.List;

/**
 * Looks at a pool and asks for nothing: for tools, and for a heap that is attached for reading
 * only. All methods may be called by any thread at any time.
 */
public final class PoolView {
  private final TaskQueue queue;
  private final PoolInspection inspection;

  private PoolView(PoolTables tables) {
    this.queue = new TaskQueue(tables);
    this.inspection = new PoolInspection(tables);
  }

  /**
   * Finds the pool at an offset.
   *
   * @throws dev.rszshm.structures.pool.errors.NotAPoolException if there is none
   */
  public static PoolView at(Allocator allocator, long offset) {
    return new PoolView(PoolTables.at(allocator, offset));
  }

  /** Returns how many tasks the queue can hold. */
  public int queueLength() {
    return queue.tables().slots;
  }

  /** Returns how many tasks are there, in whatever state. */
  public int tasks() {
    return queueLength() - inspection.free();
  }

  /** Returns how many tasks wait for a worker. */
  public int waitingTasks() {
    return queue.waiting();
  }

  /** Returns the number of threads of workers that live. */
  public int workerThreads() {
    return queue.workers();
  }

  /**
   * Returns how many workers have died since the pool was made: were killed, or ended otherwise
   * than by its shutdown. Counted by the process that has the workers; those that end with it are
   * not.
   */
  public long workerDeaths() {
    return queue.tables().workerDeaths();
  }

  /** Returns whether the pool was shut down. */
  public boolean isShutdown() {
    return queue.isShutDown();
  }

  /** Returns a line for each task: its name, and what becomes of it. */
  public List<String> describeTasks() {
    return inspection.tasks();
  }

  /** Returns whether somebody has died and left something to end. */
  public boolean isLeft() {
    return inspection.isLeft();
  }

  /** Returns whether the heap is attached for reading only. */
  public boolean isReadOnly() {
    return queue.tables().allocator().heap().isReadOnly();
  }

  /** Ends what the dead have left; anybody who uses the pool does so, too. */
  public void recover() {
    queue.recover();
  }

  /** Returns what is wrong; nothing in a sound pool. */
  public List<String> check() {
    return inspection.damage();
  }
}
