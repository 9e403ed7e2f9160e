package dev.rszshm.testkit.process;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Workers that are started ahead of their use, so that a test that kills one after the other does
 * not wait for each JVM to start. Their JVMs wait, with what a heap needs loaded, for their turn.
 *
 * <p>One thread at a time uses a supply.
 */
public final class WorkerSupply implements AutoCloseable {
  private static final int AHEAD = 2;

  private final WorkerJvm jvm;
  private final Deque<WorkerProcess> waiting = new ArrayDeque<>();

  /** Starts the first JVMs. */
  public WorkerSupply(WorkerJvm jvm) {
    this.jvm = jvm;
    fill();
  }

  private void fill() {
    while (waiting.size() < AHEAD) {
      waiting.add(jvm.startAhead());
    }
  }

  /** The next worker, whose job begins with these arguments; the caller closes it. */
  public WorkerProcess next(Object... arguments) {
    fill();
    WorkerProcess first = waiting.remove();
    first.begin(arguments);
    fill();
    return first;
  }

  /** Ends the JVMs that nobody took. */
  @Override
  public void close() {
    WorkerProcess.closeAll(waiting);
  }
}
