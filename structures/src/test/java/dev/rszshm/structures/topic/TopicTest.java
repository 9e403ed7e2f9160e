package dev.rszshm.structures.topic;

import static dev.rszshm.structures.channel.TwoProcesses.get;
import static dev.rszshm.structures.channel.TwoProcesses.start;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.TwoProcesses;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.LaggedException;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.channel.errors.NotAChannelException;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two attachments of one heap stand for two processes. */
class TopicTest {
  private static final TopicSpec FOUR = TopicSpec.of(4, Width.variable(20));
  private static final Duration NO_TIME = Duration.ZERO;
  private static final Duration LONG = Duration.ofMinutes(10);

  private final TwoProcesses processes = new TwoProcesses();
  private final Heap here = processes.here;
  private final Heap there = processes.there;

  @AfterEach
  void detach() {
    processes.close();
  }

  private Topic topic(Heap heap, TopicSpec spec) {
    return Topic.at(heap, processes.offset, spec);
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private static int number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getInt();
  }

  @Test
  void everySubscriberReceivesWhatIsPublishedFromThenOn() throws InterruptedException {
    Topic topic = topic(here, FOUR);
    topic.publishUninterruptibly(bytes(1));
    try (Subscription one = topic.subscribe()) {
      topic.publishUninterruptibly(bytes(2));
      try (Subscription other = topic(there, FOUR).subscribe()) {
        assertEquals(2, topic.subscribers());
        topic.publishUninterruptibly(bytes(3));
        assertEquals(2, number(one.receiveUninterruptibly()));
        assertEquals(3, number(one.receiveUninterruptibly()));
        assertTrue(one.tryReceive().isEmpty());
        assertEquals(3, number(other.receive()));
        assertTrue(other.tryReceive().isEmpty());
      }
    }
    assertEquals(0, topic.subscribers());
  }

  @Test
  void withoutSubscribersNothingIsKeptAndNobodyWaits() {
    for (TopicSpec spec : List.of(FOUR, FOUR.overwriting())) {
      Topic topic = topic(spec.isOverwriting() ? there : here, spec.subscribers(3));
      for (int i = 0; i < 100; i++) {
        assertTrue(topic.tryPublish(bytes(i)));
      }
      try (Subscription late = topic.subscribe()) {
        assertTrue(late.tryReceive().isEmpty());
      }
      processes.clear();
    }
  }

  @Test
  void theSlowestSubscriberHoldsPublishersUp() throws Exception {
    Topic topic = topic(here, FOUR);
    try (Subscription slow = topic.subscribe();
        Subscription fast = topic(there, FOUR).subscribe()) {
      for (int i = 0; i < 4; i++) {
        assertTrue(topic.tryPublish(bytes(i)));
        assertEquals(i, number(fast.receive()));
      }
      assertFalse(topic.tryPublish(bytes(4)));
      assertFalse(topic.publish(bytes(4), NO_TIME));
      FutureTask<Boolean> publisher = start(() -> topic.publish(bytes(4), LONG));
      assertEquals(0, number(slow.receive()));
      assertTrue(get(publisher));
      assertEquals(4, number(fast.receive()));
      for (int i = 1; i <= 4; i++) {
        assertEquals(i, number(slow.receive()));
      }
    }
  }

  @Test
  void aSubscriberThatLeavesOrDiesHoldsNobodyUp() throws Exception {
    Topic topic = topic(here, FOUR);
    try (Subscription stays = topic.subscribe()) {
      Subscription leaves = topic.subscribe();
      topic(there, FOUR).subscribe();
      for (int i = 0; i < 4; i++) {
        topic.publish(bytes(i));
        stays.receive();
      }
      assertFalse(topic.tryPublish(bytes(4)));
      leaves.close();
      assertFalse(topic.tryPublish(bytes(4)));
      FutureTask<Boolean> publisher = start(() -> topic.publish(bytes(4), LONG));
      there.close();
      assertTrue(get(publisher));
      assertEquals(4, number(stays.receive()));
      assertEquals(1, topic.subscribers());
    }
  }

  @Test
  void anOverwritingTopicNeverHoldsPublishersUp() throws InterruptedException {
    TopicSpec spec = FOUR.overwriting();
    Topic topic = topic(here, spec);
    try (Subscription slow = topic(there, spec).subscribe()) {
      for (int i = 0; i < 10; i++) {
        assertTrue(topic.tryPublish(bytes(i)));
      }
      LaggedException lagged = assertThrows(LaggedException.class, slow::receive);
      assertEquals(6, lagged.missed());
      assertTrue(lagged.getMessage().contains("has missed 6 messages"), lagged.getMessage());
      for (int i = 6; i < 10; i++) {
        assertEquals(i, number(slow.receive()));
      }
      assertTrue(slow.tryReceive().isEmpty());
    }
  }

