package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.map.MapSpec;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Who passes null is told which argument it was. */
class NullArgumentsTest {
  private static void assertSays(String name, Executable call) {
    assertEquals(name, assertThrows(NullPointerException.class, call).getMessage());
  }

  @Test
  @SuppressWarnings("NullAway") // what it is about
  void theArgumentIsNamed() {
    try (StructureFixture fixture = new StructureFixture()) {
      SharedMap<String, String> map =
          SharedMap.named(
              fixture.allocator,
              "map",
              Codecs.strings(),
              Codecs.strings(),
              MapSpec.standard().withShards(4));
      assertSays("value", () -> map.put("key", null));
      assertSays("key", () -> map.put(null, "value"));
      assertSays("key", () -> map.get(null));
      assertSays("value", () -> map.containsValue(null));
      SharedSortedMap<String, String> sorted =
          SharedSortedMap.named(
              fixture.allocator,
              "sorted",
              SortedMapSpec.of(OrderedCodecs.strings(), Codecs.strings()));
      assertSays("value", () -> sorted.put("key", null));
      assertSays("key", () -> sorted.put(null, "value"));
    }
  }
}
