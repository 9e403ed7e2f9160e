package dev.rszshm.structures.channel;

import static dev.rszshm.structures.channel.Kinds.bytes;
import static dev.rszshm.structures.channel.Kinds.message;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.internal.ring.RingLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels that hold messages. */
class BufferedTest {
  private Heap heap;

  static List<ChannelSpec> buffered() {
    return Kinds.buffered();
  }

  @BeforeEach
  void open() {
    heap = Kinds.heap();
  }

  @AfterEach
  void close() {
    heap.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 254, 255, 256, 257})
  void aChannelHoldsExactlyAsManyMessagesAsItsDepthInEveryLap(int depth) {
    ChannelSpec spec = ChannelSpec.of(depth, Width.variable(3));
    Channel channel = Kinds.channel(heap, spec);
    for (int lap = 0; lap < 5; lap++) {
      for (int i = 0; i < depth; i++) {
        assertEquals(depth - i, channel.remainingCapacity());
        assertEquals(i, channel.size());
        assertTrue(channel.trySend(message(spec, i)));
      }
      assertFalse(channel.trySend(message(spec, 0)));
      assertEquals(0, channel.remainingCapacity());
      for (int i = 0; i < depth; i++) {
        assertArrayEquals(message(spec, i), channel.tryReceive().orElseThrow());
      }
      assertTrue(channel.tryReceive().isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 254, 255, 256, 65535, 65536})
  void lengthsAtTheEdgesArePreserved(int width) throws InterruptedException {
    for (ChannelSpec spec :
        List.of(ChannelSpec.of(2, Width.variable(width)), ChannelSpec.stream(1024 + 8 * width))) {
      try (Heap one = Kinds.heap()) {
        Channel channel = Kinds.channel(one, spec);
        for (int length : new int[] {0, 1, width - 1, width, width / 2}) {
          channel.send(bytes(length, length));
          assertArrayEquals(bytes(length, length), channel.receiveUninterruptibly());
        }
      }
    }
  }

  @Test
  void aMessageOfAnotherLengthThanTheChannelHasIsAnException() {
    ChannelSpec fixed = ChannelSpec.of(2, Width.fixed(8));
    Channel channel = Kinds.channel(heap, fixed);
    for (int length : new int[] {0, 7, 9}) {
      String said =
          assertThrows(MessageLengthException.class, () -> channel.send(new byte[length]))
              .getMessage();
      assertTrue(said.contains("found a message of " + length + " bytes, expected 8"), said);
    }
    assertThrows(MessageLengthException.class, () -> channel.claim(9));
    assertThrows(MessageLengthException.class, () -> channel.sendAll(List.of(new byte[9])));
    assertEquals(0, channel.size());
  }

  @Test
  void aMessageLongerThanTheWidthIsAnException() {
    Channel channel = Kinds.channel(heap, ChannelSpec.of(2, Width.variable(8)));
    String said =
        assertThrows(MessageLengthException.class, () -> channel.trySend(new byte[9])).getMessage();
    assertTrue(said.contains("found a message of 9 bytes, expected at most 8"), said);
  }

  @Test
  void aMessageWithContentIsAnExceptionWhereTheyHaveNone() throws InterruptedException {
    Channel channel = Kinds.channel(heap, ChannelSpec.of(2, Width.empty()));
    assertThrows(MessageLengthException.class, () -> channel.send(new byte[1]));
    channel.send();
    assertArrayEquals(new byte[0], channel.receive());
  }

  @Test
  void aMessageThatDoesNotFitIntoTheArrayStays() throws InterruptedException {
    Channel channel = Kinds.channel(heap, ChannelSpec.of(2, Width.variable(8)));
    channel.sendUninterruptibly(bytes(8, 1));
    String said =
        assertThrows(MessageLengthException.class, () -> channel.tryReceive(new byte[7]))
            .getMessage();
    assertTrue(said.contains("has 8 bytes, and there is room for 7"), said);
    assertThrows(MessageLengthException.class, () -> channel.receive(new byte[9], 1, 7));
    long to = heap.length() - 64;
    assertThrows(MessageLengthException.class, () -> channel.receiveInto(to, 7));
    byte[] into = new byte[10];
    assertEquals(8, channel.receive(into, 1, 9));
    assertArrayEquals(bytes(8, 1), java.util.Arrays.copyOfRange(into, 1, 9));
    assertTrue(channel.tryReceive(into).isEmpty());
  }

  @Test
  void rangesOutsideTheArrayOrTheHeapAreExceptions() {
    Channel channel = Kinds.channel(heap, ChannelSpec.of(2, Width.variable(8)));
    byte[] array = new byte[4];
    assertThrows(IndexOutOfBoundsException.class, () -> channel.send(array, 1, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> channel.send(array, -1, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> channel.receive(array, 1, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> channel.sendFrom(0, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> channel.receiveInto(heap.span(), 4));
    assertThrows(IllegalArgumentException.class, () -> channel.receiveAll(0));
    assertEquals(0, channel.size());
  }

  @Test
  void withDepthOneSenderAndReceiverTakeTurns() {
    Channel channel = Kinds.channel(heap, ChannelSpec.of(1, Width.fixed(1)));
    for (int i = 0; i < 100; i++) {
      assertTrue(channel.trySend(bytes(1, i)));
      assertFalse(channel.trySend(bytes(1, i + 1)));
      assertArrayEquals(bytes(1, i), channel.tryReceive().orElseThrow());
      assertTrue(channel.tryReceive().isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("buffered")
  void aClaimIsSentWhenItIsCommittedInTheOrderOfClaims(ChannelSpec spec)
      throws InterruptedException {
    Channel channel = Kinds.channel(heap, spec);
    byte[] message = message(spec, 17);
    try (Claim claim = channel.claim(message.length)) {
      heap.putBytes(claim.offset(), message);
      boolean second = channel.trySend(message(spec, 2));
      assertEquals(spec.depth() > 1, second);
      assertTrue(channel.tryReceive().isEmpty(), "what was claimed first is received first");
      claim.commit();
      assertThrows(IllegalStateException.class, claim::commit);
      assertThrows(IllegalStateException.class, claim::abort);
      assertArrayEquals(message, channel.tryReceive().orElseThrow());
      assertEquals(second, channel.tryReceive().isPresent());
    }
  }

  @ParameterizedTest
  @MethodSource("buffered")
  void aClaimThatIsGivenUpIsNotReceivedAndItsRoomIsFree(ChannelSpec spec)
      throws InterruptedException {
    Channel channel = Kinds.channel(heap, spec);
    for (int i = 0; i < 20; i++) {
      channel.claim(message(spec, i).length).abort();
      try (Claim claim = channel.claimUninterruptibly(message(spec, i).length)) {
        assertTrue(claim.offset() > channel.offset());
      }
    }
    assertTrue(channel.trySend(message(spec, 4)));
    assertArrayEquals(message(spec, 4), channel.tryReceive().orElseThrow());
  }

  @ParameterizedTest
  @MethodSource("buffered")
  void theRoomOfAMessageThatIsReadInPlaceIsNotUsedBeforeItIsClosed(ChannelSpec spec)
      throws Exception {
    Channel channel = Kinds.channel(heap, spec);
    byte[] first = message(spec, 19);
    channel.send(first);
    Message taken = channel.take();
    int sent = 0;
    while (channel.trySend(message(spec, sent))) {
      sent++;
    }
    assertTrue(spec.isStream() || sent == spec.depth() - 1);
    for (int i = 0; i < sent; i++) {
      assertArrayEquals(message(spec, i), channel.receive());
    }
    assertArrayEquals(first, taken.toBytes());
    taken.close();
    taken.close();
    assertThrows(IllegalStateException.class, taken::offset);
  }

  @Test
  void asManyMessagesCanBeOpenAsThereArePins() throws InterruptedException {
    Channel channel = Kinds.channel(heap, ChannelSpec.of(100, Width.fixed(4)));
    List<Message> open = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      channel.sendUninterruptibly(bytes(4, i));
    }
    for (int i = 0; i < RingLayout.PIN_COUNT; i++) {
      open.add(channel.takeUninterruptibly());
    }
    assertThrows(IllegalStateException.class, channel::take);
    assertEquals(0, channel.remainingCapacity());
    open.remove(30).close();
    assertEquals(0, channel.remainingCapacity(), "older ones are open");
    for (int i = 0; i < 30; i++) {
      open.remove(0).close();
    }
    assertEquals(31, channel.remainingCapacity());
    for (Message message : open) {
      message.close();
    }
    assertEquals(64, channel.remainingCapacity());
    assertArrayEquals(bytes(4, 64), channel.receive());
  }

  @Test
  void aTimedClaimIsGivenUp() throws Exception {
    Channel channel = Kinds.channel(heap, ChannelSpec.of(1, Width.fixed(4)));
    channel.send(bytes(4, 1));
    assertTrue(channel.claim(4, Duration.ofMillis(1)).isEmpty());
    channel.receive();
    channel.claim(4, Duration.ofMillis(1)).orElseThrow().commit();
    assertEquals(4, channel.receive().length);
  }

  @Test
  void theMethodsOfAClosedHeapAreExceptions() throws InterruptedException {
    Channel channel = Kinds.channel(heap, ChannelSpec.of(1, Width.fixed(4)));
    Claim claim = channel.claim(4);
    heap.close();
    assertThrows(IllegalStateException.class, () -> channel.trySend(new byte[4]));
    assertThrows(IllegalStateException.class, channel::tryReceive);
    assertThrows(IllegalStateException.class, channel::size);
    assertThrows(IllegalStateException.class, channel::shutdown);
    assertThrows(IllegalStateException.class, claim::commit);
    claim.close();
  }
}
