package dev.rszshm.structures.channel;

import static dev.rszshm.structures.channel.Kinds.bytes;
import static dev.rszshm.structures.channel.Kinds.get;
import static dev.rszshm.structures.channel.Kinds.inThread;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.DamagedChannelException;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.internal.ring.PartLayout;
import dev.rszshm.structures.internal.ring.RingGeometry;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Messages of any length: those that are longer than an eighth of the room go in parts. */
class StreamTest {
  private static final int ROOM = 4096;
  private static final int LONGEST = ROOM / 8;

  /** Bytes of a message in a full part. */
  private static final int PART = LONGEST - PartLayout.BYTES;

  private Heap heap;
  private Channel channel;

  @BeforeEach
  void open() {
    heap = Kinds.heap();
    channel = Kinds.channel(heap, ChannelSpec.stream(ROOM));
  }

  @AfterEach
  void close() {
    heap.close();
  }

  private FutureTask<Void> sending(byte[] message) {
    return inThread(
        () -> {
          channel.send(message);
          return null;
        });
  }

  @Test
  void messagesOfEveryLengthArriveWhole() throws Exception {
    int[] lengths = {
      0,
      1,
      63,
      64,
      65,
      LONGEST - 1,
      LONGEST,
      LONGEST + 1,
      PART,
      2 * PART,
      2 * PART + 1,
      ROOM,
      ROOM + 1,
      10 * ROOM + 7
    };
    for (int length : lengths) {
      FutureTask<Void> sender = sending(bytes(length, length));
      assertArrayEquals(bytes(length, length), channel.receive(), "length " + length);
      get(sender);
    }
    assertEquals(0, channel.size());
  }

  @Test
  void messagesOfSeveralSendersAreNotMixed() throws Exception {
    List<FutureTask<Void>> senders = new ArrayList<>();
    for (int s = 1; s <= 3; s++) {
      int number = s;
      senders.add(
          inThread(
              () -> {
                for (int i = 0; i < 40; i++) {
                  channel.send(bytes(number * 1000 + i % 4 * 20, number));
                  channel.send(bytes(number + 10, number));
                }
                return null;
              }));
    }
    for (int i = 0; i < 240; i++) {
      byte[] message = channel.receive();
      int number = message.length < 100 ? message.length - 10 : message.length / 1000;
      assertArrayEquals(bytes(message.length, number), message);
    }
    for (FutureTask<Void> sender : senders) {
      get(sender);
    }
    assertTrue(channel.tryReceive().isEmpty());
  }

  @Test
  void severalReceiversGetEachMessageOnce() throws Exception {
    List<FutureTask<Integer>> receivers = new ArrayList<>();
    for (int r = 0; r < 3; r++) {
      receivers.add(
          inThread(
              () -> {
                int count = 0;
                try {
                  while (true) {
                    byte[] message = channel.receive();
                    assertArrayEquals(bytes(message.length, message.length), message);
                    count++;
                  }
                } catch (ChannelShutdownException e) {
                  return count;
                }
              }));
    }
    for (int i = 0; i < 100; i++) {
      int length = i % 2 == 0 ? i : 50 * i;
      channel.send(bytes(length, length));
    }
    channel.shutdown();
    int sum = 0;
    for (FutureTask<Integer> receiver : receivers) {
      sum += get(receiver);
    }
    assertEquals(100, sum);
  }

  @Test
  void aLongMessageGoesFromHeapToHeapThroughAShortChannel() throws Exception {
    int length = 1 << 20;
    heap.ensure(channel.offset() + channel.spec().length(heap) + 3L * length);
    long from = heap.length() - 2L * length;
    long to = heap.length() - length;
    heap.putBytes(from, bytes(length, 5));
    FutureTask<Void> sender =
        inThread(
            () -> {
              channel.sendFrom(from, length);
              return null;
            });
    assertEquals(length, channel.receiveInto(to, length));
    get(sender);
    assertTrue(heap.mismatch(from, heap, to, length).isEmpty());
  }