  @Test
  void whatIsOverwrittenWhileItIsCopiedIsNeverReceived() throws Exception {
    TopicSpec spec = TopicSpec.of(2, Width.fixed(4000)).overwriting();
    Topic topic = topic(here, spec);
    Subscription subscription = topic(there, spec).subscribe();
    FutureTask<Integer> receiver =
        start(
            () -> {
              int received = 0;
              while (true) {
                try {
                  byte[] message = subscription.receive();
                  for (byte b : message) {
                    assertEquals(message[0], b);
                  }
                  received++;
                } catch (LaggedException e) {
                  assertTrue(e.missed() > 0);
                } catch (ChannelShutdownException e) {
                  return received;
                }
              }
            });
    byte[] message = new byte[4000];
    for (int i = 0; i < 20_000; i++) {
      Arrays.fill(message, (byte) i);
      topic.publish(message);
    }
    topic.shutdown();
    assertTrue(get(receiver) > 0);
  }

  @Test
  void aWaitingSubscriberIsWokenByEachPublish() throws Exception {
    Topic topic = topic(here, FOUR);
    List<FutureTask<List<Integer>>> receivers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Subscription subscription = topic(i == 0 ? there : here, FOUR).subscribe();
      receivers.add(start(() -> receiveAll(subscription)));
    }
    List<Integer> published = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      topic.publish(bytes(i));
      published.add(i);
    }
    topic.shutdown();
    for (FutureTask<List<Integer>> receiver : receivers) {
      assertEquals(published, get(receiver));
    }
  }

  private static List<Integer> receiveAll(Subscription subscription) throws InterruptedException {
    List<Integer> received = new ArrayList<>();
    while (true) {
      try {
        received.add(number(subscription.receive()));
      } catch (ChannelShutdownException e) {
        return received;
      }
    }
  }

  @Test
  void allReceiveTheMessagesOfSeveralPublishersInOneOrder() throws Exception {
    TopicSpec spec = TopicSpec.stream(4096);
    List<FutureTask<List<Integer>>> receivers = new ArrayList<>();
    for (Heap heap : List.of(here, there, here)) {
      Subscription subscription = topic(heap, spec).subscribe();
      receivers.add(start(() -> receiveAll(subscription)));
    }
    List<FutureTask<Void>> publishers = new ArrayList<>();
    for (int p = 0; p < 3; p++) {
      Topic topic = topic(p == 0 ? here : there, spec);
      int first = p * 1000;
      publishers.add(
          start(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  topic.publish(ByteBuffer.allocate(4 + i % 400).putInt(first + i).array());
                }
                return null;
              }));
    }
    for (FutureTask<Void> publisher : publishers) {
      get(publisher);
    }
    topic(here, spec).shutdown();
    List<Integer> order = get(receivers.get(0));
    assertEquals(3000, order.size());
    for (int p = 0; p < 3; p++) {
      int first = p * 1000;
      List<Integer> own = order.stream().filter(n -> n / 1000 * 1000 == first).toList();
      assertEquals(own.stream().sorted().toList(), own);
    }
    assertEquals(order, get(receivers.get(1)));
    assertEquals(order, get(receivers.get(2)));
  }

  @Test
  void aClosedTopicIsDrainedAndThenSaysSo() throws InterruptedException {
    Topic topic = topic(here, FOUR);
    Subscription subscription = topic.subscribe();
    topic.publishUninterruptibly(bytes(7));
    topic(there, FOUR).shutdown();
    assertTrue(topic.isShutdown());
    assertThrows(ChannelShutdownException.class, () -> topic.publish(bytes(8)));
    assertEquals(7, number(subscription.receive()));
    assertThrows(ChannelShutdownException.class, subscription::receive);
    assertThrows(ChannelShutdownException.class, subscription::tryReceive);
    assertThrows(ChannelShutdownException.class, topic.subscribe()::receive);
  }

  @Test
  void everyoneWhoWaitsLearnsThatAllPublishersHaveDied() throws InterruptedException {
    Topic topic = topic(here, FOUR);
    List<Subscription> subscriptions = List.of(topic.subscribe(), topic.subscribe());
    topic(there, FOUR).publishUninterruptibly(bytes(1));
    there.close();
    for (Subscription subscription : subscriptions) {
      assertEquals(1, number(subscription.receive()));
      assertThrows(PeerDiedException.class, subscription::receive);
    }
  }

  @Test
  void aWaitEndsWithTheTimeAndWithAnInterrupt() throws Exception {
    Topic topic = topic(here, FOUR);
    Subscription subscription = topic.subscribe();
    assertTrue(subscription.receive(NO_TIME).isEmpty());
    for (int i = 0; i < 4; i++) {
      topic.publish(bytes(i));
    }
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> topic.publish(bytes(4)));
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> topic.publish(bytes(4), LONG));
    while (subscription.tryReceive().isPresent()) {}
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, subscription::receive);
  }

  @Test
  void aSubscriptionThatWasClosedSaysSo() {
    Subscription subscription = topic(here, FOUR).subscribe();
    subscription.close();
    subscription.close();
    assertThrows(IllegalStateException.class, subscription::tryReceive);
  }

  @Test
  void thereAreAsManySubscribersAsThereMayBeAndTheDeadDoNotCount() {
    TopicSpec spec = FOUR.subscribers(2);
    Topic topic = topic(here, spec);
    topic.subscribe();
    topic(there, spec).subscribe();
    String message = assertThrows(IllegalStateException.class, topic::subscribe).getMessage();
    assertTrue(message.contains("has 2 subscribers"), message);
    there.close();
    topic.subscribe();
    assertThrows(IllegalStateException.class, topic::subscribe);
  }

  @Test
  void messagesOfWrongLengthAreRefused() throws InterruptedException {
    Topic topic = topic(here, FOUR);
    assertEquals(20, topic.maxMessageLength());
    assertThrows(MessageLengthException.class, () -> topic.publish(new byte[21]));
    Subscription subscription = topic.subscribe();
    topic.publishUninterruptibly(new byte[20]);
    assertThrows(MessageLengthException.class, () -> subscription.receive(new byte[19]));
    assertEquals(20, subscription.receive(new byte[20]));
    topic.publish(new byte[0]);
    assertArrayEquals(new byte[0], subscription.receiveUninterruptibly());
  }

  @Test
  void aMessageOfAStreamIsAtMostAnEighthOfTheRoom() throws InterruptedException {
    Topic topic = topic(here, TopicSpec.stream(4096));
    assertEquals(512, topic.maxMessageLength());
    try (Subscription subscription = topic.subscribe()) {
      topic.publish(new byte[512]);
      assertEquals(512, subscription.receiveUninterruptibly().length);
    }
    assertThrows(MessageLengthException.class, () -> topic.publish(new byte[513]));
  }

  @Test
  void bytesOfTheHeapCanBePublished() throws InterruptedException {
    Topic topic = topic(here, FOUR);
    Subscription subscription = topic.subscribe();
    long place = processes.offset + FOUR.length(here);
    here.putInt(place, Integer.reverseBytes(77));
    topic.publishFrom(place, 4);
    assertEquals(77, number(subscription.receiveUninterruptibly()));
  }

  @Test
  void theTopicOfANameIsTheSameForAll() throws InterruptedException {
    try (Heap heap = Heap.builder().createAnonymous();
        Allocator allocator = Allocator.on(heap);
        Heap other = Heap.builder().anyAddress().attach(heap.path());
        Allocator otherAllocator = Allocator.on(other)) {
      Topic topic = Topic.named(allocator, "prices", FOUR);
      Subscription subscription = Topic.named(otherAllocator, "prices", FOUR).subscribe();
      topic.publish(bytes(5));
      assertEquals(5, number(subscription.receiveUninterruptibly()));
      assertEquals(FOUR, Topic.at(other, topic.offset()).spec());
      assertThrows(
          NotAChannelException.class, () -> Topic.named(allocator, "prices", FOUR.overwriting()));
    }
  }

  @Test
  void whatIsNoTopicIsRefused() {
    assertThrows(NotAChannelException.class, () -> Topic.at(here, processes.offset));
    Channel.at(here, processes.offset, ChannelSpec.of(4, Width.empty()));
    assertThrows(NotAChannelException.class, () -> Topic.at(here, processes.offset));
    assertThrows(IllegalArgumentException.class, () -> Topic.at(here, 64, FOUR));
    assertThrows(IllegalArgumentException.class, () -> TopicSpec.of(0, Width.empty()));
    assertThrows(IllegalArgumentException.class, () -> FOUR.subscribers(0));
  }
}
