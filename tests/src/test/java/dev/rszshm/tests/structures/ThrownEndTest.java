package dev.rszshm.tests.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.Message;
import dev.rszshm.structures.map.MapSpec;
import dev.rszshm.structures.map.SharedLongMap;
import dev.rszshm.structures.request.RequestChannel;
import dev.rszshm.structures.request.RequestSpec;
import dev.rszshm.structures.topic.Topic;
import dev.rszshm.structures.topic.TopicSpec;
import dev.rszshm.testkit.memory.AccessAnnouncingMemory;
import dev.rszshm.testkit.process.ScratchDirectory;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An end that throws, from some access on at each one, as at the end of a stack. */
class ThrownEndTest {
  private static final int NEVER = Integer.MAX_VALUE;

  /** Accesses until each one throws. */
  private int left = NEVER;

  private void access() {
    if (left != NEVER && left-- <= 0) {
      left = 0;
      throw new StackOverflowError("made by the test");
    }
  }

  /** Does something in a new heap, with each number of accesses that still work. */
  private void inHeaps(Consumer<Heap> trial) throws Exception {
    Platform host = Platform.host();
    Platform platform =
        new Platform(new AccessAnnouncingMemory(host.memory(), name -> access()), host.calls());
    try (ScratchDirectory directory = ScratchDirectory.inMemory()) {
      for (working = 0; working < 60; working++) {
        left = NEVER;
        try (Heap heap =
            Heap.builder()
                .span(16 << 20)
                .length(64 << 10)
                .platform(platform)
                .create(directory.path().resolve("heap" + working))) {
          trial.accept(heap);
        }
      }
    }
  }

  private int working;

  /** Returns whether it has thrown. */
  private boolean overflows(Runnable operation) {
    left = working;
    try {
      operation.run();
      return false;
    } catch (StackOverflowError e) {
      return true;
    } finally {
      left = NEVER;
    }
  }

  private void messagesGiveTheirRoomBack(ChannelSpec spec) throws Exception {
    int[] thrown = {0};
    inHeaps(
        heap -> {
          Channel channel = Channel.at(heap, heap.dataOffset() + 127 & -128, spec);
          channel.sendUninterruptibly(new byte[] {1});
          Message message = channel.tryTake().orElseThrow();
          thrown[0] += overflows(message::close) ? 1 : 0;
          message.close();
          assertThrows(IllegalStateException.class, message::offset);
          while (channel.tryReceive().isPresent()) {
            // given again
          }
          assertTrue(channel.trySend(new byte[] {2}), "room, after " + working);
          assertTrue(channel.trySend(new byte[] {3}), "more room, after " + working);
          assertEquals(2, channel.tryReceive().orElseThrow()[0]);
        });
    assertTrue(thrown[0] > 1, "it has thrown " + thrown[0] + " times");
  }

  @Test
  void messagesWhoseCloseHasThrownGiveTheirRoomBack() throws Exception {
    messagesGiveTheirRoomBack(ChannelSpec.of(2, Width.variable(8)));
  }

  @Test
  void acknowledgedMessagesWhoseCloseHasThrownAreGivenAgain() throws Exception {
    messagesGiveTheirRoomBack(ChannelSpec.of(2, Width.variable(8)).acknowledged());
  }

  @Test
  void callsThatHaveThrownGiveTheirReplySlotsBack() throws Exception {
    int[] thrown = {0};
    inHeaps(
        heap -> {
          RequestSpec spec = RequestSpec.of(8, 8).calls(1);
          RequestChannel channel = RequestChannel.at(heap, heap.dataOffset() + 127 & -128, spec);
          thrown[0] += overflows(() -> call(channel)) ? 1 : 0;
          assertEquals("waits for a reply", call(channel), "after " + working);
        });
    assertTrue(thrown[0] > 5, "it has thrown " + thrown[0] + " times");
  }

  /** There is no server, so each call ends with its time; one without a slot says so. */
  private static String call(RequestChannel channel) {
    try {
      channel.call(new byte[1], Duration.ZERO);
      return "has a reply";
    } catch (TimeoutException e) {
      return e.getMessage().contains("are under way") ? "has no slot" : "waits for a reply";
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void subscriptionsThatHaveThrownLeaveNoSubscriber() throws Exception {
    int[] thrown = {0};
    inHeaps(
        heap -> {
          TopicSpec spec = TopicSpec.of(2, Width.variable(8)).subscribers(1);
          Topic topic = Topic.at(heap, heap.dataOffset() + 127 & -128, spec);
          thrown[0] += overflows(() -> topic.subscribe().close()) ? 1 : 0;
          for (byte number = 0; number < 5; number++) {
            assertTrue(topic.tryPublish(new byte[] {number}), "room, after " + working);
          }
          assertEquals(0, topic.subscribers());
          topic.subscribe().close();
        });
    assertTrue(thrown[0] > 5, "it has thrown " + thrown[0] + " times");
  }

  @Test
  void readsInPlaceThatHaveThrownThroughOneHandleAreEndedThroughAnother() throws Exception {
    int[] thrown = {0};
    inHeaps(
        heap -> {
          Allocator allocator = Allocator.on(heap);
          MapSpec spec = MapSpec.standard().withShards(1);
          SharedLongMap.named(allocator, "map", spec).put(1, new byte[] {2});
          SharedLongMap map = SharedLongMap.named(allocator, "map", spec);
          thrown[0] += overflows(() -> valueOfOne(map)) ? 1 : 0;
          SharedLongMap other = SharedLongMap.named(allocator, "map", spec);
          assertEquals(2, valueOfOne(other), "after " + working);
          assertEquals(0, other.check().pinned(), "after " + working);
        });
    assertTrue(thrown[0] > 5, "it has thrown " + thrown[0] + " times");
  }

  private static int valueOfOne(SharedLongMap map) {
    return map.get(1, (heap, offset, length) -> (int) heap.getByte(offset));
  }
}
