package dev.rszshm.structures.pool.errors;

import dev.rszshm.heap.errors.HeapException;

/**
 * The worker that ran a task has died, and the task is not run again: because its policy says so,
 * or because too many workers have died of it.
 */
public final class WorkerDiedException extends HeapException {
  private static final long serialVersionUID = 1;

  private final int deaths;

  /**
   * Makes an exception with a message for the user.
   *
   * @param deaths how many workers have died that ran the task
   */
  public WorkerDiedException(String message, int deaths) {
    super(message);
    this.deaths = deaths;
  }

  /** Returns how many workers have died that ran the task, alone or beside others. */
  public int deaths() {
    return deaths;
  }
}
