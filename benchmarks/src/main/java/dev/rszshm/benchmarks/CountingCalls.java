package dev.rszshm.benchmarks;

import dev.rszshm.heap.spi.SystemCalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.TreeMap;

/** Counts the system calls of a heap by their names. */
final class CountingCalls {
  private final Map<String, Integer> counts = new TreeMap<>();

  /** The calls of this machine, counted; the page size is known without a call. */
  SystemCalls over(SystemCalls calls) {
    return (SystemCalls)
        Proxy.newProxyInstance(
            SystemCalls.class.getClassLoader(),
            new Class<?>[] {SystemCalls.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("pageSize")) {
                counts.merge(method.getName(), 1, Integer::sum);
              }
              try {
                return method.invoke(calls, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** What was called since the last time this was asked. */
  Map<String, Integer> take() {
    Map<String, Integer> taken = new TreeMap<>(counts);
    counts.clear();
    return taken;
  }
}
