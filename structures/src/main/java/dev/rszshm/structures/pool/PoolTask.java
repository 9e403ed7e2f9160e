package dev.rszshm.structures.pool;

/**
 * What a worker can run: a {@link Task}, a {@link BlockTask} or a {@link RangeTask}.
 *
 * <p>A worker finds the class among the services of this type (in a module: {@code provides
 * dev.rszshm.structures.pool.PoolTask with …}), or by its name, and then needs a constructor
 * without parameters that it may call. It makes one object of each class, which all of its threads
 * use at once.
 */
public interface PoolTask {
  /**
   * Returns the name by which workers find this. That of the class, unless a service says
   * otherwise.
   */
  default String name() {
    return getClass().getName();
  }
}
