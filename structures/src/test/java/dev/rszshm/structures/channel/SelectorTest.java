package dev.rszshm.structures.channel;

import static dev.rszshm.structures.channel.TwoProcesses.get;
import static dev.rszshm.structures.channel.TwoProcesses.start;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.structures.request.RequestChannel;
import dev.rszshm.structures.request.RequestSpec;
import dev.rszshm.structures.topic.Subscription;
import dev.rszshm.structures.topic.Topic;
import dev.rszshm.structures.topic.TopicSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two attachments of one heap stand for two processes. */
class SelectorTest {
  private static final Duration NO_TIME = Duration.ZERO;
  private static final Duration LONG = Duration.ofMinutes(10);

  private final TwoProcesses processes = new TwoProcesses();
  private final Heap here = processes.here;
  private final Heap there = processes.there;

  @AfterEach
  void detach() {
    processes.close();
  }

  private static final int PLACE = 1 << 15;

  private Channel channel(Heap heap, int number, ChannelSpec spec) {
    return Channel.at(heap, processes.offset + (long) number * PLACE, spec);
  }

  private Channel[] channels(Heap heap, int size) {
    return IntStream.range(0, size)
        .mapToObj(i -> channel(heap, i, ChannelSpec.of(4, Width.variable(20))))
        .toArray(Channel[]::new);
  }

  @Test
  void findsTheChannelThatHasAMessage() throws Exception {
    Channel[] senders = channels(here, 3);
    Channel[] receivers = channels(there, 3);
    Selector<Channel> selector = Selector.of(receivers);
    assertTrue(selector.tryAwait().isEmpty());
    assertTrue(selector.await(NO_TIME).isEmpty());
    senders[1].send(new byte[] {5});
    assertSame(receivers[1], selector.tryAwait().orElseThrow());
    assertSame(receivers[1], selector.await());
    assertSame(receivers[1], selector.await(NO_TIME).orElseThrow());
    assertArrayEquals(new byte[] {5}, receivers[1].tryReceive().orElseThrow());
    assertTrue(selector.tryAwait().isEmpty());
  }

  @Test
  void channelsThatAreReadyTakeTurns() throws InterruptedException {
    Channel[] channels = channels(here, 3);
    for (Channel channel : channels) {
      channel.sendUninterruptibly(new byte[1]);
      channel.sendUninterruptibly(new byte[2]);
    }
    Selector<Channel> selector = Selector.of(channels);
    for (int round = 0; round < 2; round++) {
      for (Channel channel : channels) {
        assertSame(channel, selector.await());
        channel.receiveUninterruptibly();
      }
    }
    assertTrue(selector.tryAwait().isEmpty());
  }

  @Test
  void aWaiterIsWokenByASendToAnyOfThem() throws Exception {
    Channel[] senders = channels(here, 3);
    Channel[] receivers = channels(there, 3);
    Selector<Channel> selector = Selector.of(receivers);
    for (int i = 0; i < 300; i++) {
      FutureTask<Channel> waiter = start(() -> selector.await(LONG).orElseThrow());
      senders[i % 3].send(new byte[0]);
      assertSame(receivers[i % 3], get(waiter));
      receivers[i % 3].receive();
    }
  }

  @Test
  void twoSelectorsShareWhatIsSentAndMissNothing() throws Exception {
    Channel[] senders = channels(here, 2);
    List<FutureTask<Integer>> waiters =
        List.of(start(() -> drain(channels(there, 2))), start(() -> drain(channels(there, 2))));
    for (int i = 0; i < 2000; i++) {
      senders[i % 2].send(new byte[8]);
    }
    senders[0].shutdown();
    senders[1].shutdown();
    assertEquals(2000, get(waiters.get(0)) + get(waiters.get(1)));
  }

  private static int drain(Channel[] channels) throws InterruptedException {
    Selector<Channel> selector = Selector.of(channels);
    int received = 0;
    while (true) {
      try {
        received += selector.await().tryReceive().isEmpty() ? 0 : 1;
      } catch (ChannelShutdownException e) {
        if (channels[0].isShutdown() && channels[1].isShutdown() && isEmpty(channels)) {
          return received;
        }
      }
    }
  }

  private static boolean isEmpty(Channel[] channels) {
    return channels[0].size() == 0 && channels[1].size() == 0;
  }

