package dev.rszshm.structures.pool;

import dev.rszshm.allocator.Allocator;

/**
 * What each worker of a pool does once, before it is ready for its first task: loads a model, opens
 * a connection. Named by {@link PoolSpec#withPreparation}; a class with a constructor without
 * parameters, in a package that is open to {@code dev.rszshm.structures}.
 */
@FunctionalInterface
public interface WorkerPreparation {
  /**
   * Prepares this process. What it leaves in static fields is there for the tasks that run here.
   *
   * @param worker the name of the worker, as in its {@link WorkerStart}
   * @param allocator that of the pool, in this process
   * @throws Exception if the worker cannot work: it ends, and the start has failed with what this
   *     exception says
   */
  void prepare(String worker, Allocator allocator) throws Exception;
}
