package dev.rszshm.structures.internal.bytes;

import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the methods of a {@link java.util.concurrent.ConcurrentMap} that take a function make of the
 * value of a key: null stands for a value that is not there, or is to be removed. The functions of
 * the caller are called again where somebody has changed the value meanwhile.
 */
public final class ValueFunctions {
  private ValueFunctions() {}

  /** For {@code compute}. */
  public static <K, V> UnaryOperator<@Nullable V> computing(
      K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    return old -> function.apply(key, old);
  }

  /** For {@code computeIfPresent}. */
  public static <K, V> UnaryOperator<@Nullable V> computingIfPresent(
      K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    return old -> old == null ? null : function.apply(key, old);
  }

  /** For {@code merge}. */
  public static <V> UnaryOperator<@Nullable V> merging(
      V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    Objects.requireNonNull(value, "value");
    return old -> old == null ? value : function.apply(old, value);
  }

  /** For {@code replaceAll}, of one key. */
  public static <K, V> UnaryOperator<@Nullable V> replacing(
      K key, BiFunction<? super K, ? super V, ? extends V> function) {
    return old ->
        old == null ? null : Objects.requireNonNull(function.apply(key, old), "new value");
  }
}
