package dev.rszshm.testkit;

import dev.rszshm.heap.os.SystemCalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.function.Consumer;

/** System calls that are announced before they happen. */
final class StepAnnouncingCalls {
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
          "isByteLocked",
          "advise",
          "lockInMemory",
          "signalNobody",
          "waitOnWord");

  private StepAnnouncingCalls() {}

  static SystemCalls of(SystemCalls target, Consumer<String> step) {
    return (SystemCalls)
        Proxy.newProxyInstance(
            SystemCalls.class.getClassLoader(),
            new Class<?>[] {SystemCalls.class},
            (proxy, method, arguments) -> call(target, step, method, arguments));
  }

  private static Object call(
      SystemCalls target, Consumer<String> step, Method method, Object[] arguments)
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
