package dev.rszshm.testkit.history;

import dev.rszshm.testkit.history.DeterministicModel.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A queue that is empty at first: first in, first out, as {@link java.util.Queue}. Elements are not
 * null.
 *
 * <p>Results: of {@link Offer} a Boolean, of {@link Poll} and {@link Peek} the element, or null if
 * there is none.
 */
public final class QueueModel<E>
    implements DeterministicModel<List<E>, QueueModel.Operation<E>, Object> {
  private final int capacity;

  private QueueModel(int capacity) {
    this.capacity = capacity;
  }

  /** A queue that is never full. */
  public static <E> QueueModel<E> unbounded() {
    return new QueueModel<>(Integer.MAX_VALUE);
  }

  /**
   * A queue that has room for so many elements.
   *
   * @throws IllegalArgumentException if that is less than 1
   */
  public static <E> QueueModel<E> bounded(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "capacity " + capacity + ": a queue has room for 1 element at least");
    }
    return new QueueModel<>(capacity);
  }

  /** What can be called. */
  public sealed interface Operation<E> {
    /** What it does to a queue of these elements, the oldest first, and this capacity. */
    Effect<List<E>, Object> on(List<E> elements, int capacity);
  }

  /** Adds an element at the end, and returns whether there was room. */
  public record Offer<E>(E element) implements Operation<E> {
    @Override
    public Effect<List<E>, Object> on(List<E> elements, int capacity) {
      if (elements.size() >= capacity) {
        return new Effect<>(elements, false);
      }
      List<E> more = new ArrayList<>(elements);
      more.add(element);
      return new Effect<>(List.copyOf(more), true);
    }
  }

  /** Takes the oldest element. */
  public record Poll<E>() implements Operation<E> {
    @Override
    public Effect<List<E>, Object> on(List<E> elements, int capacity) {
      return elements.isEmpty()
          ? new Effect<>(elements, null)
          : new Effect<>(List.copyOf(elements.subList(1, elements.size())), elements.get(0));
    }
  }

  /** Returns the oldest element. */
  public record Peek<E>() implements Operation<E> {
    @Override
    public Effect<List<E>, Object> on(List<E> elements, int capacity) {
      return new Effect<>(elements, elements.isEmpty() ? null : elements.get(0));
    }
  }

  @Override
  public List<E> initial() {
    return List.of();
  }

  @Override
  public Optional<Effect<List<E>, Object>> apply(
      List<E> state, String process, Operation<E> operation) {
    return Optional.of(operation.on(state, capacity));
  }
}
