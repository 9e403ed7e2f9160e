package dev.rszshm.structures.internal.queue;

import java.util.Collection;
import java.util.Objects;
import java.util.Queue;

/** Takes what is in a queue. */
public final class Draining {
  private Draining() {}

  /**
   * Takes elements until there are no more, one after the other, and adds them to a collection. If
   * that refuses one, it is lost. If one cannot be decoded, those before it are in the collection.
   *
   * @return how many
   */
  public static <E> int drain(Queue<E> queue, Collection<? super E> target, int most) {
    Objects.requireNonNull(target, "target");
    if (target == queue) {
      throw new IllegalArgumentException("a queue cannot be drained to itself: name another");
    }
    int drained = 0;
    for (E element = null; drained < most && (element = queue.poll()) != null; drained++) {
      target.add(element);
    }
    return drained;
  }
}