  @Test
  void aMessageInPartsIsReady() throws Exception {
    Channel sender = channel(here, 0, ChannelSpec.stream(1024));
    Channel receiver = channel(there, 0, ChannelSpec.stream(1024));
    byte[] message = new byte[3000];
    message[2999] = 1;
    FutureTask<Void> sending =
        start(
            () -> {
              sender.send(message);
              return null;
            });
    assertSame(receiver, Selector.of(receiver).await());
    assertArrayEquals(message, receiver.receive());
    get(sending);
  }

  @Test
  void aSenderWithoutABufferFindsAWaiter() throws Exception {
    ChannelSpec spec = ChannelSpec.of(0, Width.fixed(1));
    Channel sender = channel(here, 0, spec);
    Channel receiver = channel(there, 0, spec);
    FutureTask<byte[]> waiter =
        start(() -> Selector.of(receiver).await(LONG).orElseThrow().receive());
    while (!sender.trySend(new byte[] {3})) {
      Thread.onSpinWait();
    }
    assertArrayEquals(new byte[] {3}, get(waiter));
  }

  @Test
  void aClosedChannelIsReadyAndSaysSo() throws InterruptedException {
    Channel[] channels = channels(here, 2);
    Selector<Channel> selector = Selector.of(channels);
    channels[1].shutdown();
    assertSame(channels[1], selector.await());
    assertThrows(ChannelShutdownException.class, channels[1]::tryReceive);
    assertSame(channels[1], selector.tryAwait().orElseThrow());
  }

  @Test
  void aChannelWhoseSendersHaveDiedIsReadyOnce() throws Exception {
    Channel[] senders = channels(there, 2);
    Channel[] receivers = channels(here, 2);
    Selector<Channel> selector = Selector.of(receivers);
    senders[0].send(new byte[1]);
    receivers[0].receive();
    there.close();
    assertSame(receivers[0], selector.await());
    assertThrows(PeerDiedException.class, receivers[0]::receive);
    assertTrue(selector.tryAwait().isEmpty());
    assertTrue(selector.await(NO_TIME).isEmpty());
  }

  @Test
  void anInterruptEndsAWait() throws Exception {
    Selector<Channel> selector = Selector.of(channels(here, 2));
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, selector::await);
    Thread main = Thread.currentThread();
    FutureTask<Void> interrupter =
        start(
            () -> {
              main.interrupt();
              return null;
            });
    assertThrows(InterruptedException.class, () -> selector.await(LONG));
    get(interrupter);
  }

  @Test
  void closingTheHeapEndsAWait() throws Exception {
    Selector<Channel> selector = Selector.of(channels(there, 2));
    FutureTask<Channel> waiter = start(selector::awaitUninterruptibly);
    there.close();
    assertThrows(IllegalStateException.class, () -> get(waiter));
  }

  @Test
  void channelsOfSeveralHeapsAreRefused() {
    Channel one = channels(here, 1)[0];
    Channel other = channels(there, 1)[0];
    assertThrows(IllegalArgumentException.class, () -> Selector.of(one, other));
    assertThrows(IllegalArgumentException.class, () -> Selector.of(new Channel[0]));
  }

  @Test
  void requestsAndSubscriptionsAreWaitedForToo() throws Exception {
    Channel channel = channel(there, 0, ChannelSpec.of(4, Width.variable(20)));
    RequestSpec requestSpec = RequestSpec.of(8, 8);
    RequestChannel requests =
        RequestChannel.at(there, processes.offset + (long) PLACE, requestSpec);
    TopicSpec topicSpec = TopicSpec.of(4, Width.variable(20));
    long place = processes.offset + 3L * PLACE;
    Subscription subscription = Topic.at(there, place, topicSpec).subscribe();
    Selector<Selectable> selector = Selector.of(channel, requests, subscription);
    assertTrue(selector.tryAwait().isEmpty());
    FutureTask<Selectable> waiter = start(selector::await);
    Topic.at(here, place, topicSpec).publish(new byte[] {7});
    assertSame(subscription, get(waiter));
    assertArrayEquals(new byte[] {7}, subscription.tryReceive().orElseThrow());
    FutureTask<byte[]> call =
        start(
            () ->
                RequestChannel.at(here, processes.offset + (long) PLACE, requestSpec)
                    .call(new byte[] {1}));
    assertSame(requests, selector.await());
    requests.tryReceive().orElseThrow().reply(new byte[] {2});
    assertArrayEquals(new byte[] {2}, get(call));
    Topic.at(here, place, topicSpec).shutdown();
    assertSame(subscription, selector.await(LONG).orElseThrow());
    assertThrows(ChannelShutdownException.class, subscription::tryReceive);
  }
}
