package dev.rszshm.structures.list;

import dev.rszshm.testkit.history.DeterministicModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A list that grows at its end. A result is null if there is no such index. */
record ListModel(List<String> initial)
    implements DeterministicModel<List<String>, ListModel.Operation, Object> {
  /** What can be called. */
  sealed interface Operation {}

  record Append(String value) implements Operation {}

  record Set(int index, String value) implements Operation {}

  record Get(int index) implements Operation {}

  record Size() implements Operation {}

  @Override
  public Optional<Effect<List<String>, Object>> apply(
      List<String> state, String process, Operation operation) {
    List<String> next = new ArrayList<>(state);
    Object result;
    if (operation instanceof Append append) {
      result = (long) next.size();
      next.add(append.value);
    } else if (operation instanceof Set set) {
      result = set.index < next.size() ? next.set(set.index, set.value) : null;
    } else if (operation instanceof Get get) {
      result = get.index < next.size() ? next.get(get.index) : null;
    } else {
      result = (long) next.size();
    }
    return Optional.of(new Effect<>(List.copyOf(next), result));
  }
}
