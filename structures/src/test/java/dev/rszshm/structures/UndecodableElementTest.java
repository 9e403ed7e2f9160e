package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecException;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.queue.SharedDeque;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.sorted.OrderedCodec;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.function.ThrowingSupplier;

/** What is taken and cannot be decoded is in the exception, and holds up nobody. */
class UndecodableElementTest {
  /** Thrown by the codec. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Numbers of 8 bytes, of which it does not decode 13 to 16, each in a way of its own. */
  private static final class Picky implements Codec<Long> {
    @Override
    public int length(Long object) {
      return Long.BYTES;
    }

    @Override
    public void encode(Long object, ByteBuffer to) {
      to.putLong(object);
    }

    @Override
    @SuppressWarnings("NullAway")
    public Long decode(ByteBuffer from) {
      long found = from.getLong();
      if (found == 13) {
        throw new CodecException("found 13, expected another number");
      } else if (found == 14) {
        throw new Refusal();
      } else if (found == 16) {
        throw new AssertionError("16");
      }
      return found == 15 ? null : found;
    }

    @Override
    public String toString() {
      return "Picky";
    }
  }

  /** Numbers from 0 on in the order of their bytes, of which it does not decode 13. */
  private static final class PickyKeys implements OrderedCodec<Long> {
    @Override
    public int length(Long object) {
      return Long.BYTES;
    }

    @Override
    public void encode(Long object, ByteBuffer to) {
      to.order(ByteOrder.BIG_ENDIAN).putLong(object);
    }

    @Override
    public Long decode(ByteBuffer from) {
      long found = from.order(ByteOrder.BIG_ENDIAN).getLong();
      if (found == 13) {
        throw new CodecException("found 13, expected another number");
      }
      return found;
    }

    @Override
    public Comparator<Long> comparator() {
      return Comparator.naturalOrder();
    }

    @Override
    public String toString() {
      return "Picky keys";
    }
  }

