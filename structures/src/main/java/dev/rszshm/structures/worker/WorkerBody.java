package dev.rszshm.structures.worker;

/**
 * What a worker process does.
 *
 * <p>The worker makes one object of the class with its constructor without parameters, and runs it
 * on its main thread. On the module path the package is open to {@code dev.rszshm.structures}, or
 * the class is provided as a service of this type.
 */
@FunctionalInterface
public interface WorkerBody {
  /**
   * Does the worker's work. When it returns, the process ends as soon as no other thread runs that
   * is not a daemon, with the exit status 0.
   *
   * @throws Exception if the work has failed: the worker prints it on its standard error, and ends
   *     with the exit status 1
   */
  void run(WorkerContext context) throws Exception;
}
