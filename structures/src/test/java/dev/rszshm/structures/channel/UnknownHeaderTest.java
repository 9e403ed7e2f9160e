package dev.rszshm.structures.channel;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.errors.DamagedChannelException;
import dev.rszshm.structures.internal.ring.RingLayout;
import dev.rszshm.structures.request.RequestChannel;
import dev.rszshm.structures.request.RequestSpec;
import dev.rszshm.structures.topic.Subscription;
import dev.rszshm.structures.topic.Topic;
import dev.rszshm.structures.topic.TopicSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A header in a state that no channel writes is reported by whoever meets it. */
class UnknownHeaderTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int FIRST_HEADER = 48;
  private static final int HEADER_STRIDE = 40;
  private static final int INDEX_BITS = 20;
  private static final long STATE_MASK = 7L << 61;

  /** Gives the first granule after the head's lap began a header of this lap, in state 7. */
  private static void spoil(Heap heap, long ring) {
    long head = heap.getLong(ring + RingLayout.HEAD);
    int indexBits = heap.getInt(ring + INDEX_BITS);
    long index = head & (1L << indexBits) - 1;
    long lap = head >>> indexBits;
    long header =
        ring + heap.getLong(ring + FIRST_HEADER) + index * heap.getLong(ring + HEADER_STRIDE);
    heap.putLong(header, STATE_MASK | lap << 28 | 1);
  }

  private static void isReported(Executable call) {
    assertThrows(DamagedChannelException.class, () -> assertTimeoutPreemptively(PATIENCE, call));
  }

  @Test
  void byReceiversAndSenders() {
    for (ChannelSpec spec :
        List.of(
            ChannelSpec.of(3, Width.variable(20)),
            ChannelSpec.of(3, Width.variable(20)).acknowledged(),
            ChannelSpec.stream(1024))) {
      try (Heap heap = Kinds.heap()) {
        Channel channel = Kinds.channel(heap, spec);
        spoil(heap, channel.offset());
        isReported(channel::tryReceive);
        isReported(channel::tryTake);
        isReported(() -> channel.tryReceiveAll(2));
        isReported(() -> channel.tryReceiveEach(2, (at, length) -> {}));
        isReported(channel::size);
        isReported(channel::shutdown);
        isReported(() -> channel.trySend(new byte[3]));
      }
    }
  }

  @Test
  void bySubscribersAndPublishers() {
    for (boolean overwriting : new boolean[] {false, true}) {
      TopicSpec plain = TopicSpec.of(3, Width.variable(20));
      TopicSpec spec = overwriting ? plain.overwriting() : plain;
      try (Heap heap = Kinds.heap()) {
        heap.ensure(Kinds.place(heap) + spec.length(heap));
        Topic topic = Topic.at(heap, Kinds.place(heap), spec);
        Subscription subscription = topic.subscribe();
        spoil(heap, topic.offset() + spec.length(heap) - spec.messages().length(heap));
        isReported(subscription::tryReceive);
        isReported(() -> topic.tryPublish(new byte[4]));
        isReported(topic::shutdown);
      }
    }
  }

  @Test
  void byServersAndClients() {
    RequestSpec spec = RequestSpec.of(16, 16).depth(3).calls(2);
    try (Heap heap = Kinds.heap()) {
      heap.ensure(Kinds.place(heap) + spec.length(heap));
      RequestChannel requests = RequestChannel.at(heap, Kinds.place(heap), spec);
      spoil(heap, heap.getLong(requests.offset() + 24) + requests.offset());
      isReported(requests::tryReceive);
      isReported(() -> requests.call(new byte[4], Duration.ofSeconds(1)));
    }
  }
}
