package dev.rszshm.structures.channel;

import static dev.rszshm.structures.channel.Kinds.bytes;
import static dev.rszshm.structures.channel.Kinds.get;
import static dev.rszshm.structures.channel.Kinds.inThread;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.errors.EndTakenException;
import dev.rszshm.structures.channel.errors.NotAChannelException;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.internal.ring.RingLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Channels with one sender, one receiver, or both: who can be it, and what changes with that. */
class SingleEndsTest {
  private static final ChannelSpec BOTH =
      ChannelSpec.of(8, Width.variable(20)).singleSender().singleReceiver();

  @TempDir Path directory;
  private Heap heap;

  @BeforeEach
  void open() {
    heap = Heap.builder().participants(4).length(1 << 20).create(directory.resolve("heap"));
  }

  @AfterEach
  void close() {
    heap.close();
  }

  private static EndTakenException taken(FutureTask<?> task) {
    Throwable thrown = assertThrows(ExecutionException.class, () -> get(task)).getCause();
    return (EndTakenException) thrown;
  }

  @Test
  void anotherThreadThatSendsOrReceivesIsToldWhoDoes() {
    Channel channel = Kinds.channel(heap, BOTH);
    assertTrue(channel.trySend(bytes(3, 1)));
    assertTrue(channel.tryReceive().isPresent());
    FutureTask<Boolean> sender = inThread(() -> channel.trySend(bytes(3, 2)));
    String message = taken(sender).getMessage();
    assertTrue(message.contains(Thread.currentThread().getName()), message);
    assertTrue(message.contains("single sender"), message);
    assertTrue(message.contains("expected") && message.contains("leave"), message);
    taken(inThread(() -> channel.claim(3)));
    taken(inThread(channel::tryReceive));
    taken(inThread(channel::tryTake));
    taken(inThread(() -> Selector.of(channel).tryAwait()));
    taken(inThread(() -> channel.tryReceiveAll(3)));
    taken(inThread(() -> channel.tryReceiveEach(3, (at, length) -> {})));
    assertTrue(channel.trySend(bytes(3, 3)), "who has the end goes on");
    assertArrayEquals(bytes(3, 3), channel.tryReceive().orElseThrow());
  }

  @Test
  void anotherProcessIsToldWhoDoesUntilThatOneHasClosed() {
    Channel channel = Kinds.channel(heap, BOTH);
    Heap second = Heap.builder().anyAddress().attach(directory.resolve("heap"));
    try (Heap first =
        Heap.builder().name("loader").anyAddress().attach(directory.resolve("heap"))) {
      Channel there = Channel.at(first, channel.offset());
      assertTrue(there.trySend(bytes(3, 1)));
      Channel here = Channel.at(second, channel.offset());
      EndTakenException thrown =
          assertThrows(EndTakenException.class, () -> here.trySend(bytes(3, 2)));
      assertTrue(
          thrown
              .getMessage()
              .contains(
                  "process "
                      + ProcessHandle.current().pid()
                      + " (loader) is the single sender of "),
          thrown::toString);
      assertTrue(here.tryReceive().isPresent(), "the other end is free");
      assertThrows(EndTakenException.class, there::tryReceive);
      assertEquals(0, channel.size());
    }
    assertTrue(Channel.at(second, channel.offset()).trySend(bytes(3, 2)));
    assertEquals(1, channel.size());
    second.close();
    assertArrayEquals(bytes(3, 2), channel.tryReceive().orElseThrow());
  }

  @Test
  void whoLeavesMakesRoomForAnotherAndThreadsThatHaveEndedDoSo() throws Exception {
    Channel channel = Kinds.channel(heap, BOTH);
    channel.leave();
    assertTrue(channel.trySend(bytes(3, 1)));
    assertTrue(channel.tryReceive().isPresent());
    channel.leave();
    channel.leave();
    Thread other =
        new Thread(
            () -> {
              assertTrue(channel.trySend(bytes(3, 2)));
              assertTrue(channel.tryReceive().isPresent());
              assertTrue(channel.trySend(bytes(3, 3)));
            });
    other.start();
    other.join();
    assertArrayEquals(bytes(3, 3), channel.tryReceive().orElseThrow());
    assertTrue(channel.trySend(bytes(3, 4)));
    assertArrayEquals(bytes(3, 4), channel.tryReceive().orElseThrow());
  }

  @Test
  void onlyTheEndThatIsDeclaredIsForOne() throws Exception {
    Channel one = Kinds.channel(heap, ChannelSpec.of(8, Width.variable(20)).singleSender());
    assertTrue(one.trySend(bytes(3, 1)));
    assertTrue(one.trySend(bytes(3, 2)));
    assertTrue(get(inThread(one::tryReceive)).isPresent());
    assertTrue(one.tryReceive().isPresent());
    ChannelSpec reversed = ChannelSpec.of(8, Width.variable(20)).singleReceiver();
    Channel other = Channel.at(heap, one.offset() + one.spec().length(heap), reversed);
    assertTrue(get(inThread(() -> other.trySend(bytes(3, 1)))));
    assertTrue(other.trySend(bytes(3, 2)));
    assertTrue(other.tryReceive().isPresent());
    taken(inThread(other::tryReceive));
  }

