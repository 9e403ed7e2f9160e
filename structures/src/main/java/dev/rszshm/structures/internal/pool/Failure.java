package dev.rszshm.structures.internal.pool;

/** Why a task has no result. The number of each is stored in the heap. */
public enum Failure {
  /** It has thrown something. */
  THROWN(1),
  /** The worker that ran it has died, and it is not run again. */
  WORKER_DIED(2),
  /** The client did not want it any more. */
  CANCELLED(3),
  /** Its time is over. */
  TIMED_OUT(4),
  /** The pool was shut down before it could be taken. */
  REJECTED(5),
  /** The pool was stopped before it was begun. */
  STOPPED(6),
  /** The slot of the caller was not empty. */
  SLOT_TAKEN(7);

  final int number;

  Failure(int number) {
    this.number = number;
  }

  /** Returns the failure of a number; one that is none counts as a death. */
  static Failure of(int number) {
    for (Failure failure : values()) {
      if (failure.number == number) {
        return failure;
      }
    }
    return WORKER_DIED;
  }
}
