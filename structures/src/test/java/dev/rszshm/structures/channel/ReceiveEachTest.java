package dev.rszshm.structures.channel;

import static dev.rszshm.structures.channel.Kinds.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.internal.ring.RingLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many messages are received in one step, where they are. */
@Timeout(180)
class ReceiveEachTest {
  private static final ChannelSpec TEN = ChannelSpec.of(10, Width.fixed(8));

  private Heap heap;

  @BeforeEach
  void open() {
    heap = Kinds.heap();
  }

  @AfterEach
  void close() {
    heap.close();
  }

  static Stream<ChannelSpec> specs() {
    return Stream.of(
        TEN,
        TEN.singleReceiver(),
        TEN.singleSender().singleReceiver(),
        TEN.acknowledged(),
        ChannelSpec.of(10, Width.variable(20)),
        ChannelSpec.stream(2048));
  }

  private List<Long> receive(Channel channel, int most) throws InterruptedException {
    List<Long> numbers = new ArrayList<>();
    int count = channel.receiveEach(most, (offset, length) -> numbers.add(heap.getLong(offset)));
    assertEquals(numbers.size(), count);
    return numbers;
  }

  private void send(Channel channel, long... numbers) throws InterruptedException {
    for (long number : numbers) {
      byte[] message = new byte[8];
      for (int i = 0; i < 8; i++) {
        message[i] = (byte) (number >>> 8 * i);
      }
      channel.send(message);
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void atMostSoManyAreReceivedInTheirOrder(ChannelSpec spec) throws Exception {
    Channel channel = Kinds.channel(heap, spec);
    List<Long> received = new ArrayList<>();
    for (long i = 0; i < 100; i += 5) { // many laps
      send(channel, i, i + 1, i + 2, i + 3, i + 4);
      List<Long> three = receive(channel, 3);
      assertTrue(three.size() <= 3, three::toString);
      received.addAll(three);
      while (received.size() < i + 5) {
        received.addAll(receive(channel, 100));
      }
    }
    assertEquals(IntStream.range(0, 100).mapToObj(i -> (long) i).toList(), received);
    assertEquals(0, channel.tryReceiveEach(3, (offset, length) -> {}));
    channel.shutdown();
    assertThrows(ChannelShutdownException.class, () -> receive(channel, 3));
  }

  @ParameterizedTest
  @MethodSource("specs")
  void roomIsUsedAgainWhenAllAreHandledAndNotBefore(ChannelSpec spec) throws Exception {
    Channel channel = Kinds.channel(heap, spec);
    int sent = 0;
    while (channel.trySend(bytes(8, sent))) {
      sent++;
    }
    List<byte[]> first = new ArrayList<>();
    List<Boolean> room = new ArrayList<>();
    FutureTask<Boolean> another = new FutureTask<>(() -> channel.trySend(bytes(8, 0)));
    int count =
        channel.receiveEach(
            sent,
            (offset, length) -> {
              if (room.isEmpty()) {
                room.add(!spec.equals(TEN) || channel.trySend(bytes(8, 77)));
              }
              first.add(heap.getBytes(offset, length));
            });
    assertEquals(spec.equals(TEN) ? List.of(false) : List.of(true), room, "it is kept meanwhile");
    for (int i = 0; i < count; i++) {
      assertArrayEquals(bytes(8, i), first.get(i));
    }
    if (!spec.equals(TEN.singleSender().singleReceiver())) {
      new Thread(another).start();
      assertTrue(another.get(), "then it is there");
    } else {
      assertTrue(channel.trySend(bytes(8, 0)), "then it is there");
    }
  }

  @Test
  void whatIsThrownForOneIsThrownWhenAllAreHandled() throws Exception {
    Channel channel = Kinds.channel(heap, TEN);
    send(channel, 0, 1, 2, 3, 4);
    List<Long> seen = new ArrayList<>();
    IllegalStateException first = new IllegalStateException("of 1");
    StackOverflowError second = new StackOverflowError("of 3");
    MessageHandler handler =
        (offset, length) -> {
          long number = heap.getLong(offset);
          seen.add(number);
          if (number == 1) {
            throw first;
          }
          if (number == 3) {
            throw second;
          }
        };
    assertSame(
        first, assertThrows(IllegalStateException.class, () -> channel.receiveEach(5, handler)));
    assertEquals(List.of(0L, 1L, 2L, 3L, 4L), seen);
    assertEquals(List.of(second), Arrays.asList(first.getSuppressed()));
    assertEquals(10, channel.remainingCapacity(), "no room is kept");
  }

  /** As Kotlin has them. */
  @Test
  void checkedExceptionsAreThrownAsTheyAre() throws Exception {
    Channel channel = Kinds.channel(heap, TEN);
    send(channel, 0, 1, 2);
    List<Long> seen = new ArrayList<>();
    IOException checked = new IOException("of each");
    MessageHandler handler =
        (offset, length) -> {
          seen.add(heap.getLong(offset));
          ReceiveEachTest.<RuntimeException>throwUnchecked(checked);
        };
    assertSame(checked, assertThrows(IOException.class, () -> channel.receiveEach(5, handler)));
    assertEquals(List.of(0L, 1L, 2L), seen);
    assertEquals(0, checked.getSuppressed().length);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void throwUnchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Test
  void whatIsThrownFirstIsThrownAlsoWhereTheHandlerClosesTheHeap() throws Exception {
    Channel channel = Kinds.channel(heap, TEN);
    send(channel, 0, 1);
    IllegalArgumentException first = new IllegalArgumentException("of the first");
    MessageHandler handler =
        (offset, length) -> {
          heap.close();
          throw first;
        };
    assertSame(
        first, assertThrows(IllegalArgumentException.class, () -> channel.receiveEach(5, handler)));
  }

  @Test
  void noPinIsKeptWhateverIsThrown() throws Exception {
    Channel channel = Kinds.channel(heap, TEN);
    for (int i = 0; i < 3 * RingLayout.PIN_COUNT; i++) {
      send(channel, i);
      assertThrows(
          StackOverflowError.class,
          () ->
              channel.receiveEach(
                  2,
                  (offset, length) -> {
                    throw new StackOverflowError();
                  }));
    }
    assertEquals(10, channel.remainingCapacity());
  }

  @Test
  void aMessageThatIsAcknowledgedIsGivenAgainIfItsHandlerThrows() throws Exception {
    Channel channel = Kinds.channel(heap, TEN.acknowledged());
    send(channel, 0, 1, 2, 3);
    List<Long> seen = new ArrayList<>();
    MessageHandler handler =
        (offset, length) -> {
          seen.add(heap.getLong(offset));
          if (seen.size() == 2) {
            throw new IllegalArgumentException("of the second");
          }
        };
    assertThrows(IllegalArgumentException.class, () -> channel.receiveEach(4, handler));
    assertEquals(List.of(0L, 1L), seen);
    assertEquals(List.of(1L, 2L, 3L), receive(channel, 9));
  }

  @Test
  void handlerMayReceiveSendAndCloseTheHeap() throws Exception {
    Channel channel = Kinds.channel(heap, TEN);
    send(channel, 0, 1, 2, 3);
    List<Long> seen = new ArrayList<>();
    channel.receiveEach(
        2,
        (offset, length) -> {
          seen.add(heap.getLong(offset));
          channel.tryReceiveEach(1, (at, size) -> seen.add(heap.getLong(at)));
          assertTrue(channel.trySend(bytes(8, 1)));
        });
    assertEquals(List.of(0L, 2L, 1L, 3L), seen);
    List<Integer> lengths = new ArrayList<>();
    assertThrows(
        IllegalStateException.class,
        () ->
            channel.receiveEach(
                2,
                (offset, length) -> {
                  lengths.add(length);
                  heap.close();
                }));
    assertEquals(List.of(8), lengths);
    assertThrows(IllegalStateException.class, () -> channel.tryReceiveEach(1, (at, size) -> {}));
  }

  @Test
  void whatIsImpossibleIsRefusedAndStays() throws Exception {
    Channel channel = Kinds.channel(heap, ChannelSpec.stream(2048));
    channel.send(bytes(1500, 1));
    assertThrows(MessageLengthException.class, () -> receive(channel, 2));
    assertThrows(IllegalArgumentException.class, () -> receive(channel, 0));
    assertThrows(NullPointerException.class, () -> channel.receiveEach(1, null));
    assertArrayEquals(bytes(1500, 1), channel.receive());
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> receive(channel, 1));
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void eachMessageIsHandledOnceByOneOfManyReceivers() throws Exception {
    int messages = 20_000;
    int receivers = 3;
    Channel channel = Kinds.channel(heap, ChannelSpec.of(64, Width.fixed(8)));
    ConcurrentLinkedQueue<Long> all = new ConcurrentLinkedQueue<>();
    List<FutureTask<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < receivers; i++) {
      FutureTask<Void> task =
          new FutureTask<>(
              () -> {
                long last = -1;
                while (true) {
                  List<Long> step = new ArrayList<>();
                  try {
                    channel.receiveEach(7, (offset, length) -> step.add(heap.getLong(offset)));
                  } catch (ChannelShutdownException e) {
                    return null;
                  }
                  for (long number : step) {
                    assertTrue(number > last, "in their order");
                    last = number;
                  }
                  all.addAll(step);
                }
              });
      tasks.add(task);
      new Thread(task).start();
    }
    for (long i = 0; i < messages; i++) {
      send(channel, i);
    }
    channel.shutdown();
    for (FutureTask<Void> task : tasks) {
      task.get();
    }
    assertEquals(
        IntStream.range(0, messages).mapToObj(i -> (long) i).toList(),
        all.stream().sorted().toList());
  }
}
