package dev.rszshm.structures.channel;

import static dev.rszshm.structures.channel.Kinds.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.EndTakenException;
import dev.rszshm.structures.internal.ring.RingLayout;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single ends of channels pass to others: threads end, processes leave, heaps are copied. */
class EndSuccessionTest {
  private static final ChannelSpec BOTH =
      ChannelSpec.of(8, Width.variable(20)).singleSender().singleReceiver();
  private static final long SENDING = 144;

  @TempDir Path directory;
  private Heap heap;
  private Heap other;

  @BeforeEach
  void open() {
    heap = Heap.builder().participants(4).length(1 << 20).create(directory.resolve("heap"));
    other = Heap.builder().anyAddress().attach(directory.resolve("heap"));
  }

  @AfterEach
  void close() {
    other.close();
    heap.close();
  }

  private static void inEndedThread(Runnable work) throws InterruptedException {
    Thread thread = new Thread(work);
    thread.start();
    thread.join();
  }

  @Test
  void endsOfAThreadThatHasEndedAreGivenUpByAnyThreadOfItsProcess() throws Exception {
    Channel here = Kinds.channel(heap, BOTH);
    Channel there = Channel.at(other, here.offset());
    inEndedThread(() -> assertTrue(here.trySend(bytes(3, 1))));
    assertThrows(EndTakenException.class, () -> there.trySend(bytes(3, 2)), "the process lives");
    here.leave();
    assertTrue(there.trySend(bytes(3, 2)));
    inEndedThread(() -> assertArrayEquals(bytes(3, 1), there.tryReceive().orElseThrow()));
    assertThrows(EndTakenException.class, here::tryReceive);
    Channel.at(other, here.offset()).leave();
    assertArrayEquals(bytes(3, 2), here.tryReceive().orElseThrow());
  }

  @Test
  void aStandbyThatCallsAgainAndAgainTakesOverWhenTheProcessHasEnded() throws Exception {
    Channel sender = Kinds.channel(heap, BOTH);
    Channel first = Channel.at(other, sender.offset());
    assertTrue(sender.trySend(bytes(3, 1)));
    assertArrayEquals(bytes(3, 1), first.receive());
    try (Heap third = Heap.builder().anyAddress().attach(directory.resolve("heap"))) {
      Channel standby = Channel.at(third, sender.offset());
      CountDownLatch refused = new CountDownLatch(2);
      FutureTask<byte[]> received =
          Kinds.inThread(
              () -> {
                while (true) {
                  try {
                    return standby.receive();
                  } catch (EndTakenException stillThere) {
                    refused.countDown();
                    Thread.sleep(1);
                  }
                }
              });
      refused.await();
      assertTrue(sender.trySend(bytes(3, 2)));
      other.close();
      assertArrayEquals(bytes(3, 2), Kinds.get(received));
    }
  }

  @Test
  void leavingTakesNothingFromAThreadThatLives() {
    Channel here = Kinds.channel(heap, BOTH);
    assertTrue(here.trySend(bytes(3, 1)));
    assertDoesNothing(here);
    assertDoesNothing(Channel.at(other, here.offset()));
    assertThrows(
        EndTakenException.class, () -> Channel.at(other, here.offset()).trySend(bytes(3, 2)));
    assertTrue(here.trySend(bytes(3, 3)));
  }

  private static void assertDoesNothing(Channel channel) {
    try {
      inEndedThread(channel::leave);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aChannelThatIsMadeAnewInTheSameBytesHasItsEndsFree() {
    Channel before = Kinds.channel(heap, BOTH);
    for (int i = 0; i < 5; i++) {
      assertTrue(before.trySend(bytes(3, i)));
      assertTrue(before.tryReceive().isPresent());
    }
    heap.fill(before.offset(), BOTH.length(heap), (byte) 0);
    Channel anew = Channel.at(heap, before.offset(), BOTH);
    Channel there = Channel.at(other, before.offset());
    assertTrue(there.trySend(bytes(3, 10)));
    assertThrows(EndTakenException.class, () -> anew.trySend(bytes(3, 11)));
    assertArrayEquals(bytes(3, 10), anew.tryReceive().orElseThrow());
    there.leave();
    assertTrue(anew.trySend(bytes(3, 12)));
    assertArrayEquals(bytes(3, 12), anew.tryReceive().orElseThrow());
    assertEquals(List.of(), ChannelView.at(heap, anew.offset()).check());
  }

  @Test
  void whoLeavesInTheMiddleOfALongMessageDropsItForTheNextReceiver() throws Exception {
    ChannelSpec spec = ChannelSpec.stream(1024).singleSender().singleReceiver();
    Channel here = Kinds.channel(heap, spec);
    Channel there = Channel.at(other, here.offset());
    CountDownLatch rest = new CountDownLatch(1);
    FutureTask<Void> sender =
        Kinds.inThread(
            () -> {
              Channel channel = Channel.at(heap, here.offset());
              channel.sendFrom(inputThatWaitsAfter(400, rest), 2000);
              channel.send(bytes(9, 2));
              return null;
            });
    while (here.size() < 3) {
      Thread.onSpinWait();
    }
    assertTrue(there.tryReceive().isEmpty(), "there is more of it to come");
    there.leave();
    rest.countDown();
    assertArrayEquals(bytes(9, 2), here.receive(Duration.ofSeconds(60)).orElseThrow());
    Kinds.get(sender);
    here.leave();
    assertTrue(there.tryReceive().isEmpty());
  }

  private static InputStream inputThatWaitsAfter(int bytes, CountDownLatch rest) {
    InputStream late =
        new InputStream() {
          @Override
          public int read() throws IOException {
            try {
              rest.await();
            } catch (InterruptedException e) {
              throw new InterruptedIOException();
            }
            return 1;
          }
        };
    return new SequenceInputStream(new ByteArrayInputStream(new byte[bytes]), late);
  }

  @Test
  void endsInACopyOfAHeapAreFree() throws Exception {
    Channel here = Kinds.channel(heap, BOTH);
    assertTrue(here.trySend(bytes(3, 1)));
    assertTrue(here.trySend(bytes(3, 2)));
    assertTrue(here.tryReceive().isPresent());
    Path copy = Files.copy(directory.resolve("heap"), directory.resolve("copy"));
    try (Heap copied = Heap.builder().anyAddress().attach(copy)) {
      Channel channel = Channel.at(copied, here.offset());
      assertTrue(channel.trySend(bytes(3, 3)));
      assertArrayEquals(bytes(3, 2), channel.tryReceive().orElseThrow());
      assertArrayEquals(bytes(3, 3), channel.tryReceive().orElseThrow());
    }
    assertEquals(1, here.size(), "the copy is another channel");
  }

  @Test
  void aThreadThatHasEndedInASendHoldsNoShutdownUp() throws Exception {
    Channel here = Kinds.channel(heap, BOTH);
    inEndedThread(() -> assertTrue(here.trySend(bytes(3, 1))));
    heap.putLong(here.offset() + SENDING, heap.getLong(here.offset() + RingLayout.HEAD) + 1);
    here.shutdown();
    assertArrayEquals(bytes(3, 1), here.tryReceive().orElseThrow());
    assertThrows(ChannelShutdownException.class, here::tryReceive);
    assertFalse(here.size() > 0);
  }
}
