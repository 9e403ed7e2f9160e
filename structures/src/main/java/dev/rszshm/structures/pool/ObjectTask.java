package dev.rszshm.structures.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.pool.RunningTask;
import java.util.ArrayList;
import java.util.List;

/**
 * A task of a worker whose arguments and results are objects, with the codecs of them, which are
 * asked for once. Any thread may use it.
 */
final class ObjectTask<A, R> {
  private final Task<A, R> task;
  private final TaskCodec<A> arguments;
  private final TaskCodec<R> results;

  /**
   * One with its codecs.
   *
   * @throws IllegalArgumentException if one of them is null
   */
  ObjectTask(Task<A, R> task) {
    this.task = task;
    this.arguments = TaskCodec.ofArguments(task);
    this.results = TaskCodec.ofResults(task);
  }

  private static <T> T argument(TaskCodec<T> codec, RunningTask run, Heap heap) {
    return codec.decode(heap, run.argumentOffset(), run.argumentLength());
  }

  /** Runs the task for one argument, and returns the bytes of its result. */
  byte[] one(RunningTask run, RunContext context) throws Exception {
    A argument = argument(arguments, run, context.heap());
    return results.encode(task.run(argument, context));
  }

  /** Runs the task for each argument of a batch, and returns the bytes of all results. */
  byte[] many(RunningTask run, RunContext context) throws Exception {
    List<A> batch = argument(arguments.ofMany(), run, context.heap());
    List<R> all = new ArrayList<>(batch.size());
    for (A each : batch) {
      all.add(task.run(each, context));
    }
    return results.ofMany().encode(all);
  }
}
