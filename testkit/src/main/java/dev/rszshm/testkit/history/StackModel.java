package dev.rszshm.testkit.history;

import dev.rszshm.testkit.history.DeterministicModel.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A stack that is empty at first: last in, first out. Elements are not null.
 *
 * <p>Results: of {@link Push} null, of {@link Pop} and {@link Peek} the element, or null if there
 * is none.
 */
public final class StackModel<E>
    implements DeterministicModel<List<E>, StackModel.Operation<E>, E> {

  /** What can be called. */
  public sealed interface Operation<E> {
    /** What it does to a stack of these elements, the newest last. */
    Effect<List<E>, E> on(List<E> elements);
  }

  /** Puts an element on top. */
  public record Push<E>(E element) implements Operation<E> {
    @Override
    public Effect<List<E>, E> on(List<E> elements) {
      List<E> more = new ArrayList<>(elements);
      more.add(element);
      return new Effect<>(List.copyOf(more), null);
    }
  }

  /** Takes the newest element. */
  public record Pop<E>() implements Operation<E> {
    @Override
    public Effect<List<E>, E> on(List<E> elements) {
      int last = elements.size() - 1;
      return last < 0
          ? new Effect<>(elements, null)
          : new Effect<>(List.copyOf(elements.subList(0, last)), elements.get(last));
    }
  }

  /** Returns the newest element. */
  public record Peek<E>() implements Operation<E> {
    @Override
    public Effect<List<E>, E> on(List<E> elements) {
      return new Effect<>(elements, elements.isEmpty() ? null : elements.get(elements.size() - 1));
    }
  }

  @Override
  public List<E> initial() {
    return List.of();
  }

  @Override
  public Optional<Effect<List<E>, E>> apply(List<E> state, String process, Operation<E> operation) {
    return Optional.of(operation.on(state));
  }
}