  @Test
  void aMessageIsReadFromAnInputWhileItIsSent() throws Exception {
    for (int length : new int[] {0, 10, LONGEST, 3 * ROOM}) {
      FutureTask<Void> sender =
          inThread(
              () -> {
                channel.sendFrom(new ByteArrayInputStream(bytes(length + 9, 2)), length);
                return null;
              });
      byte[] expected = java.util.Arrays.copyOf(bytes(length + 9, 2), length);
      assertArrayEquals(expected, channel.receive());
      get(sender);
    }
  }

  /** Again and again: the sender drops its parts while the receiver puts them together. */
  @RepeatedTest(100)
  void ofAnInputThatIsTooShortNothingIsReceived() throws Exception {
    for (int length : new int[] {10, 3 * ROOM}) {
      FutureTask<Void> sender =
          inThread(
              () -> {
                channel.sendFrom(new ByteArrayInputStream(new byte[length - 1]), length);
                return null;
              });
      FutureTask<byte[]> receiver = inThread(channel::receive);
      Throwable end = assertThrows(ExecutionException.class, () -> get(sender)).getCause();
      assertInstanceOf(EOFException.class, end);
      channel.send(bytes(3, 3));
      assertArrayEquals(bytes(3, 3), get(receiver));
    }
  }

  @Test
  void whoGivesUpInTheMiddleHasSentNothing() throws Exception {
    assertFalse(channel.send(new byte[3 * ROOM], Duration.ofMillis(5)));
    channel.send(bytes(3, 3), Duration.ofMillis(1));
    FutureTask<byte[]> receiver = inThread(channel::receive);
    channel.send(bytes(3, 3));
    assertArrayEquals(bytes(3, 3), get(receiver));
  }

  @Test
  void closingInTheMiddleDropsTheMessage() throws Exception {
    FutureTask<Void> sender = sending(new byte[3 * ROOM]);
    FutureTask<Void> closer =
        inThread(
            () -> {
              while (channel.size() == 0) {
                Thread.onSpinWait();
              }
              channel.shutdown();
              return null;
            });
    get(closer);
    Throwable end = assertThrows(ExecutionException.class, () -> get(sender)).getCause();
    assertInstanceOf(ChannelShutdownException.class, end);
    assertThrows(ChannelShutdownException.class, channel::receive);
  }

  @Test
  void aMessageInPartsThatDoesNotFitStays() throws Exception {
    FutureTask<Void> sender = sending(bytes(ROOM, 1));
    String said =
        assertThrows(MessageLengthException.class, () -> channel.receive(new byte[ROOM - 1]))
            .getMessage();
    assertTrue(said.contains("has 4096 bytes, and there is room for 4095"), said);
    assertThrows(MessageLengthException.class, channel::take);
    assertArrayEquals(bytes(ROOM, 1), channel.receive());
    get(sender);
  }

  @Test
  void withoutWaitingOnlyWhatFitsIsSent() {
    assertTrue(channel.trySend(bytes(PART + 100, 1)));
    assertTrue(channel.trySend(bytes(3 * PART, 1)));
    assertFalse(channel.trySend(bytes(4 * PART, 2)));
    assertThrows(MessageLengthException.class, () -> channel.trySend(new byte[ROOM]));
    assertArrayEquals(bytes(PART + 100, 1), channel.tryReceive().orElseThrow());
    assertArrayEquals(bytes(3 * PART, 1), channel.tryReceive().orElseThrow());
    assertTrue(channel.tryReceive().isEmpty());
    assertTrue(channel.trySend(bytes(4 * PART, 2)));
  }

  /** Writes where it should not. */
  private void damage(int part, int field, int change) {
    long place = channel.offset() + geometry().payloads() + (long) part * LONGEST + field;
    heap.putInt(place, heap.getInt(place) + change);
  }

