package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.Claim;
import dev.rszshm.structures.channel.Kinds;
import dev.rszshm.structures.channel.Message;
import dev.rszshm.structures.topic.Subscription;
import dev.rszshm.structures.topic.Topic;
import dev.rszshm.structures.topic.TopicSpec;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What objects that stand for something in a heap say of it. */
class HandleTextTest {
  private static final ChannelSpec JOBS = ChannelSpec.of(4, Width.variable(20));

  private Heap heap;

  @BeforeEach
  void open() {
    heap = Kinds.heap();
  }

  @AfterEach
  void close() {
    heap.close();
  }

  @Test
  void aClaimSaysWhatItIsAndWhereAndWhetherItIsSettled() throws InterruptedException {
    Channel channel = Kinds.channel(heap, JOBS);
    Claim claim = channel.claim(7);
    String text = claim.toString();
    assertEquals(
        "the claim of 7 bytes at offset "
            + claim.offset()
            + " in the channel at offset "
            + channel.offset()
            + " of "
            + heap.path(),
        text);
    claim.commit();
    assertEquals(text + ", which is committed or aborted", claim.toString());
  }

  @Test
  void aMessageSaysWhatItIsAndWhereAndWhetherItIsEnded() throws InterruptedException {
    for (ChannelSpec spec : List.of(JOBS, JOBS.acknowledged())) {
      try (Heap another = Kinds.heap()) {
        Channel channel = Kinds.channel(another, spec);
        channel.send(new byte[5]);
        Message message = channel.take();
        String text = message.toString();
        assertEquals(
            "the message of 5 bytes at offset "
                + message.offset()
                + " in the channel at offset "
                + channel.offset()
                + " of "
                + another.path(),
            text);
        message.done();
        assertEquals(text + ", which is done or closed", message.toString());
      }
    }
  }

  @Test
  void aSubscriptionSaysItsPlaceAndItsTopicAndWhetherItIsClosed() {
    TopicSpec spec = TopicSpec.of(4, Width.variable(20));
    heap.ensure(Kinds.place(heap) + spec.length(heap));
    Topic topic = Topic.at(heap, Kinds.place(heap), spec);
    Subscription first = topic.subscribe();
    Subscription second = topic.subscribe();
    assertEquals("the subscription at place 0 of " + topic, first.toString());
    assertEquals("the subscription at place 1 of " + topic, second.toString());
    first.close();
    assertEquals("the subscription at place 0 of " + topic + ", which is closed", first.toString());
    second.close();
  }

  @Test
  void theyCanStillBeNamedWhenTheHeapIsClosed() throws InterruptedException {
    Channel channel = Kinds.channel(heap, JOBS);
    channel.send(new byte[5]);
    Message message = channel.take();
    Claim claim = channel.claim(7);
    List<Object> handles = List.of(channel, message, claim);
    List<String> texts = handles.stream().map(Object::toString).toList();
    heap.close();
    assertEquals(texts, handles.stream().map(Object::toString).toList());
  }

  @Test
  void aPartThatAnArrayDoesNotHaveIsToldByItsIndexAndNotAsALength() {
    Channel channel = Kinds.channel(heap, JOBS);
    byte[] array = new byte[3];
    for (int[] part : new int[][] {{2, Integer.MAX_VALUE}, {0, 4}, {-1, 2}, {3, 1}, {0, -1}}) {
      String message =
          assertThrows(IndexOutOfBoundsException.class, () -> channel.send(array, part[0], part[1]))
              .getMessage();
      assertEquals("index " + part[0] + " with " + part[1] + " bytes in an array of 3", message);
    }
    long end = heap.length();
    String message =
        assertThrows(IndexOutOfBoundsException.class, () -> channel.sendFrom(end - 4, 1 << 20))
            .getMessage();
    assertTrue(message.contains(Long.toString(end - 4)), message);
    assertEquals(0, channel.size());
  }
}
