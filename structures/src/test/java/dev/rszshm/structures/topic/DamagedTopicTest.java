package dev.rszshm.structures.topic;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.Kinds;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.DamagedChannelException;
import dev.rszshm.structures.internal.ring.RingLayout;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A publisher of an overwriting topic says that it is damaged, and does not look for ever. */
class DamagedTopicTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final TopicSpec SPEC = TopicSpec.of(3, Width.variable(20)).overwriting();

  /** Of {@link RingLayout}: whether a pin was ever used. */
  private static final int PINNED = 268;

  private Heap heap;
  private Topic topic;
  private long ring;

  @BeforeEach
  void make() {
    heap = Kinds.heap();
    heap.ensure(Kinds.place(heap) + SPEC.length(heap));
    topic = Topic.at(heap, Kinds.place(heap), SPEC);
    ring = topic.offset() + TopicLayout.ring(SPEC.subscribers());
  }

  @AfterEach
  void close() {
    heap.close();
  }

  private void publish() {
    assertTimeoutPreemptively(PATIENCE, () -> topic.tryPublish(new byte[4]));
  }

  @Test
  void aTailBeyondTheWindowWithNothingAtTheHead() {
    long head = heap.getLong(ring + RingLayout.HEAD);
    heap.putLong(ring + RingLayout.TAIL, head + 40);
    assertThrows(DamagedChannelException.class, this::publish);
  }

  @Test
  void aPinThatNobodyHasTaken() {
    for (int i = 0; i < 2; i++) {
      publish();
    }
    long head = heap.getLong(ring + RingLayout.HEAD);
    heap.putInt(ring + PINNED, 1);
    heap.putLong(ring + RingLayout.PINS + 8, head - 1);
    topic = Topic.at(heap, topic.offset()); // a handle that has not looked for room yet
    assertThrows(DamagedChannelException.class, this::publish);
  }

  @Test
  void aTailBehindTheEndOfWhatWasShutDown() {
    topic.shutdown();
    long head = heap.getLong(ring + RingLayout.HEAD);
    heap.putLong(ring + RingLayout.TAIL, head + 5);
    assertThrows(ChannelShutdownException.class, this::publish);
  }
}
