package dev.rszshm.structures.channel;

import static dev.rszshm.structures.channel.Kinds.get;
import static dev.rszshm.structures.channel.Kinds.inThread;
import static dev.rszshm.structures.channel.Kinds.message;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every kind of channel does. */
class EveryKindTest {
  private static final Duration SHORT = Duration.ofMillis(1);

  private Heap heap;

  static List<ChannelSpec> all() {
    return Kinds.all();
  }

  static List<ChannelSpec> withSingleEnds() {
    return Kinds.withSingleEnds();
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
  @MethodSource("withSingleEnds")
  void whatIsSentIsReceivedInOrderWithItsLength(ChannelSpec spec) throws Exception {
    Channel channel = Kinds.channel(heap, spec);
    FutureTask<Void> sender =
        inThread(
            () -> {
              for (int i = 0; i < 500; i++) {
                channel.send(message(spec, i));
              }
              return null;
            });
    for (int i = 0; i < 500; i++) {
      assertArrayEquals(message(spec, i), channel.receive());
    }
    get(sender);
    assertTrue(channel.tryReceive().isEmpty());
    assertEquals(0, channel.size());
  }

  @ParameterizedTest
  @MethodSource("all")
  void eachMessageOfManySendersGoesToOneOfManyReceivers(ChannelSpec spec) throws Exception {
    Channel channel = Kinds.channel(heap, spec);
    int each = 300;
    AtomicInteger bytes = new AtomicInteger();
    AtomicInteger count = new AtomicInteger();
    List<FutureTask<Void>> tasks = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      tasks.add(
          inThread(
              () -> {
                for (int i = 0; i < each; i++) {
                  channel.send(message(spec, i));
                }
                return null;
              }));
    }
    List<FutureTask<Void>> receivers = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      receivers.add(
          inThread(
              () -> {
                for (byte[] message = channel.receive(); true; message = channel.receive()) {
                  count.incrementAndGet();
                  bytes.addAndGet(message.length);
                }
              }));
    }
    for (FutureTask<Void> task : tasks) {
      get(task);
    }
    channel.shutdown();
    for (FutureTask<Void> receiver : receivers) {
      Throwable end = assertThrows(ExecutionException.class, () -> get(receiver)).getCause();
      assertInstanceOf(ChannelShutdownException.class, end);
    }
    int sum = 0;
    for (int i = 0; i < each; i++) {
      sum += 2 * message(spec, i).length;
    }
    assertEquals(2 * each, count.get());
    assertEquals(sum, bytes.get());
  }

  @ParameterizedTest
  @MethodSource("all")
  void whoWaitsForAMessageIsGivenUpWhenTheTimeIsOver(ChannelSpec spec) throws Exception {
    Channel channel = Kinds.channel(heap, spec);
    assertTrue(channel.receive(SHORT).isEmpty());
    assertTrue(channel.receive(Duration.ofDays(-1)).isEmpty());
    assertTrue(channel.tryReceive().isEmpty());
    assertEquals(List.of(), channel.tryReceiveAll(5));
    assertEquals(0, channel.tryReceiveEach(5, (at, length) -> fail("there is none")));
    assertTrue(channel.tryTake().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("all")
  void whoWaitsForRoomIsGivenUpWhenTheTimeIsOverAndHasSentNothing(ChannelSpec spec)
      throws Exception {
    Channel channel = Kinds.channel(heap, spec);
    int sent = 0;
    while (channel.send(message(spec, sent), SHORT)) {
      sent++;
    }
    assertEquals(spec.isStream() ? 16 : spec.depth(), spec.isStream() ? granules(sent) : sent);
    assertFalse(channel.trySend(message(spec, sent)));
    for (int i = 0; i < sent; i++) {
      assertArrayEquals(message(spec, i), channel.receive());
    }
    assertTrue(channel.tryReceive().isEmpty());
  }

  private static int granules(int messages) {
    int granules = 0;
    for (int i = 0; i < messages; i++) {
      granules += i % 100 > 64 ? 2 : 1;
    }
    return granules;
  }

  @ParameterizedTest
  @MethodSource("all")
  void anInterruptEndsWhatMayBeInterruptedAndIsKeptByTheRest(ChannelSpec spec) throws Exception {
    Channel channel = Kinds.channel(heap, spec);
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, channel::receive);
    assertFalse(Thread.interrupted());
    FutureTask<byte[]> receiver = inThread(channel::receive);
    channel.send(message(spec, 3));
    assertArrayEquals(message(spec, 3), get(receiver));
    Thread[] waiting = new Thread[1];
    FutureTask<byte[]> interrupted =
        inThread(
            () -> {
              waiting[0] = Thread.currentThread();
              waiting[0].interrupt();
              return channel.receiveUninterruptibly();
            });
    channel.send(message(spec, 5));
    assertArrayEquals(message(spec, 5), get(interrupted));
    assertNotNull(waiting[0]);
  }

  @ParameterizedTest
  @MethodSource("withSingleEnds")
  void aClosedChannelTakesNothingAndGivesWhatItHas(ChannelSpec spec) throws Exception {
    Channel channel = Kinds.channel(heap, spec);
    assertFalse(channel.isShutdown());
    int sent = 0;
    while (sent < 2 && channel.trySend(message(spec, sent))) {
      sent++;
    }
    channel.shutdown();
    channel.shutdown();
    assertTrue(channel.isShutdown());
    assertThrows(ChannelShutdownException.class, () -> channel.trySend(message(spec, 1)));
    assertThrows(ChannelShutdownException.class, () -> channel.send(message(spec, 1)));
    assertThrows(ChannelShutdownException.class, () -> channel.send(message(spec, 1), SHORT));
    for (int i = 0; i < sent; i++) {
      assertArrayEquals(message(spec, i), channel.receive());
    }
    assertThrows(ChannelShutdownException.class, channel::receive);
    assertThrows(ChannelShutdownException.class, channel::tryReceive);
    assertThrows(ChannelShutdownException.class, () -> channel.receive(SHORT));
    assertThrows(ChannelShutdownException.class, channel::take);
    assertThrows(ChannelShutdownException.class, () -> channel.receiveAll(3));
  }

  @ParameterizedTest
  @MethodSource("withSingleEnds")
  void aFullChannelCanBeClosedAndWhoWaitsForRoomLearnsIt(ChannelSpec spec) throws Exception {
    Channel channel = Kinds.channel(heap, spec);
    int filled = 0;
    while (channel.trySend(message(spec, filled))) {
      filled++;
    }
    channel.leave();
    FutureTask<Void> sender =
        inThread(
            () -> {
              channel.send(message(spec, 7));
              return null;
            });
    FutureTask<Void> closer =
        inThread(
            () -> {
              channel.shutdown();
              return null;
            });
    get(closer);
    Throwable end = assertThrows(ExecutionException.class, () -> get(sender)).getCause();
    assertInstanceOf(ChannelShutdownException.class, end);
    for (int i = 0; i < filled; i++) {
      assertArrayEquals(message(spec, i), channel.receive());
    }
    assertThrows(ChannelShutdownException.class, channel::receive);
  }

  @ParameterizedTest
  @MethodSource("withSingleEnds")
  void whoWaitsForAMessageLearnsThatTheChannelWasClosed(ChannelSpec spec) throws Exception {
    Channel channel = Kinds.channel(heap, spec);
    FutureTask<byte[]> receiver = inThread(channel::receive);
    channel.shutdown();
    Throwable end = assertThrows(ExecutionException.class, () -> get(receiver)).getCause();
    assertInstanceOf(ChannelShutdownException.class, end);
  }

  @ParameterizedTest
  @MethodSource("withSingleEnds")
  void manyAreSentAndReceivedInOneCall(ChannelSpec spec) throws Exception {
    Channel channel = Kinds.channel(heap, spec);
    List<byte[]> messages = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      messages.add(message(spec, i));
    }
    FutureTask<Void> sender =
        inThread(
            () -> {
              channel.sendAll(messages);
              return null;
            });
    List<byte[]> received = new ArrayList<>();
    while (received.size() < messages.size()) {
      List<byte[]> some = channel.receiveAll(7);
      assertTrue(!some.isEmpty() && some.size() <= 7);
      received.addAll(some);
    }
    get(sender);
    for (int i = 0; i < 40; i++) {
      assertArrayEquals(messages.get(i), received.get(i));
    }
  }

  @ParameterizedTest
  @MethodSource("withSingleEnds")
  void messagesComeFromTheHeapAndGoIntoIt(ChannelSpec spec) throws Exception {
    Channel channel = Kinds.channel(heap, spec);
    byte[] message = message(spec, 19);
    long from = heap.length() - 4096;
    heap.putBytes(from, message);
    FutureTask<Void> sender =
        inThread(
            () -> {
              channel.sendFrom(from, message.length);
              return null;
            });
    long to = heap.length() - 2048;
    assertEquals(message.length, channel.receiveInto(to, 100));
    get(sender);
    assertArrayEquals(message, message.length == 0 ? message : heap.getBytes(to, message.length));
  }

  @ParameterizedTest
  @MethodSource("withSingleEnds")
  void aMessageIsReadWhereItIs(ChannelSpec spec) throws Exception {
    Channel channel = Kinds.channel(heap, spec);
    byte[] message = message(spec, 19);
    FutureTask<Void> sender =
        inThread(
            () -> {
              channel.send(message);
              return null;
            });
    try (Message taken = channel.take()) {
      assertEquals(message.length, taken.length());
      assertArrayEquals(message, taken.toBytes());
      get(sender);
    }
    assertTrue(channel.tryTake().isEmpty());
  }
}
