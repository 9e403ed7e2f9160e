package dev.rszshm.structures.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random operations on a channel, and on a queue that is what it should be. */
class ChannelModelTest {
  enum Action {
    SEND,
    RECEIVE,
    SEND_ALL,
    RECEIVE_ALL,
    RECEIVE_EACH,
    CLAIM,
    ABORT,
    TAKE,
    GIVE_BACK
  }

  record Step(Action action, int length) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(Arbitraries.of(Action.class), Arbitraries.integers().between(0, 300))
        .as(Step::new)
        .list()
        .ofMaxSize(300);
  }

  @Property(tries = 150)
  void aBufferedChannelIsAQueueWithACapacity(
      @ForAll("steps") List<Step> steps, @ForAll("depths") int depth) throws InterruptedException {
    run(steps, ChannelSpec.of(depth, Width.variable(300)));
  }

  @Property(tries = 150)
  void aStreamIsAQueue(@ForAll("steps") List<Step> steps) throws InterruptedException {
    run(steps, ChannelSpec.stream(2048));
  }

  @Property(tries = 150)
  void channelWithSingleEndsIsAQueueWithACapacity(
      @ForAll("steps") List<Step> steps, @ForAll("depths") int depth) throws InterruptedException {
    run(steps, ChannelSpec.of(depth, Width.variable(300)).singleSender().singleReceiver());
  }

  @Property(tries = 150)
  void streamWithSingleEndsIsAQueue(@ForAll("steps") List<Step> steps) throws InterruptedException {
    run(steps, ChannelSpec.stream(2048).singleSender().singleReceiver());
  }

  @Provide
  Arbitrary<Integer> depths() {
    return Arbitraries.integers().between(1, 9);
  }

  private static void run(List<Step> steps, ChannelSpec spec) throws InterruptedException {
    try (Heap heap = Kinds.heap()) {
      Channel channel = Kinds.channel(heap, spec);
      Deque<byte[]> model = new ArrayDeque<>();
      Deque<Message> taken = new ArrayDeque<>();
      Deque<byte[]> expected = new ArrayDeque<>();
      int number = 0;
      for (Step step : steps) {
        byte[] message = Kinds.bytes(step.length, number++);
        boolean inParts = spec.isStream() && step.length > 256;
        boolean room = channel.remainingCapacity() > (spec.isStream() ? 1024 : 0);
        switch (step.action) {
          case SEND -> {
            boolean sent = channel.trySend(message);
            assertTrue(sent || !room, "there is room");
            assertTrue(!sent || spec.isStream() || room, "there is none");
            if (sent) {
              model.add(message);
            }
          }
          case SEND_ALL -> {
            if (room) {
              channel.sendAll(List.of(message));
              model.add(message);
            }
          }
          case CLAIM -> {
            if (room && !inParts) {
              try (Claim claim = channel.claimUninterruptibly(step.length)) {
                if (step.length > 0) {
                  heap.putBytes(claim.offset(), message);
                }
                claim.commit();
              }
              model.add(message);
            }
          }
          case ABORT -> {
            if (room && !inParts) {
              channel.claim(step.length).abort();
            }
          }
          case RECEIVE -> assertSame(model.poll(), channel.tryReceive().orElse(null));
          case RECEIVE_ALL -> {
            List<byte[]> received = channel.tryReceiveAll(1 + step.length % 5);
            assertTrue(!received.isEmpty() || model.isEmpty());
            for (byte[] one : received) {
              assertSame(model.poll(), one);
            }
          }
          case RECEIVE_EACH -> {
            byte[] next = model.peek();
            if (next == null || next.length <= 256 || !spec.isStream()) {
              int most = 1 + step.length % 5;
              List<byte[]> received = new ArrayList<>();
              int count =
                  channel.tryReceiveEach(
                      most, (offset, length) -> received.add(heap.getBytes(offset, length)));
              assertEquals(received.size(), count);
              assertTrue(count <= most && (count > 0 || model.isEmpty()));
              for (byte[] one : received) {
                assertSame(model.poll(), one);
              }
            }
          }
          case TAKE -> {
            byte[] next = model.peek();
            if (next == null || next.length <= 256 || !spec.isStream()) {
              Message message1 = channel.tryTake().orElse(null);
              assertEquals(next == null, message1 == null);
              if (next != null) {
                taken.add(message1);
                expected.add(model.poll());
              }
            }
          }
          case GIVE_BACK -> {
            if (!taken.isEmpty()) {
              boolean newest = step.length % 2 == 0;
              Message one = newest ? taken.pollLast() : taken.poll();
              assertSame(newest ? expected.pollLast() : expected.poll(), one.toBytes());
              one.close();
            }
          }
        }
        if (!spec.isStream()) {
          assertEquals(model.size(), channel.size());
        }
        List<byte[]> open = new ArrayList<>(expected);
        int i = 0;
        for (Message one : taken) {
          assertSame(open.get(i++), one.toBytes());
        }
      }
      while (!model.isEmpty()) {
        assertSame(model.poll(), channel.tryReceive().orElse(null));
      }
      assertTrue(channel.tryReceive().isEmpty());
    }
  }

  private static void assertSame(byte[] expected, byte[] found) {
    assertArrayEquals(expected, found);
  }
}
