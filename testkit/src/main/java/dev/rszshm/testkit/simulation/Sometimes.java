package dev.rszshm.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What must have held at least once when an exploration is over, and whether it has. Any thread may
 * note it.
 */
final class Sometimes {
  private final Map<String, Boolean> seen = new ConcurrentSkipListMap<>();

  void note(String name, boolean condition) {
    seen.merge(name, condition, Boolean::logicalOr);
  }

  /** Those that somebody came by and that never held. */
  List<String> never() {
    List<String> names = new ArrayList<>();
    seen.forEach((name, held) -> names.addAll(held ? List.of() : List.of(name)));
    return names;
  }

  /** Throws if something never held that should have. */
  void require(long schedules) {
    List<String> never = never();
    if (!never.isEmpty()) {
      throw new AssertionError(
          "never true in "
              + schedules
              + " schedules: "
              + String.join(", ", never)
              + ". Nothing was found wrong, but what should be tested did not come up: go further,"
              + " or change the scenario");
    }
  }
}