  private final Picky codec = new Picky();

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
  }

  private static void assertTaken(long number, Executable taker) {
    CodecException thrown = assertThrows(CodecException.class, taker);
    assertArrayEquals(bytes(number), thrown.takenBytes().orElseThrow());
    assertTrue(thrown.getMessage().contains("Picky"), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("takenBytes()"), thrown.getMessage());
    if (number == 14) {
      assertSame(Refusal.class, thrown.getCause().getClass());
    }
  }

  private static void assertTakenOnce(BlockingQueue<Long> queue, ThrowingSupplier<Long> taker)
      throws Throwable {
    for (long number = 13; number <= 15; number++) {
      queue.put(number);
      queue.put(number + 100);
      assertTaken(number, taker::get);
      assertEquals(number + 100, taker.get());
      assertEquals(0, queue.size());
    }
    queue.put(16L);
    AssertionError error = assertThrows(AssertionError.class, taker::get);
    CodecException suppressed = (CodecException) error.getSuppressed()[0];
    assertArrayEquals(bytes(16), suppressed.takenBytes().orElseThrow());
    assertEquals(0, queue.size());
  }

  private static void assertDrained(BlockingQueue<Long> queue) throws InterruptedException {
    for (long number : new long[] {1, 13, 2}) {
      queue.put(number);
    }
    List<Long> target = new ArrayList<>();
    assertTaken(13, () -> queue.drainTo(target));
    assertEquals(List.of(1L), target);
    assertEquals(1, queue.drainTo(target));
    assertEquals(List.of(1L, 2L), target);
  }

  @Test
  void theTakerOfAQueueGetsTheBytes() throws Throwable {
    try (StructureFixture fixture = new StructureFixture()) {
      SharedQueue<Long> queue = SharedQueue.named(fixture.allocator, "queue", codec);
      assertTakenOnce(queue, queue::take);
      assertTakenOnce(queue, queue::takeUninterruptibly);
      assertTakenOnce(queue, queue::poll);
      assertTakenOnce(queue, queue::remove);
      assertTakenOnce(queue, () -> queue.poll(1, TimeUnit.SECONDS));
      assertTakenOnce(queue, () -> queue.poll(Duration.ofSeconds(1)).orElseThrow());
      assertDrained(queue);
    }
  }

  @Test
  void theTakerOfADequeGetsTheBytes() throws Throwable {
    try (StructureFixture fixture = new StructureFixture()) {
      SharedDeque<Long> deque = SharedDeque.named(fixture.allocator, "deque", codec);
      assertTakenOnce(deque, deque::take);
      assertTakenOnce(deque, deque::pop);
      assertTakenOnce(deque, deque::pollFirst);
      assertTakenOnce(deque, () -> deque.pollFirst(1, TimeUnit.SECONDS));
      assertTakenOnce(deque, () -> deque.pollFirst(Duration.ofSeconds(1)).orElseThrow());
      assertDrained(deque);
      assertTakenAtTheLastEnd(deque, deque::takeLast);
      assertTakenAtTheLastEnd(deque, deque::pollLast);
      assertTakenAtTheLastEnd(deque, () -> deque.pollLast(1, TimeUnit.SECONDS));
    }
  }

  private static void assertTakenAtTheLastEnd(
      BlockingDeque<Long> deque, ThrowingSupplier<Long> taker) throws Throwable {
    deque.addAll(List.of(1L, 14L));
    assertTaken(14, taker::get);
    assertEquals(1L, taker.get());
  }

  @Test
  void theReceiverOfAChannelGetsTheBytes() throws Throwable {
    try (StructureFixture fixture = new StructureFixture()) {
      BlockingQueue<Long> queue =
          Channel.named(fixture.allocator, "channel", ChannelSpec.stream(4096))
              .asBlockingQueue(codec);
      assertTakenOnce(queue, queue::take);
      assertTakenOnce(queue, queue::poll);
      assertTakenOnce(queue, () -> queue.poll(1, TimeUnit.SECONDS));
      assertDrained(queue);
    }
  }

  @Test
  void whoOnlyLooksLeavesTheElementWhereItIs() {
    try (StructureFixture fixture = new StructureFixture()) {
      SharedQueue<Long> queue = SharedQueue.named(fixture.allocator, "queue", codec);
      SharedDeque<Long> deque = SharedDeque.named(fixture.allocator, "deque", codec);
      for (BlockingQueue<Long> each : List.of(queue, deque)) {
        each.add(13L);
        CodecException thrown = assertThrows(CodecException.class, each::peek);
        assertTrue(thrown.takenBytes().isEmpty());
        assertEquals(1, each.size());
      }
      SharedQueue<byte[]> queueOfBytes = SharedQueue.find(fixture.allocator, "queue").orElseThrow();
      SharedDeque<byte[]> dequeOfBytes = SharedDeque.find(fixture.allocator, "deque").orElseThrow();
      for (BlockingQueue<byte[]> each : List.of(queueOfBytes, dequeOfBytes)) {
        assertArrayEquals(bytes(13), each.poll());
        assertTrue(each.isEmpty());
      }
    }
  }

  @Test
  void whoReplacesOrRemovesAValueGetsTheBytes() {
    try (StructureFixture fixture = new StructureFixture()) {
      for (Map<Long, Long> map :
          List.of(
              SharedMap.named(fixture.allocator, "map", Codecs.longs(), codec),
              SharedSortedMap.named(
                  fixture.allocator, "sorted", SortedMapSpec.of(OrderedCodecs.longs(), codec)))) {
        map.put(1L, 13L);
        CodecException stays = assertThrows(CodecException.class, () -> map.putIfAbsent(1L, 14L));
        assertTrue(stays.takenBytes().isEmpty());
        assertEquals(1, map.size());
        assertTaken(13, () -> map.put(1L, 14L));
        assertTaken(14, () -> map.remove(1L));
        assertTrue(map.isEmpty());
      }
      SharedList<Long> list = SharedList.named(fixture.allocator, "list", codec);
      list.add(14L);
      assertTaken(14, () -> list.set(0, 1L));
      assertEquals(List.of(1L), list);
    }
  }

  @Test
  void whoTakesAnEntryGetsTheBytesOfBothHalves() {
    try (StructureFixture fixture = new StructureFixture()) {
      SharedSortedMap<Long, Long> map =
          SharedSortedMap.named(
              fixture.allocator, "sorted", SortedMapSpec.of(new PickyKeys(), codec));
      map.set(12L, 14L);
      CodecException ofValue = assertThrows(CodecException.class, map::pollFirstEntry);
      assertArrayEquals(bytes(14), ofValue.takenBytes().orElseThrow());
      assertArrayEquals(bytes(Long.reverseBytes(12)), suppressed(ofValue));
      map.set(13L, 7L);
      CodecException ofKey = assertThrows(CodecException.class, map::pollLastEntry);
      assertArrayEquals(bytes(Long.reverseBytes(13)), ofKey.takenBytes().orElseThrow());
      assertArrayEquals(bytes(7), suppressed(ofKey));
      assertEquals(0, map.check().entries());
    }
  }

  private static byte[] suppressed(CodecException thrown) {
    return ((CodecException) thrown.getSuppressed()[0]).takenBytes().orElseThrow();
  }
}
