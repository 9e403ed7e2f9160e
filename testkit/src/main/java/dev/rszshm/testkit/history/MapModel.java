package dev.rszshm.testkit.history;

import dev.rszshm.testkit.history.DeterministicModel.Effect;
import java.util.Optional;

/**
 * A map that is empty at first, as {@link java.util.concurrent.ConcurrentMap}. Keys and values are
 * not null. The keys are independent of each other, so the state is the value of one key; a map
 * with something in it is one whose history begins with puts.
 *
 * <p>Results are those of the methods of the same names: the value before, or null for none;
 * Booleans of {@link ContainsKey}, {@link RemoveValue} and {@link ReplaceValue}.
 */
public final class MapModel<K, V>
    implements DeterministicModel<Optional<V>, MapModel.Operation<K, V>, Object> {

  /** What can be called. */
  public sealed interface Operation<K, V> {
    /** The key that it is about. */
    K key();

    /** What it does to a key with this value, or with none. */
    Effect<Optional<V>, Object> on(Optional<V> before);
  }

  /** Returns the value. */
  public record Get<K, V>(K key) implements Operation<K, V> {
    @Override
    public Effect<Optional<V>, Object> on(Optional<V> before) {
      return new Effect<>(before, before.orElse(null));
    }
  }

  /** Returns whether there is a value. */
  public record ContainsKey<K, V>(K key) implements Operation<K, V> {
    @Override
    public Effect<Optional<V>, Object> on(Optional<V> before) {
      return new Effect<>(before, before.isPresent());
    }
  }

  /** Sets the value. */
  public record Put<K, V>(K key, V value) implements Operation<K, V> {
    @Override
    public Effect<Optional<V>, Object> on(Optional<V> before) {
      return new Effect<>(Optional.of(value), before.orElse(null));
    }
  }

  /** Sets the value if there is none. */
  public record PutIfAbsent<K, V>(K key, V value) implements Operation<K, V> {
    @Override
    public Effect<Optional<V>, Object> on(Optional<V> before) {
      return new Effect<>(Optional.of(before.orElse(value)), before.orElse(null));
    }
  }

  /** Removes the value. */
  public record Remove<K, V>(K key) implements Operation<K, V> {
    @Override
    public Effect<Optional<V>, Object> on(Optional<V> before) {
      return new Effect<>(Optional.empty(), before.orElse(null));
    }
  }

  /** Removes the value if it is the expected one: {@code remove(key, expected)}. */
  public record RemoveValue<K, V>(K key, V expected) implements Operation<K, V> {
    @Override
    public Effect<Optional<V>, Object> on(Optional<V> before) {
      boolean met = before.equals(Optional.of(expected));
      return new Effect<>(met ? Optional.empty() : before, met);
    }
  }

  /** Sets the value if there is one. */
  public record Replace<K, V>(K key, V value) implements Operation<K, V> {
    @Override
    public Effect<Optional<V>, Object> on(Optional<V> before) {
      return new Effect<>(before.map(old -> value), before.orElse(null));
    }
  }

  /** Sets the value if it is the expected one: {@code replace(key, expected, value)}. */
  public record ReplaceValue<K, V>(K key, V expected, V value) implements Operation<K, V> {
    @Override
    public Effect<Optional<V>, Object> on(Optional<V> before) {
      boolean met = before.equals(Optional.of(expected));
      return new Effect<>(met ? Optional.of(value) : before, met);
    }
  }

  @Override
  public Optional<V> initial() {
    return Optional.empty();
  }

  @Override
  public Object partitionOf(Operation<K, V> operation) {
    return operation.key();
  }

  @Override
  public Optional<Effect<Optional<V>, Object>> apply(
      Optional<V> state, String process, Operation<K, V> operation) {
    return Optional.of(operation.on(state));
  }
}
