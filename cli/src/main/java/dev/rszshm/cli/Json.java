package dev.rszshm.cli;

import dev.rszshm.heap.Participant;
import dev.rszshm.sync.Holder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The objects that several commands write as JSON, as maps in the order of their keys. */
public final class Json {
  private Json() {}

  /** Makes a map of keys and values in turn. */
  public static Map<String, Object> object(@Nullable Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  /** A participant. */
  public static Map<String, Object> of(Participant participant) {
    return object(
        "slot", participant.slot(),
        "generation", participant.generation(),
        "pid", participant.pid(),
        "name", participant.name(),
        "attached", participant.attached().toString(),
        "otherAddress", participant.otherAddress(),
        "alive", participant.alive());
  }

  /** Who holds a lock. */
  public static Map<String, Object> of(Holder holder) {
    Map<String, Object> map = of(holder.participant());
    map.put("thread", holder.thread().isPresent() ? holder.thread().getAsLong() : null);
    return map;
  }
}
