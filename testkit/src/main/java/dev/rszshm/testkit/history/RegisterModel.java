package dev.rszshm.testkit.history;

import dev.rszshm.testkit.history.DeterministicModel.Effect;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One variable, as {@link java.util.concurrent.atomic.AtomicReference}. Values are compared with
 * {@code equals} and may be null.
 *
 * <p>Results: of {@link Read} and {@link GetAndSet} the value, of {@link CompareAndSet} a Boolean,
 * of {@link Write} null.
 */
public final class RegisterModel<V>
    implements DeterministicModel<Optional<V>, RegisterModel.Operation<V>, Object> {
  private final Optional<V> initial;

  /** A register with this value, or null. */
  public RegisterModel(@Nullable V initial) {
    this.initial = Optional.ofNullable(initial);
  }

  /** What can be called. */
  public sealed interface Operation<V> {
    /** What it does to a register with this value. */
    Effect<Optional<V>, Object> on(Optional<V> value);
  }

  /** Returns the value. */
  public record Read<V>() implements Operation<V> {
    @Override
    public Effect<Optional<V>, Object> on(Optional<V> value) {
      return new Effect<>(value, value.orElse(null));
    }
  }

  /** Replaces the value. */
  public record Write<V>(@Nullable V value) implements Operation<V> {
    @Override
    public Effect<Optional<V>, Object> on(Optional<V> before) {
      return new Effect<>(Optional.ofNullable(value), null);
    }
  }

  /** Replaces the value and returns the one before. */
  public record GetAndSet<V>(@Nullable V value) implements Operation<V> {
    @Override
    public Effect<Optional<V>, Object> on(Optional<V> before) {
      return new Effect<>(Optional.ofNullable(value), before.orElse(null));
    }
  }

  /** Replaces the value if it is the expected one, and returns whether it was. */
  public record CompareAndSet<V>(@Nullable V expected, @Nullable V value) implements Operation<V> {
    @Override
    public Effect<Optional<V>, Object> on(Optional<V> before) {
      boolean met = Objects.equals(before.orElse(null), expected);
      return new Effect<>(met ? Optional.ofNullable(value) : before, met);
    }
  }

  @Override
  public Optional<V> initial() {
    return initial;
  }

  @Override
  public Optional<Effect<Optional<V>, Object>> apply(
      Optional<V> state, String process, Operation<V> operation) {
    return Optional.of(operation.on(state));
  }
}
