package dev.rszshm.testkit.process;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Workers that are started ahead of their use, so that a test that kills one after the other does
 * not wait for each JVM to start. The job waits for its first line.
 */
public final class WorkerSupply implements AutoCloseable {
  private static final int AHEAD = 2;

  private final WorkerJvm jvm;
  private final Object[] arguments;
  private final Deque<WorkerProcess> started = new ArrayDeque<>();

  /** Starts the first workers. */
  public WorkerSupply(WorkerJvm jvm, Object... arguments) {
    this.jvm = jvm;
    this.arguments = arguments.clone();
    fill();
  }

  private void fill() {
    while (started.size() < AHEAD) {
      started.add(jvm.start(arguments));
    }
  }

  /** The next worker, which the caller closes. */
  public WorkerProcess next() {
    fill();
    WorkerProcess first = started.remove();
    fill();
    return first;
  }

  /** Ends the workers that nobody took. */
  @Override
  public void close() {
    started.forEach(WorkerProcess::close);
  }
}
