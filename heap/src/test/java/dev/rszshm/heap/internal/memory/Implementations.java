package dev.rszshm.heap.internal.memory;

import dev.rszshm.heap.spi.Memory;
import java.util.List;

/** The names of what this JVM can run, as {@link MemoryChoice#choose} takes them. */
final class Implementations {
  static final List<String> HERE =
      Runtime.version().feature() >= 22 ? List.of("unsafe", "segment") : List.of("unsafe");

  private Implementations() {}

  static Memory of(String name) {
    return MemoryChoice.choose(name, Runtime.version().feature());
  }
}
