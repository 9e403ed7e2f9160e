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

  /** Returns an object of a class; one that is a service need not be accessible otherwise. */
  static WorkerBody body(String className) throws Exception {
    Class<?> type = Class.forName(className, true, ClassLoader.getSystemClassLoader());
    if (!WorkerBody.class.isAssignableFrom(type)) {
      throw new IllegalArgumentException(
          "found "
              + className
              + ", expected a class that implements "
              + WorkerBody.class.getName());
    }
    for (ServiceLoader.Provider<WorkerBody> provider :
        ServiceLoader.load(WorkerBody.class).stream().toList()) {
      if (provider.type() == type) {
        return provider.get();
      }
    }
    Constructor<?> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    return (WorkerBody) constructor.newInstance();
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
