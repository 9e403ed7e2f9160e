package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.structures.codec.CodecException;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.counters.CounterMap;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.map.MapSpec;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.queue.RingLog;
import dev.rszshm.structures.queue.RingLogSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Who reads with another codec is told in which structure of which heap that was. */
class ForeignCodecTest {
  private static void assertSays(StructureFixture fixture, String what, Executable call) {
    String message = assertThrows(CodecException.class, call).getMessage();
    assertTrue(message.contains("in the " + what + " at offset "), message);
    assertTrue(message.contains(fixture.allocator.heap().path().toString()), message);
    assertTrue(message.contains("expected the 8 of long"), message);
  }

  @Test
  void theStructureIsNamed() {
    try (StructureFixture fixture = new StructureFixture()) {
      Allocator allocator = fixture.allocator;
      MapSpec spec = MapSpec.standard().withShards(4);
      SharedMap.named(allocator, "map", Codecs.strings(), Codecs.strings(), spec).put("k", "no");
      assertSays(
          fixture,
          "map",
          () -> SharedMap.named(allocator, "map", Codecs.strings(), Codecs.longs(), spec).get("k"));
      SharedList.named(allocator, "list", Codecs.strings()).append("no");
      assertSays(fixture, "list", () -> SharedList.named(allocator, "list", Codecs.longs()).get(0));
      CounterMap.named(allocator, "counters", Codecs.strings()).add("no", 1);
      assertSays(
          fixture,
          "counter map",
          () -> CounterMap.named(allocator, "counters", Codecs.longs()).top(1));
      RingLogSpec room = RingLogSpec.of(4, 40);
      RingLog.named(allocator, "log", Codecs.strings(), room).append("no");
      assertSays(
          fixture,
          "log",
          () -> RingLog.named(allocator, "log", Codecs.longs(), room).readerFrom(0).poll());
    }
  }
}
