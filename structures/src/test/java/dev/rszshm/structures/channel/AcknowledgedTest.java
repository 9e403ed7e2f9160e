package dev.rszshm.structures.channel;

import static dev.rszshm.structures.channel.TwoProcesses.get;
import static dev.rszshm.structures.channel.TwoProcesses.start;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages that receivers acknowledge. */
class AcknowledgedTest {
  private static final ChannelSpec THREE = ChannelSpec.of(3, Width.variable(20)).acknowledged();

  private final TwoProcesses processes = new TwoProcesses();

  @AfterEach
  void close() {
    processes.close();
  }

  private Channel channel(Heap heap, ChannelSpec spec) {
    return Channel.at(heap, processes.offset, spec);
  }

  private Channel here() {
    return channel(processes.here, THREE);
  }

  private Channel there() {
    return channel(processes.there, THREE);
  }

  private static void send(Channel channel, int... numbers) throws InterruptedException {
    for (int number : numbers) {
      channel.send(new byte[] {(byte) number});
    }
  }

  private static int number(Message message) {
    return message.toBytes()[0];
  }

  @Test
  void aThreadWaitsForTheLastMessageThatAnotherThreadMayGiveBack() throws Exception {
    send(here(), 1);
    Channel channel = there();
    Message held = channel.take();
    here().shutdown();
    assertEquals(0, channel.size());
    assertEquals(1, channel.unacknowledged());
    assertThrows(ChannelShutdownException.class, channel::tryTake, "nobody else has anything");
    CompletableFuture<Boolean> another =
        CompletableFuture.supplyAsync(() -> channel.tryTake().isEmpty());
    assertTrue(another.get(), "it may be given back");
    CompletableFuture<Integer> patient =
        CompletableFuture.supplyAsync(
            () -> {
              try (Message again = channel.takeUninterruptibly()) {
                again.done();
                return again.deliveries();
              }
            });
    held.close();
    assertEquals(2, patient.get());
    assertEquals(0, channel.unacknowledged());
    CompletableFuture.runAsync(() -> assertThrows(ChannelShutdownException.class, channel::tryTake))
        .get();
  }

  @Test
  void whatIsDoneIsNotGivenAgain() throws Exception {
    send(here(), 1, 2);
    try (Message message = there().take()) {
      assertEquals(1, number(message));
      assertEquals(1, message.deliveries());
      message.done();
      assertThrows(IllegalStateException.class, message::done);
      assertThrows(IllegalStateException.class, message::offset);
    }
    processes.there.close();
    assertEquals(2, here().receive()[0]);
    assertTrue(here().tryTake().isEmpty());
  }