  private RingGeometry geometry() {
    return RingGeometry.of(channel.spec(), heap.participantSlots());
  }

  @Test
  void aPartThatIsNotAsItMustBeIsAnException() throws InterruptedException {
    Object[][] cases = {
      {1, PartLayout.INDEX, 1, "part 1 of a message", "found index 2, expected 1"},
      {2, PartLayout.TOTAL, 7, "part 2 of a message", "expected " + (2 * PART + 9)},
      {1, PartLayout.LENGTH, -1, "part 1 of a message", "expected " + PART},
      {0, PartLayout.LENGTH, 5, "part 0 of a message", "expected " + PART},
    };
    for (Object[] one : cases) {
      try (Heap other = Kinds.heap()) {
        heap.close();
        heap = other;
        channel = Kinds.channel(heap, ChannelSpec.stream(ROOM));
        channel.sendUninterruptibly(bytes(2 * PART + 9, 1));
        channel.send(bytes(4, 4));
        damage((int) one[0], (int) one[1], (int) one[2]);
        String said = assertThrows(DamagedChannelException.class, channel::receive).getMessage();
        assertTrue(said.contains((String) one[3]) && said.contains((String) one[4]), said);
        assertArrayEquals(bytes(4, 4), channel.receiveUninterruptibly(), "the rest is dropped");
      }
    }
  }

  /** Sends a message whose input stands still in the middle of its second part. */
  private FutureTask<Void> sendingSlowly(byte[] message, CountDownLatch go) throws Exception {
    ByteArrayInputStream input =
        new ByteArrayInputStream(message) {
          @Override
          public int read(byte[] into, int index, int length) {
            if (pos > 0) {
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            }
            return super.read(into, index, length);
          }
        };
    FutureTask<Void> sender =
        inThread(
            () -> {
              channel.sendFrom(input, message.length);
              return null;
            });
    while (channel.size() == 0) {
      Thread.onSpinWait();
    }
    return sender;
  }

  @Test
  void whatASenderHasGivenUpHoldsNobodyUp() throws Exception {
    assertFalse(channel.send(bytes(3 * ROOM, 1), Duration.ofMillis(1)));
    assertEquals(0, channel.size());
    assertTrue(channel.trySend(bytes(100, 2)));
    assertEquals(100, channel.tryReceive(new byte[200]).orElseThrow());
    assertTrue(channel.tryTake().isEmpty());
    assertTrue(Selector.of(channel).tryAwait().isEmpty());
  }

  @Test
  void messagesBetweenPartsAreReceivedInTheirTurnAndATimeOutLosesNothing() throws Exception {
    byte[] message = bytes(3 * PART, 3);
    CountDownLatch go = new CountDownLatch(1);
    FutureTask<Void> sender = sendingSlowly(message, go);
    assertTrue(channel.receive(Duration.ofMillis(1)).isEmpty());
    for (int i = 0; i < 10; i++) {
      channel.send(bytes(10 + i, 4));
    }
    assertEquals(10, channel.size());
    for (int i = 0; i < 10; i++) {
      assertArrayEquals(bytes(10 + i, 4), channel.receive());
    }
    go.countDown();
    assertArrayEquals(message, Channel.at(heap, channel.offset()).receive());
    get(sender);
  }

  @Test
  void aReceiverThatHasGoneHoldsNobodyUpAtTheNextPart() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    FutureTask<Void> sender = sendingSlowly(bytes(3 * PART, 5), go);
    try (Heap other = Heap.builder().anyAddress().attach(heap.path())) {
      assertTrue(Channel.at(other, channel.offset()).receive(Duration.ofMillis(1)).isEmpty());
      assertEquals(0, channel.size());
    }
    go.countDown();
    get(sender);
    channel.send(bytes(7, 6));
    assertArrayEquals(bytes(7, 6), channel.receive());
  }
}
