package dev.rszshm.testkit.simulation;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far a process has seen: for each word, the number of the last store it knows of. */
final class View {
  private final Map<WeakMemory.Word, Integer> seen;

  /** For a view that processes share: who added to it in which order, which is part of a state. */
  long history;

  View() {
    this.seen = new HashMap<>();
  }

  private View(Map<WeakMemory.Word, Integer> seen) {
    this.seen = seen;
  }

  View copy() {
    return new View(new HashMap<>(seen));
  }

  int of(WeakMemory.Word word) {
    return seen.getOrDefault(word, 0);
  }

  void raise(WeakMemory.Word word, int number) {
    seen.merge(word, number, Math::max);
  }

  /** Sees what another view has seen as well, if there is another. */
  void join(@Nullable View other) {
    if (other != null && other != this) {
      other.seen.forEach(this::raise);
    }
  }
}