  @Test
  void whatTheDeadHadIsGivenAgainInOrderBeforeTheRest() throws Exception {
    send(here(), 1, 2, 3);
    there().take();
    there().take();
    assertEquals(1, here().size());
    processes.there.close();
    List<Integer> order = new ArrayList<>();
    List<Integer> deliveries = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Message message = here().tryTake().orElseThrow();
      order.add(number(message));
      deliveries.add(message.deliveries());
      message.done();
    }
    assertEquals(List.of(1, 2, 3), order);
    assertEquals(List.of(2, 2, 1), deliveries);
    assertTrue(here().tryTake().isEmpty());
  }

  @Test
  void aReceiverThatWaitsGetsWhatTheDeadHad() throws Exception {
    send(here(), 1);
    there().take();
    FutureTask<byte[]> waiting = start(() -> here().receive(Duration.ofMinutes(3)).orElseThrow());
    processes.there.close();
    assertArrayEquals(new byte[] {1}, get(waiting));
  }

  @Test
  void whatIsClosedIsGivenBackAndCounted() throws Exception {
    send(here(), 1, 2);
    for (int i = 1; i <= 70; i++) {
      try (Message message = here().take()) {
        assertEquals(1, number(message));
        assertEquals(Math.min(i, 63), message.deliveries());
      }
    }
    assertEquals(1, there().receive()[0]);
    assertEquals(2, there().receive()[0]);
  }

  @Test
  void theRoomOfAMessageIsKeptUntilItIsDone() throws Exception {
    send(here(), 1, 2, 3);
    Message first = there().take();
    there().take().done();
    assertFalse(here().trySend(new byte[] {4}));
    assertEquals(1, number(first));
    first.done();
    assertTrue(here().trySend(new byte[] {4}));
    assertTrue(here().trySend(new byte[] {5}));
    assertFalse(here().trySend(new byte[] {6}));
  }

  @Test
  void theRoomOfAMessageThatTheDeadHadIsKeptToo() throws Exception {
    send(here(), 1, 2, 3);
    there().take();
    there().take().done();
    processes.there.close();
    assertFalse(here().trySend(new byte[] {4}));
    assertEquals(0, here().remainingCapacity());
    assertEquals(1, here().receive()[0]);
    assertTrue(here().trySend(new byte[] {4}));
  }

  @Test
  void manyLapsAreReceivedOnceAndInOrder() throws Exception {
    for (ChannelSpec spec : List.of(ChannelSpec.of(3, Width.fixed(1)), ChannelSpec.stream(1024))) {
      processes.clear();
      Channel one = channel(processes.here, spec.acknowledged());
      Channel other = channel(processes.there, spec.acknowledged());
      for (int i = 0; i < 500; i++) {
        send(one, i, i + 1);
        try (Message first = other.take()) {
          assertEquals((byte) i, number(first));
          assertEquals((byte) (i + 1), one.receive()[0]);
          first.done();
        }
      }
      assertEquals(0, one.size());
    }
  }

  @Test
  void receiversOfAChannelThatWasShutDownWaitForWhatOthersHave() throws Exception {
    send(here(), 1);
    Message message = there().take();
    here().shutdown();
    assertTrue(here().tryTake().isEmpty(), "another may die with it");
    FutureTask<byte[]> waiting = start(() -> here().receive());
    message.done();
    assertThrows(ChannelShutdownException.class, () -> get(waiting));
    assertThrows(ChannelShutdownException.class, () -> there().tryTake());
  }

  @Test
  void receiversWaitWhileSixtyFourMessagesAreInHands() throws Exception {
    ChannelSpec spec = ChannelSpec.of(100, Width.fixed(1)).acknowledged();
    Channel one = channel(processes.here, spec);
    List<Message> taken = new ArrayList<>();
    for (int i = 0; i < 65; i++) {
      send(one, i);
    }
    for (int i = 0; i < 64; i++) {
      taken.add(one.take());
    }
    assertTrue(one.tryTake().isEmpty());
    assertTrue(channel(processes.there, spec).take(Duration.ofMillis(1)).isEmpty());
    taken.get(9).done();
    assertEquals(64, number(one.take()));
  }

  @Test
  void aMessageForWhichThereIsNoRoomStays() throws Exception {
    here().send(new byte[20]);
    assertThrows(MessageLengthException.class, () -> there().receive(new byte[19]));
    assertEquals(20, there().tryReceive(new byte[20]).orElseThrow());
    assertTrue(here().tryReceiveAll(3).isEmpty());
  }

  @Test
  void severalAreReceivedAtOnce() throws Exception {
    send(here(), 1, 2, 3);
    assertEquals(2, there().receiveAll(2).size());
    assertEquals(1, there().receiveAll(2).size());
  }

  @Test
  void aSelectorFindsWhatIsGivenAgain() throws Exception {
    send(here(), 1);
    there().take();
    Channel channel = here();
    Selector<Channel> selector = Selector.of(channel);
    assertTrue(selector.tryAwait().isEmpty());
    processes.there.close();
    assertEquals(channel, selector.await(Duration.ofMinutes(3)).orElseThrow());
    assertEquals(2, channel.tryTake().orElseThrow().deliveries());
  }

  @Test
  void whatCannotBeAcknowledgedIsRefused() {
    ChannelSpec unbuffered = ChannelSpec.of(0, Width.fixed(1));
    assertThrows(IllegalArgumentException.class, unbuffered::acknowledged);
    Channel stream = channel(processes.here, ChannelSpec.stream(1024).acknowledged());
    assertThrows(MessageLengthException.class, () -> stream.send(new byte[129]));
    assertTrue(stream.trySend(new byte[128]));
    assertTrue(Channel.at(processes.there, processes.offset).spec().isAcknowledged());
  }
}
