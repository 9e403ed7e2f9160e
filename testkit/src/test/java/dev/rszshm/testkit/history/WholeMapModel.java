package dev.rszshm.testkit.history;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A map that is not taken apart by its keys. */
final class WholeMapModel<K, V>
    implements DeterministicModel<Map<K, V>, MapModel.Operation<K, V>, Object> {
  @Override
  public Map<K, V> initial() {
    return Map.of();
  }

  @Override
  public Optional<Effect<Map<K, V>, Object>> apply(
      Map<K, V> state, String process, MapModel.Operation<K, V> operation) {
    Effect<Optional<V>, Object> effect =
        operation.on(Optional.ofNullable(state.get(operation.key())));
    Map<K, V> next = new HashMap<>(state);
    next.remove(operation.key());
    effect.next().ifPresent(value -> next.put(operation.key(), value));
    return Optional.of(new Effect<>(Map.copyOf(next), effect.result()));
  }
}
