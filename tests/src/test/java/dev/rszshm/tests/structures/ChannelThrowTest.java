package dev.rszshm.tests.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.testkit.faults.ThrowAnywhere;
import dev.rszshm.testkit.process.ScratchDirectory;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An error at any access of a channel: it goes on for everybody, this process among them. */
class ChannelThrowTest {
  /** Nobody waits so long but for what never comes. */
  private static final Duration SOON = Duration.ofMinutes(1);

  private static final ChannelSpec GENERAL = ChannelSpec.of(2, Width.variable(8));

  /** With any number of senders and receivers, and with one of each. */
  private static void run(Consumer<Channel> act) throws Exception {
    run(act, GENERAL);
    run(act, GENERAL.singleSender().singleReceiver());
  }

  private static void run(Consumer<Channel> act, ChannelSpec spec) throws Exception {
    run(act, spec, ChannelThrowTest::goesOn);
  }

  /** What others find after it. */
  private interface Check {
    void of(Channel channel) throws InterruptedException;
  }

  private static void run(Consumer<Channel> act, ChannelSpec spec, Check check) throws Exception {
    try (ScratchDirectory directory = ScratchDirectory.inMemory()) {
      int[] number = {0};
      int places =
          ThrowAnywhere.on(Platform.host())
              .run(
                  point -> {
                    try (Heap heap =
                        Heap.builder()
                            .span(1 << 20)
                            .length(64 << 10)
                            .platform(point.platform())
                            .create(directory.path().resolve("heap" + number[0]++))) {
                      Channel channel = Channel.at(heap, heap.dataOffset() + 127 & -128, spec);
                      channel.send(new byte[] {1});
                      point.act(() -> act.accept(channel));
                      check.of(channel);
                    }
                  });
      assertTrue(places > 5, "there are " + places + " places");
    }
  }

  /** At most two messages are there; behind them, what is sent arrives. */
  private static void goesOn(Channel channel) throws InterruptedException {
    for (int i = 0; i < 3 && channel.tryReceive().isPresent(); ) {
      i++;
    }
    for (byte number = 10; number < 15; number++) {
      assertTrue(channel.send(new byte[] {number}, SOON), "there is room");
      byte[] received = channel.receive(SOON).orElse(null);
      assertTrue(received != null, "what was sent arrives");
      assertEquals(number, received[0]);
    }
  }

  /** In a process of its own, as far as the heap knows. */
  private static void isFreeForOthers(Channel channel) throws InterruptedException {
    channel.leave();
    try (Heap other = Heap.builder().anyAddress().attach(channel.heap().path())) {
      goesOn(Channel.at(other, channel.offset()));
    }
    goesOn(channel);
  }

  @Test
  void takingAnEndAndGivingItUp() throws Exception {
    ChannelSpec single = GENERAL.singleSender().singleReceiver();
    run(
        channel -> {
          channel.leave();
          channel.trySend(new byte[] {2});
          channel.tryReceive();
          channel.leave();
        },
        single,
        ChannelThrowTest::isFreeForOthers);
  }

  @Test
  void sending() throws Exception {
    run(channel -> channel.trySend(new byte[] {2}));
  }

  @Test
  void receiving() throws Exception {
    run(Channel::tryReceive);
  }

  @Test
  void taking() throws Exception {
    run(channel -> channel.tryTake().orElseThrow().close());
  }

  @Test
  void receivingManyInPlace() throws Exception {
    run(channel -> channel.tryReceiveEach(3, (offset, length) -> {}));
  }

  @Test
  void claiming() throws Exception {
    run(channel -> channel.claimUninterruptibly(4).close());
  }

  @Test
  void aReceiptAfterASend() throws Exception {
    run(
        channel -> {
          channel.sendUninterruptibly(new byte[] {2});
          channel.receiveUninterruptibly();
          channel.receiveUninterruptibly();
        });
  }
}
