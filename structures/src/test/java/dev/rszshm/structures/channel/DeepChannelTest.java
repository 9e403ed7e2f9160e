package dev.rszshm.structures.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stack that is full within an operation of a channel leaves the channel usable for all. */
@Timeout(300)
class DeepChannelTest {
  private static final int STACK = 200_000;
  private static final int DEPTHS = 250;
  private static final int STEP = 4;

  private int deepest;
  private int overflows;

  @Test
  void channelGoesOnAfterAnOverflowInASend() throws Exception {
    goesOn(ChannelSpec.of(4, Width.variable(40)), channel -> channel.trySend(new byte[10]));
  }

  @Test
  void channelGoesOnAfterAnOverflowInAReceive() throws Exception {
    goesOn(ChannelSpec.of(4, Width.variable(40)), Channel::tryReceive);
  }

  @Test
  void streamGoesOnAfterAnOverflowInASend() throws Exception {
    goesOn(ChannelSpec.stream(1024), channel -> channel.trySend(new byte[200]));
  }

  @Test
  void streamGoesOnAfterAnOverflowInASendOfParts() throws Exception {
    goesOn(ChannelSpec.stream(1024), channel -> channel.trySend(new byte[400]));
  }

  @Test
  void channelGoesOnAfterAnOverflowInASendOfSeveral() throws Exception {
    List<byte[]> both = List.of(new byte[10], new byte[20]);
    goesOn(ChannelSpec.of(4, Width.variable(40)), channel -> sendAll(channel, both));
  }

  @Test
  void acknowledgedChannelGoesOnAfterAnOverflowInAReceive() throws Exception {
    goesOn(ChannelSpec.of(4, Width.variable(40)).acknowledged(), Channel::tryReceive);
  }

  private static ChannelSpec oneToOne() {
    return ChannelSpec.of(4, Width.variable(40)).singleSender().singleReceiver();
  }

  @Test
  void singleSenderThatOverflowsLeavesItsEndToOthers() throws Exception {
    goesOn(oneToOne(), channel -> channel.trySend(new byte[10]));
  }

  @Test
  void singleReceiverThatOverflowsLeavesItsEndToOthers() throws Exception {
    goesOn(oneToOne(), Channel::tryReceive);
  }

  @Test
  void singleSenderThatOverflowsWithAClaimLeavesItsEndToOthers() throws Exception {
    goesOn(oneToOne(), channel -> channel.claimUninterruptibly(5).close());
  }

  @Test
  void channelGoesOnAfterAnOverflowInWhichManyAreReceivedInPlace() throws Exception {
    goesOn(
        ChannelSpec.of(4, Width.variable(40)),
        channel -> {
          channel.trySend(new byte[3]);
          channel.trySend(new byte[4]);
          channel.tryReceiveEach(5, (offset, length) -> {});
        });
  }

  private static void sendAll(Channel channel, List<byte[]> messages) {
    try {
      channel.sendAll(messages); // there is room
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void goesOn(ChannelSpec spec, Consumer<Channel> operation) throws Exception {
    try (Heap heap = Kinds.heap()) {
      Channel channel = Kinds.channel(heap, spec);
      Channel others = Channel.at(heap, channel.offset());
      overflows = 0;
      operation.accept(channel); // so that nothing is linked for the first time at depth
      channel.leave();
      for (int i = 0; i < DEPTHS; i++) {
        deepest = 0;
        inThread(() -> at(Integer.MAX_VALUE, channel, operation)); // compiled frames are shorter
        int depth = deepest - STEP * i;
        inThread(() -> at(depth, channel, operation));
        requireUsable(channel, others, "depth " + depth);
      }
      int overflowed = overflows - DEPTHS;
      assertTrue(overflowed > 0 && overflowed < DEPTHS, overflowed + " of " + DEPTHS + " overflow");
      others.shutdown();
      assertThrows(ChannelShutdownException.class, channel::tryReceive, "nothing is being sent");
    }
  }

  /** What was sent may be there or not; then all that is sent comes. */
  private static void requireUsable(Channel channel, Channel others, String when) {
    for (int i = 0; channel.tryReceive().isPresent(); i++) {
      assertTrue(i < 10, when);
    }
    for (byte i = 0; i < 6; i++) {
      byte[] message = {i, 1, 2};
      assertTrue((i % 2 == 0 ? channel : others).trySend(message), when);
      assertArrayEquals(message, others.tryReceive().orElseThrow(), when);
    }
    channel.leave();
  }

  private void at(int depth, Channel channel, Consumer<Channel> operation) {
    if (depth > 0) {
      deepest++;
      at(depth - 1, channel, operation);
    } else {
      operation.accept(channel);
    }
  }

  private void inThread(Runnable work) throws InterruptedException {
    Thread thread = new Thread(null, work, "deep", STACK);
    thread.setUncaughtExceptionHandler((t, e) -> overflows++);
    thread.start();
    thread.join();
  }
}
