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
import dev.rszshm.structures.channel.ChannelSpec.Width;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Channels that hand over. */
class UnbufferedTest {
  private Heap heap;
  private Channel channel;

  @BeforeEach
  void open() {
    heap = Kinds.heap();
    channel = Kinds.channel(heap, ChannelSpec.of(0, Width.fixed(4)));
  }

  @AfterEach
  void close() {
    heap.close();
  }

  @Test
  void aSendHasNotReturnedBeforeItsMessageIsReceived() throws Exception {
    for (int i = 0; i < 100; i++) {
      int number = i;
      FutureTask<Void> sender =
          inThread(
              () -> {
                channel.send(bytes(4, number));
                return null;
              });
      while (channel.size() == 0) {
        assertFalse(sender.isDone());
      }
      assertFalse(sender.isDone());
      assertArrayEquals(bytes(4, i), channel.receive());
      get(sender);
    }
  }

  @Test
  void withoutWaitingAMessageIsSentOnlyToOneWhoWaits() throws Exception {
    assertFalse(channel.trySend(bytes(4, 1)));
    assertEquals(0, channel.size());
    FutureTask<byte[]> receiver = inThread(channel::receive);
    while (!channel.trySend(bytes(4, 2))) {
      Thread.onSpinWait();
    }
    assertArrayEquals(bytes(4, 2), get(receiver));
    assertFalse(channel.trySend(bytes(4, 3)));
    assertTrue(channel.tryReceive().isEmpty());
  }

  @Test
  void aMessageThatNobodyReceivesIsTakenBack() throws Exception {
    assertFalse(channel.send(bytes(4, 1), Duration.ofMillis(5)));
    assertTrue(channel.tryReceive().isEmpty());
    AtomicReference<Thread> thread = new AtomicReference<>();
    FutureTask<Void> sender =
        inThread(
            () -> {
              thread.set(Thread.currentThread());
              channel.send(bytes(4, 2));
              return null;
            });
    while (channel.size() == 0) {
      Thread.onSpinWait();
    }
    thread.get().interrupt();
    Throwable end = assertThrows(ExecutionException.class, () -> get(sender)).getCause();
    assertInstanceOf(InterruptedException.class, end);
    assertTrue(channel.tryReceive().isEmpty());
  }

  @Test
  void thereIsNoRoomToClaim() {
    assertThrows(UnsupportedOperationException.class, () -> channel.claim(4));
    assertEquals(0, channel.remainingCapacity());
  }
}
