package dev.rszshm.structures.internal.worker;

import dev.rszshm.structures.worker.WorkerBody;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ServiceLoader;

/** Finds what a worker runs. */
final class EntryPoint {
  private EntryPoint() {}

  /** A main method. */
  interface Main {
    /** Runs it. */
    void run(String[] arguments) throws Exception;
  }

  /** Returns an object of a class. */
  static WorkerBody body(String className) throws Exception {
    Class<?> type = Class.forName(className, true, ClassLoader.getSystemClassLoader());
    if (!WorkerBody.class.isAssignableFrom(type)) {
      throw new IllegalArgumentException(
          "found "
              + className
              + ", expected a class that implements "
              + WorkerBody.class.getName());
    }
    if (type.getModule().isNamed()) {
      return moduleBody(type);
    }
    return (WorkerBody) made(type);
  }

  /** A service need not be accessible otherwise. */
  private static WorkerBody moduleBody(Class<?> type) throws Exception {
    for (ServiceLoader.Provider<WorkerBody> provider :
        ServiceLoader.load(WorkerBody.class).stream().toList()) {
      if (provider.type() == type) {
        return provider.get();
      }
    }
    return (WorkerBody) made(type);
  }

  private static Object made(Class<?> type) throws Exception {
    Constructor<?> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }

  /** Returns the main method of a class. */
  static Main main(String className) throws Exception {
    Class<?> type = Class.forName(className, true, ClassLoader.getSystemClassLoader());
    Method method = type.getMethod("main", String[].class);
    if (!Modifier.isStatic(method.getModifiers())) {
      throw new IllegalArgumentException(
          "found a main method of " + className + " that is not static, expected a static one");
    }
    return arguments -> method.invoke(null, (Object) arguments);
  }
}
