package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.map.MapSpec;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.object.SharedObject;
import dev.rszshm.structures.queue.DequeSpec;
import dev.rszshm.structures.queue.QueueSpec;
import dev.rszshm.structures.queue.RingLog;
import dev.rszshm.structures.queue.RingLogSpec;
import dev.rszshm.structures.queue.SharedDeque;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.request.RequestChannel;
import dev.rszshm.structures.request.RequestSpec;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Who finds a structure by name that was made otherwise learns what differs, and both values. */
class DifferingSpecsTest {
  private static void assertSaid(Executable finding, String... both) {
    String message = assertThrows(HeapException.class, finding).getMessage();
    for (String part : both) {
      assertTrue(message.contains(part), "\"" + part + "\" is missing in: " + message);
    }
  }

  @Test
  void bothSpecificationsAreSaid() {
    try (StructureFixture fixture = new StructureFixture()) {
      Allocator allocator = fixture.allocator;
      MapSpec four = MapSpec.standard().withShards(4);
      MapSpec eight = MapSpec.standard().withShards(8);
      SharedMap.named(allocator, "map", Codecs.longs(), Codecs.longs(), four);
      assertSaid(
          () -> SharedMap.named(allocator, "map", Codecs.longs(), Codecs.longs(), eight),
          four.toString(),
          eight.toString());
      RingLogSpec small = RingLogSpec.of(4, 100);
      RingLogSpec large = RingLogSpec.of(5, 100);
      RingLog.named(allocator, "log", Codecs.longs(), small);
      assertSaid(
          () -> RingLog.named(allocator, "log", Codecs.longs(), large),
          small.toString(),
          large.toString());
      SharedObject.named(allocator, "object", Codecs.longs(), 16);
      assertSaid(
          () -> SharedObject.named(allocator, "object", Codecs.longs(), 32),
          "capacity of 16",
          "capacity of 32");
      SharedQueue.named(allocator, "queue", Codecs.longs(), QueueSpec.bounded(4));
      assertSaid(
          () -> SharedQueue.named(allocator, "queue", Codecs.longs(), QueueSpec.bounded(5)),
          QueueSpec.bounded(4).toString(),
          QueueSpec.bounded(5).toString());
      RequestSpec few = RequestSpec.of(64, 8).calls(4);
      RequestSpec many = RequestSpec.of(64, 8).calls(5);
      RequestChannel.named(allocator, "requests", few);
      assertSaid(
          () -> RequestChannel.named(allocator, "requests", many), few.toString(), many.toString());
      SharedDeque.named(allocator, "deque", Codecs.longs(), DequeSpec.bounded(4));
      assertSaid(
          () -> SharedDeque.named(allocator, "deque", Codecs.longs(), DequeSpec.bounded(5)),
          DequeSpec.bounded(4).toString(),
          DequeSpec.bounded(5).toString());
    }
  }

  @Test
  void bothCodecsOfASortedMapAreSaid() {
    try (StructureFixture fixture = new StructureFixture()) {
      SharedSortedMap.named(
          fixture.allocator, "map", SortedMapSpec.of(OrderedCodecs.longs(), Codecs.longs()));
      assertSaid(
          () ->
              SharedSortedMap.named(
                  fixture.allocator,
                  "map",
                  SortedMapSpec.of(OrderedCodecs.longs(), Codecs.strings())),
          "values of the sorted map \"map\" at offset ",
          "codec long (0x6), version 1",
          "expected String (0x20), version 1");
    }
  }

  @Test
  void bothKindsAndVersionsAreSaid() {
    try (StructureFixture fixture = new StructureFixture()) {
      SharedList.named(fixture.allocator, "it", Codecs.longs());
      assertSaid(
          () -> SharedQueue.named(fixture.allocator, "it", Codecs.longs()),
          "list",
          "queue",
          "version 1");
    }
  }
}
