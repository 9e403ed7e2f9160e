package dev.rszshm.heap.faults;

import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The system calls of this machine with faults in them: records every call, and lets chosen ones
 * fail, answer something else, or run an action before or after. Calls are counted from 1 for each
 * method. Any number of threads may call; faults are set before they do.
 */
public final class FaultySystemCalls {
  /** Stands for every call of a method. */
  public static final int EVERY = 0;

  /** Calls that ask and cannot fail. */
  private static final Set<String> INFALLIBLE =
      Set.of(
          "nanoTime",
          "now",
          "pause",
          "random",
          "identity",
          "pageSize",
          "effectiveUser",
          "buffer",
          "toString",
          "hashCode",
          "equals");

  private final SystemCalls real;
  private final SystemCalls faulty;
  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<String, Map<Integer, Behavior>> behaviors = new HashMap<>();
  private final List<Call> calls = Collections.synchronizedList(new ArrayList<>());

  /** Puts faults, none yet, in front of the calls of this machine. */
  public FaultySystemCalls() {
    this.real = SystemCalls.host();
    this.faulty =
        (SystemCalls)
            Proxy.newProxyInstance(
                SystemCalls.class.getClassLoader(),
                new Class<?>[] {SystemCalls.class},
                (proxy, method, arguments) -> invoke(method, arguments));
  }

  /** What a heap is built on to meet the faults. */
  public Platform platform() {
    return new Platform(Memory.host(), faulty);
  }

  /** The calls with the faults in them. */
  public SystemCalls faulty() {
    return faulty;
  }

  /**
   * Lets a call fail with an error number, without being made; but {@code close} gives the
   * descriptor back whatever it answers, as on Linux.
   */
  public FaultySystemCalls fail(String method, int nth, int errno) {
    return instead(
        method,
        nth,
        (call, arguments) -> {
          if (method.equals("close")) {
            call.with(arguments);
          }
          throw new SystemCallException(method + "(injected)", errno, Errno.describe(errno));
        });
  }

  /** Lets a call answer something without being made. */
  public FaultySystemCalls answer(String method, int nth, Object answer) {
    return instead(method, nth, (call, arguments) -> answer);
  }

  /** Runs an action before a call. */
  public FaultySystemCalls before(String method, int nth, Runnable action) {
    return instead(
        method,
        nth,
        (call, arguments) -> {
          action.run();
          return call.with(arguments);
        });
  }

  /** Runs an action after a call. */
  public FaultySystemCalls after(String method, int nth, Runnable action) {
    return instead(
        method,
        nth,
        (call, arguments) -> {
          Object answer = call.with(arguments);
          action.run();
          return answer;
        });
  }

  /** Does something in the place of a call, which it may make itself. */
  public synchronized FaultySystemCalls instead(String method, int nth, Behavior behavior) {
    if (List.of(SystemCalls.class.getMethods()).stream()
        .noneMatch(m -> m.getName().equals(method))) {
      throw new IllegalArgumentException("there is no system call " + method);
    }
    behaviors.computeIfAbsent(method, m -> new HashMap<>()).put(nth, behavior);
    return this;
  }

  /** Ends all faults, and forgets the calls made so far. */
  public synchronized FaultySystemCalls reset() {
    behaviors.clear();
    counts.clear();
    calls.clear();
    return this;
  }

  /** All calls that can fail, in the order they were made. */
  public List<Call> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  /** The calls of one method, in the order they were made. */
  public List<Call> calls(String method) {
    return calls().stream().filter(c -> c.method().equals(method)).toList();
  }

  private Object invoke(Method method, Object[] arguments) throws Throwable {
    Object[] given = arguments == null ? new Object[0] : arguments;
    String name = method.getName();
    Behavior behavior;
    synchronized (this) {
      int nth = counts.merge(name, 1, Integer::sum);
      if (!INFALLIBLE.contains(name)) {
        calls.add(new Call(name, nth, List.of(given)));
      }
      Map<Integer, Behavior> chosen = behaviors.getOrDefault(name, Map.of());
      behavior = chosen.getOrDefault(nth, chosen.get(EVERY));
    }
    RealCall call = a -> make(method, a);
    return behavior == null ? call.with(given) : behavior.apply(call, given);
  }

  private Object make(Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** A call that was made: the n-th of its method. */
  public record Call(String method, int nth, List<Object> arguments) {
    /** An argument that is a number. */
    public long number(int index) {
      return ((Number) arguments.get(index)).longValue();
    }
  }

  /** What happens in the place of a call. */
  @FunctionalInterface
  public interface Behavior {
    /** Answers a call, with or without making it. */
    Object apply(RealCall call, Object[] arguments) throws Throwable;
  }

  /** The call as it is without faults. */
  @FunctionalInterface
  public interface RealCall {
    /** Makes the call. */
    Object with(Object... arguments) throws Throwable;
  }
}
