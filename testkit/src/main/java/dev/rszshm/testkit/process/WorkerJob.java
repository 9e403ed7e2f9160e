package dev.rszshm.testkit.process;

/**
 * What a worker JVM does. A public class with a public constructor without parameters; it may be
 * nested in the test that uses it.
 */
public interface WorkerJob {
  /**
   * Does the work. The process ends with status 0 when this returns, and with status 1 and a stack
   * trace when it throws, whatever other threads it has started.
   */
  void run(WorkerContext worker) throws Exception;
}
