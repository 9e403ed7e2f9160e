package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecException;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.counters.CounterMap;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.object.SharedObject;
import dev.rszshm.structures.queue.RingLog;
import dev.rszshm.structures.queue.RingLogSpec;
import dev.rszshm.structures.queue.SharedDeque;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.sorted.OrderedCodec;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A codec that is wrong about lengths gets an exception that says so, and changes nothing. */
class WrongCodecTest {
  /** Numbers of 8 bytes; says what it is told. */
  private static final class Told implements Codec<Long> {
    int said = Long.BYTES;

    @Override
    public int length(Long object) {
      return said;
    }

    @Override
    public void encode(Long object, ByteBuffer to) {
      to.putLong(object);
    }

    @Override
    public Long decode(ByteBuffer from) {
      return from.getLong();
    }

    @Override
    public String toString() {
      return "Told";
    }
  }

  private final Told codec = new Told();

  private void assertRefused(Runnable action) {
    for (int wrong : new int[] {-1, Integer.MIN_VALUE, 0, 7, 9}) {
      codec.said = wrong;
      CodecException thrown = assertThrows(CodecException.class, action::run, "length " + wrong);
      assertTrue(thrown.getMessage().contains("Told"), thrown.getMessage());
    }
    codec.said = Long.BYTES;
  }

  @Test
  void mapsStayAsTheyAre() {
    try (StructureFixture fixture = new StructureFixture()) {
      for (Map<Long, Long> map :
          List.of(
              SharedMap.named(fixture.allocator, "values", Codecs.longs(), codec),
              SharedMap.named(fixture.allocator, "keys", codec, Codecs.longs()),
              SharedSortedMap.named(
                  fixture.allocator, "sorted", SortedMapSpec.of(OrderedCodecs.longs(), codec)))) {
        map.put(1L, 10L);
        assertRefused(() -> map.put(1L, 2L));
        assertRefused(() -> map.put(2L, 2L));
        assertEquals(Map.of(1L, 10L), map);
      }
    }
  }

  @Test
  void queuesAndListsStayAsTheyAre() {
    try (StructureFixture fixture = new StructureFixture()) {
      for (Queue<Long> queue :
          List.of(
              SharedQueue.named(fixture.allocator, "queue", codec),
              SharedDeque.named(fixture.allocator, "deque", codec))) {
        queue.add(1L);
        assertRefused(() -> queue.add(2L));
        assertEquals(List.of(1L), List.copyOf(queue));
      }
      SharedList<Long> list = SharedList.named(fixture.allocator, "list", codec);
      list.add(1L);
      assertRefused(() -> list.add(2L));
      assertRefused(() -> list.set(0, 2L));
      assertEquals(List.of(1L), list);
      RingLog<Long> log = RingLog.named(fixture.allocator, "log", codec, RingLogSpec.of(4, 100));
      log.append(1L);
      assertRefused(() -> log.append(2L));
      assertEquals(1, log.size());
      CounterMap<Long> counters = CounterMap.named(fixture.allocator, "counters", codec);
      counters.add(1L, 1);
      assertRefused(() -> counters.add(1L, 1));
      assertEquals(1, counters.get(1L));
      Queue<Long> channel =
          Channel.named(fixture.allocator, "channel", ChannelSpec.stream(4096))
              .asBlockingQueue(codec);
      channel.add(1L);
      assertRefused(() -> channel.add(2L));
      assertEquals(1L, channel.poll());
      assertEquals(0, channel.size());
    }
  }

  @Test
  void anObjectStaysAsItIs() {
    try (StructureFixture fixture = new StructureFixture()) {
      SharedObject<Long> object = SharedObject.named(fixture.allocator, "object", codec, 16);
      object.set(1L);
      assertRefused(() -> object.set(2L));
      assertEquals(1L, object.get().orElseThrow());
      Codec<List<Long>> nested = Codecs.lists(codec);
      SharedObject<List<Long>> parts = SharedObject.named(fixture.allocator, "parts", nested, 100);
      parts.set(List.of(1L, 2L));
      assertRefused(() -> parts.set(List.of(3L, 4L)));
      assertEquals(List.of(1L, 2L), parts.get().orElseThrow());
    }
  }

  @Test
  void bytesThatAreTooFewAreNoObject() {
    assertThrows(CodecException.class, () -> codec.decode(new byte[7]));
  }

  /** Numbers of 8 bytes that say that they are in a format of the library. */
  private record Reserved(int id) implements OrderedCodec<Long> {
    @Override
    public int length(Long object) {
      return Long.BYTES;
    }

    @Override
    public void encode(Long object, ByteBuffer to) {
      to.putLong(object);
    }

    @Override
    public Long decode(ByteBuffer from) {
      return from.getLong();
    }

    @Override
    public Comparator<Long> comparator() {
      return Comparator.naturalOrder();
    }
  }

  private static List<Executable> takers(StructureFixture fixture, Reserved codec) {
    Allocator allocator = fixture.allocator;
    return List.of(
        () -> SharedMap.named(allocator, "a", codec, Codecs.longs()),
        () -> SharedMap.named(allocator, "b", Codecs.longs(), codec),
        () -> SharedSortedMap.named(allocator, "c", SortedMapSpec.of(codec, Codecs.longs())),
        () -> SharedSortedMap.named(allocator, "d", SortedMapSpec.of(OrderedCodecs.longs(), codec)),
        () -> SharedQueue.named(allocator, "e", codec),
        () -> SharedDeque.named(allocator, "f", codec),
        () -> SharedList.named(allocator, "g", codec),
        () -> RingLog.named(allocator, "h", codec, RingLogSpec.of(4, 100)),
        () -> CounterMap.named(allocator, "i", codec),
        () -> SharedObject.named(allocator, "j", codec, 16).set(1L),
        () -> SharedObject.named(allocator, "k", Codecs.lists(codec), 16).set(List.of()),
        () ->
            SharedSortedMap.named(
                allocator,
                "l",
                SortedMapSpec.of(
                    OrderedCodecs.pairs(codec, OrderedCodecs.longs()), Codecs.longs())),
        () ->
            SharedSortedMap.named(
                allocator, "m", SortedMapSpec.of(OrderedCodecs.reversed(codec), codec)));
  }

  @Test
  void anIdOfTheLibraryIsRefusedFromAProgramsCodec() throws Throwable {
    for (int id : new int[] {0, 32, 258, 1023}) {
      try (StructureFixture fixture = new StructureFixture()) {
        for (Executable taker : takers(fixture, new Reserved(id))) {
          String message = assertThrows(IllegalArgumentException.class, taker).getMessage();
          assertTrue(message.contains("Reserved") && message.contains("1023"), message);
        }
      }
    }
    for (int id : new int[] {-1, 1024, 70_000}) {
      try (StructureFixture fixture = new StructureFixture()) {
        for (Executable taker : takers(fixture, new Reserved(id))) {
          taker.execute();
        }
      }
    }
  }
}
