package dev.rszshm.structures.pool;

import dev.rszshm.structures.internal.pool.TaskNames;
import java.lang.reflect.Constructor;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;

/** The objects of a worker that run tasks, by the id of their name. Any thread may use it. */
final class TaskRegistry {
  private final TaskNames names;
  private final Map<Long, PoolTask> tasks = new ConcurrentHashMap<>();
  private final Map<Long, ObjectTask<?, ?>> objectTasks = new ConcurrentHashMap<>();

  TaskRegistry(TaskNames names) {
    this.names = names;
  }

  /** Returns the name of an id. */
  String name(long id) {
    return names.get(id);
  }

  /**
   * Returns the object for a name, which is made when it is first asked for.
   *
   * @throws IllegalArgumentException if it is of another type
   */
  <T extends PoolTask> T task(long id, Class<T> type) throws ReflectiveOperationException {
    PoolTask task = task(id);
    if (!type.isInstance(task)) {
      throw new IllegalArgumentException(
          "found " + task.getClass().getName() + ", expected a " + type.getName());
    }
    return type.cast(task);
  }

  /**
   * Returns the object for the name of a task of objects, which is made when it is first asked for.
   *
   * @throws IllegalArgumentException if it is of another type, or one of its codecs is null
   */
  ObjectTask<?, ?> objectTask(long id) throws ReflectiveOperationException {
    ObjectTask<?, ?> known = objectTasks.get(id);
    if (known == null) {
      Task<?, ?> task = task(id, Task.class);
      known = new ObjectTask<>(task);
      objectTasks.put(id, known);
    }
    return known;
  }

  private PoolTask task(long id) throws ReflectiveOperationException {
    PoolTask known = tasks.get(id);
    if (known == null) {
      PoolTask made = find(names.get(id));
      known = tasks.putIfAbsent(id, made);
      return known == null ? made : known;
    }
    return known;
  }

  private static PoolTask find(String name) throws ReflectiveOperationException {
    ClassLoader loader = TaskRegistry.class.getClassLoader();
    for (PoolTask service : ServiceLoader.load(PoolTask.class, loader)) {
      if (service.name().equals(name)) {
        return service;
      }
    }
    Class<?> type = Class.forName(name, false, loader);
    return make(type.asSubclass(PoolTask.class));
  }

  /** Makes an object of a class with its constructor without parameters. */
  static <T> T make(Class<T> type) throws ReflectiveOperationException {
    Constructor<T> constructor = type.getDeclaredConstructor();
    if (!constructor.canAccess(null)) {
      constructor.setAccessible(true);
    }
    return constructor.newInstance();
  }
}
