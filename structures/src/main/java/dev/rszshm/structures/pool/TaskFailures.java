package dev.rszshm.structures.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.internal.pool.DeathNotes;
import dev.rszshm.structures.internal.pool.Failure;
import dev.rszshm.structures.internal.pool.TaskOutcome;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.structures.pool.errors.TaskException;
import dev.rszshm.structures.pool.errors.WorkerDiedException;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** What a client is told of a task that has failed. Any thread may use it. */
final class TaskFailures {
  private static final Codec<List<String>> TEXTS = Codecs.lists(Codecs.strings());
  private static final int FAILURE_PARTS = 3;

  private final TaskQueue queue;
  private final Heap heap;
  private final DeathNotes notes;
  private final String pool;

  /**
   * Those of a pool.
   *
   * @param pool says which it is
   */
  TaskFailures(TaskQueue queue, DeathNotes notes, String pool) {
    this.queue = queue;
    this.heap = queue.tables().allocator().heap();
    this.notes = notes;
    this.pool = pool;
  }

  /** Whether it is known how the worker has died. */
  boolean isExplained(TaskOutcome outcome) {
    return notes.of(outcome.lastDead()).isPresent() || !queue.isOwned();
  }

  /**
   * The exception of a task that has failed.
   *
   * @param trouble why there are no workers, if that is known
   */
  Throwable exception(TaskOutcome outcome, @Nullable String trouble) {
    return switch (outcome.failure().orElse(Failure.WORKER_DIED)) {
      case THROWN -> thrown(outcome);
      case WORKER_DIED -> workerDied(outcome);
      case CANCELLED -> new CancellationException("the task was cancelled");
      case TIMED_OUT -> new java.util.concurrent.TimeoutException("the time of the task is over");
      case REJECTED, STOPPED -> stopped(trouble);
      case SLOT_TAKEN ->
          new IllegalStateException(
              "the slot at offset "
                  + outcome.offset()
                  + " was empty when the task was asked for, and was not when the task was done:"
                  + " found a block of another task's or of the caller's there, and left it; the"
                  + " result of this task is freed. Use a slot for each task that is under way");
    };
  }

  private CancellationException stopped(@Nullable String why) {
    return new CancellationException(
        pool + " was stopped before the task was begun" + (why == null ? "" : ". " + why));
  }

  private Throwable thrown(TaskOutcome outcome) {
    byte[] bytes = heap.getBytes(outcome.offset(), (int) outcome.length());
    List<String> parts = TEXTS.decode(bytes);
    return parts.size() == FAILURE_PARTS
        ? new TaskException(parts.get(0), parts.get(1), parts.get(2))
        : new TaskException("an exception", "", "");
  }

  /** The bytes by which a failure travels. */
  static byte[] failure(String type, String text, String stack) {
    return TEXTS.encode(List.of(type, text, stack));
  }

  private WorkerDiedException workerDied(TaskOutcome outcome) {
    int number = outcome.deaths();
    String how =
        notes
            .of(outcome.lastDead())
            .orElse(
                "how is not known: the process that has started it "
                    + (queue.isOwned()
                        ? "has not told within "
                            + ClientTasks.DETAILS.toSeconds()
                            + " s. Is it stopped?"
                        : "is not there"));
    String what =
        number <= 1
            ? "the worker that ran the task has died, and the task is not run again"
            : number + " workers have died of the task, and it is given up";
    return new WorkerDiedException(what + ". The last one: " + how, number);
  }
}
