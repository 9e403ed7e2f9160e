package dev.rszshm.testkit.history;

import dev.rszshm.testkit.history.DeterministicModel.Effect;
import java.util.Optional;

/** A counter, as {@link java.util.concurrent.atomic.AtomicLong}; it wraps as that does. */
public final class CounterModel implements DeterministicModel<Long, CounterModel.Operation, Long> {
  private final long initial;

  /** A counter that begins with this value. */
  public CounterModel(long initial) {
    this.initial = initial;
  }

  /** What can be called. */
  public sealed interface Operation {
    /** What it does to a counter with this value. */
    Effect<Long, Long> on(long value);
  }

  /** Returns the value. */
  public record Get() implements Operation {
    @Override
    public Effect<Long, Long> on(long value) {
      return new Effect<>(value, value);
    }
  }

  /** Adds and returns the value before. */
  public record GetAndAdd(long amount) implements Operation {
    @Override
    public Effect<Long, Long> on(long value) {
      return new Effect<>(value + amount, value);
    }
  }

  @Override
  public Long initial() {
    return initial;
  }

  @Override
  public Optional<Effect<Long, Long>> apply(Long state, String process, Operation operation) {
    return Optional.of(operation.on(state));
  }
}
