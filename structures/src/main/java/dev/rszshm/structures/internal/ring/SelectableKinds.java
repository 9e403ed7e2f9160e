package dev.rszshm.structures.internal.ring;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What can be waited for together with others. Each class connects itself before there is one of
 * it, and so none of this is part of what users see.
 */
public final class SelectableKinds {
  private static final Map<Class<?>, Function<Object, Readiness>> KINDS = new ConcurrentHashMap<>();

  private SelectableKinds() {}

  /** Connects a class, whose instances are of no class below it. */
  public static <T> void connect(Class<T> kind, Function<T, Readiness> readiness) {
    KINDS.put(kind, one -> readiness.apply(kind.cast(one)));
  }

  /**
   * Returns how to learn that something is ready.
   *
   * @throws IllegalArgumentException if it is of no class that can be waited for
   */
  public static Readiness readiness(Object one) {
    Function<Object, Readiness> kind = KINDS.get(one.getClass());
    if (kind == null) {
      throw new IllegalArgumentException(
          "found something of "
              + one.getClass().getName()
              + " to wait for, expected a channel, a request channel or a subscription");
    }
    return kind.apply(one);
  }
}
