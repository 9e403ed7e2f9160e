package dev.rszshm.testkit.history;

import dev.rszshm.testkit.history.DeterministicModel.Effect;
import java.util.Optional;

/**
 * A set that is empty at first, as {@link java.util.Set}. The elements are independent of each
 * other, so the state is whether one is there.
 */
public final class SetModel<E>
    implements DeterministicModel<Boolean, SetModel.Operation<E>, Boolean> {

  /** What can be called. */
  public sealed interface Operation<E> {
    /** The element that it is about. */
    E element();

    /** What it does if the element is there, or is not. */
    Effect<Boolean, Boolean> on(boolean present);
  }

  /** Adds the element, and returns whether it was missing. */
  public record Add<E>(E element) implements Operation<E> {
    @Override
    public Effect<Boolean, Boolean> on(boolean present) {
      return new Effect<>(true, !present);
    }
  }

  /** Removes the element, and returns whether it was there. */
  public record Remove<E>(E element) implements Operation<E> {
    @Override
    public Effect<Boolean, Boolean> on(boolean present) {
      return new Effect<>(false, present);
    }
  }

  /** Returns whether the element is there. */
  public record Contains<E>(E element) implements Operation<E> {
    @Override
    public Effect<Boolean, Boolean> on(boolean present) {
      return new Effect<>(present, present);
    }
  }

  @Override
  public Boolean initial() {
    return false;
  }

  @Override
  public Object partitionOf(Operation<E> operation) {
    return operation.element();
  }

  @Override
  public Optional<Effect<Boolean, Boolean>> apply(
      Boolean state, String process, Operation<E> operation) {
    return Optional.of(operation.on(state));
  }
}