  static List<ChannelSpec> withSingleEnds() {
    return Kinds.withSingleEnds();
  }

  @ParameterizedTest
  @MethodSource("withSingleEnds")
  void aChannelSaysWhatItWasMadeFor(ChannelSpec spec) {
    Channel channel = Kinds.channel(heap, spec);
    assertEquals(spec, Channel.at(heap, channel.offset()).spec());
    assertEquals(spec, ChannelView.at(heap, channel.offset()).spec());
    assertEquals(List.of(), ChannelView.at(heap, channel.offset()).check());
    ChannelSpec other =
        new ChannelSpec(
            spec.depth(),
            spec.width(),
            spec.isAcknowledged(),
            !spec.isSingleSender(),
            spec.isSingleReceiver());
    assertThrows(NotAChannelException.class, () -> Channel.at(heap, channel.offset(), other));
  }

  @Test
  void positionsMayBeSoLargeThatTheLapsOfHeadersWrap() {
    for (long lap : new long[] {(1L << 33) - 3, (1L << 58) - 2, 1L << 32}) {
      Channel channel = Channel.at(heap, Kinds.place(heap), BOTH);
      long position = lap << 4; // 9 granules
      heap.putLong(channel.offset() + RingLayout.HEAD, position);
      heap.putLong(channel.offset() + RingLayout.TAIL, position);
      Channel from = Channel.at(heap, channel.offset());
      for (int i = 0; i < 100; i++) {
        assertTrue(from.trySend(bytes(i % 20, i)));
        assertTrue(from.trySend(bytes(i % 7, i)));
        if (i % 30 == 7) {
          from.leave();
        }
        assertArrayEquals(bytes(i % 20, i), from.tryReceive().orElseThrow());
        assertArrayEquals(bytes(i % 7, i), from.tryReceive().orElseThrow());
        assertTrue(from.tryReceive().isEmpty());
      }
      from.leave();
      heap.fill(channel.offset(), BOTH.length(heap), (byte) 0);
    }
  }

  @Test
  void aSenderThatWaitsForRoomFindsTheFirstThatIsFree() throws Exception {
    ChannelSpec large = ChannelSpec.of(64, Width.fixed(8)).singleSender().singleReceiver();
    Channel channel = Kinds.channel(heap, large);
    FutureTask<Void> sender =
        inThread(
            () -> {
              for (int i = 0; i < 65; i++) {
                channel.send(bytes(8, i));
              }
              return null;
            });
    while (channel.size() < 64) {
      Thread.onSpinWait();
    }
    assertArrayEquals(bytes(8, 0), channel.receive());
    get(sender);
    for (int i = 1; i < 65; i++) {
      assertArrayEquals(bytes(8, i), channel.receive());
    }
  }

  @Test
  void claimsAreCommittedInAnyOrderAndReceivedInThatOfTheirRoom() throws Exception {
    Channel channel = Kinds.channel(heap, BOTH);
    Claim first = channel.claim(2);
    Claim second = channel.claim(3);
    assertTrue(channel.trySend(bytes(4, 3)));
    heap.putBytes(second.offset(), bytes(3, 2));
    second.commit();
    assertTrue(channel.tryReceive().isEmpty());
    heap.putBytes(first.offset(), bytes(2, 1));
    first.commit();
    assertArrayEquals(bytes(2, 1), channel.tryReceive().orElseThrow());
    assertArrayEquals(bytes(3, 2), channel.tryReceive().orElseThrow());
    channel.claim(5).abort();
    assertArrayEquals(bytes(4, 3), channel.tryReceive().orElseThrow());
    assertTrue(channel.tryReceive().isEmpty());
  }

  @Test
  void aViewAsAQueueTakesWhatItIsGiven() throws Exception {
    Channel channel = Kinds.channel(heap, BOTH);
    BlockingQueue<String> queue = channel.asBlockingQueue(Codecs.strings());
    FutureTask<Void> sender =
        inThread(
            () -> {
              for (int i = 0; i < 100; i++) {
                queue.put("number " + i);
              }
              return null;
            });
    Selector<Channel> selector = Selector.of(channel);
    for (int i = 0; i < 100; i++) {
      assertTrue(selector.await(Duration.ofMinutes(3)).isPresent());
      assertEquals("number " + i, queue.take());
    }
    get(sender);
    assertFalse(channel.isShutdown());
  }

  @Test
  void aShutdownByAnotherProcessEndsItForBoth() {
    Channel channel = Kinds.channel(heap, BOTH);
    assertTrue(channel.trySend(bytes(3, 1)));
    try (Heap other = Heap.builder().anyAddress().attach(directory.resolve("heap"))) {
      Channel.at(other, channel.offset()).shutdown();
      assertTrue(ChannelView.at(other, channel.offset()).isShutdown());
      assertEquals(List.of(), ChannelView.at(other, channel.offset()).check());
    }
    assertThrows(
        dev.rszshm.structures.channel.errors.ChannelShutdownException.class,
        () -> channel.trySend(bytes(3, 2)));
    assertArrayEquals(bytes(3, 1), channel.tryReceive().orElseThrow());
    assertThrows(
        dev.rszshm.structures.channel.errors.ChannelShutdownException.class, channel::tryReceive);
  }
}
