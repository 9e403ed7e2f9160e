package dev.rszshm.testkit.process;

import dev.rszshm.heap.spi.SystemCalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * System calls that are announced before they happen, if they have an effect that outlives the
 * process or that others see.
 */
public final class StepAnnouncingCalls {
  /** They change nothing that outlives the process or that others see. */
  private static final Set<String> NO_STEPS =
      Set.of(
          "nanoTime",
          "now",
          "pause",
          "random",
          "identity",
          "pageSize",
          "effectiveUser",
          "buffer",
          "read",
          "status",
          "capacity",
          "isByteLocked",
          "advise",
          "collapse",
          "lockInMemory",
          "unlockFromMemory",
          "preferNode",
          "processors",
          "waitOnWord",
          "waitOnWords");

  private StepAnnouncingCalls() {}

  /**
   * Announces the calls of an operating system.
   *
   * @param step gets the name of each call before it is made; what it throws, the caller gets
   *     instead
   */
  public static SystemCalls of(SystemCalls target, Consumer<String> step) {
    return (SystemCalls)
        Proxy.newProxyInstance(
            SystemCalls.class.getClassLoader(),
            new Class<?>[] {SystemCalls.class},
            (proxy, method, arguments) -> call(target, step, method, arguments));
  }

  private static @Nullable Object call(
      SystemCalls target, Consumer<String> step, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getDeclaringClass() == SystemCalls.class && !NO_STEPS.contains(method.getName())) {
      step.accept(method.getName());
    }
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
