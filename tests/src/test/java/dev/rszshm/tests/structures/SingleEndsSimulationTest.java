package dev.rszshm.tests.structures;

import static dev.rszshm.tests.Schedules.crashes;
import static dev.rszshm.tests.Schedules.explore;
import static dev.rszshm.tests.structures.MessageLedger.bytes;
import static dev.rszshm.tests.structures.SmallChannel.channel;
import static dev.rszshm.tests.structures.SmallChannel.simulation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.ChannelView;
import dev.rszshm.structures.channel.Claim;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.EndTakenException;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Channels with one sender and one receiver, in every order, with deaths: {@code SingleSender}. */
class SingleEndsSimulationTest {
  private static final ChannelSpec ONE =
      ChannelSpec.of(1, Width.fixed(4)).singleSender().singleReceiver();
  private static final ChannelSpec TWO =
      ChannelSpec.of(2, Width.variable(4)).singleSender().singleReceiver();
  private static final ChannelSpec FOUR =
      ChannelSpec.of(4, Width.variable(4)).singleSender().singleReceiver();
  private static final ChannelSpec STREAM =
      ChannelSpec.stream(1024).singleSender().singleReceiver();

  private static void threeLaps(Channel channel) {
    for (int lap = 0; lap < 3; lap++) {
      channel.sendUninterruptibly(bytes(lap));
      channel.receiveUninterruptibly();
    }
    channel.leave();
  }

  /**
   * Sends messages, unless somebody else is the sender. Each is stored before anything that others
   * can learn of it from this process; so it counts as sent when there is such a thing.
   */
  private static void trySend(MessageLedger ledger, SimulatedProcess p, int... numbers) {
    Channel channel = channel(p);
    for (int number : numbers) {
      ledger.begin(number);
      try {
        if (channel.trySend(bytes(number))) {
          p.heap().putLongVolatile(p.heap().length() - Long.BYTES, number);
          ledger.sent(number);
        } else {
          ledger.notSent(number);
        }
      } catch (EndTakenException | ChannelShutdownException e) {
        ledger.notSent(number);
      }
    }
  }

  @Test
  void whatASenderAndAReceiverThatMayDieDoIsDoneOnce() throws InterruptedException {
    Simulation two =
        simulation(
            ONE,
            SingleEndsSimulationTest::threeLaps,
            (s, ledger) -> {
              s.process("sender", p -> trySend(ledger, p, 10, 11, 12));
              s.process("receiver", p -> ledger.tryReceive(p, channel(p), 2));
            });
    explore("single ends", two.kills(1).preemptions(Storm.count(2, 3)));
    explore("single ends in weak memory", two.preemptions(1).staleLoads(Storm.count(1, 2)));
    crashes("single ends", two);
  }

  @Test
  void whoComesAfterADeadSenderOrReceiverGoesOnWhereItStopped() {
    Simulation four =
        simulation(
            TWO,
            SingleEndsSimulationTest::threeLaps,
            (s, ledger) -> {
              s.process("sender", p -> trySend(ledger, p, 10, 11));
              s.survivor("its successor", p -> trySend(ledger, p, 20, 21));
              s.survivor(
                  "receiver",
                  p -> {
                    Channel channel = channel(p);
                    ledger.tryReceive(p, channel, 2);
                    channel.leave();
                  });
            });
    explore("successors", four.kills(1).preemptions(Storm.count(1, 2)));
    explore("successors in weak memory", four.preemptions(1).staleLoads(1));
    crashes("successors", four);
  }

  @Test
  void aStreamWrapsAroundWithPaddingOfOneSender() {
    Simulation two =
        simulation(
            STREAM,
            channel -> {
              for (int i = 0; i < 15; i++) {
                channel.sendUninterruptibly(bytes(1));
                channel.receiveUninterruptibly();
              }
              channel.leave();
            },
            (s, ledger) -> {
              s.process(
                  "sender",
                  p -> {
                    ledger.begin(10);
                    channel(p).send(bytes(10, 100));
                    ledger.sent(10);
                    trySend(ledger, p, 11);
                  });
              s.survivor("receiver", p -> ledger.tryReceive(p, channel(p), 2));
            });
    explore("stream of one", two.kills(1).preemptions(Storm.count(1, 2)));
  }

  /** Receives until the channel is shut down: nothing that was sent can come later. */
  private static void receiveAll(MessageLedger ledger, SimulatedProcess p) throws Exception {
    Channel channel = channel(p).waitingForPeers();
    ledger.isReceiving(p);
    try {
      while (true) {
        ledger.received(channel.receive());
      }
    } catch (ChannelShutdownException e) {
      assertTrue(channel.isShutdown());
      ledger.alsoCheck(
          checker ->
              assertTrue(
                  new RingReader(checker.heap(), SmallChannel.place(checker)).messages().isEmpty(),
                  "sent behind the end"));
    }
  }

  private static Simulation shutdownOf(ChannelSpec spec) {
    return simulation(
        spec,
        SingleEndsSimulationTest::threeLaps,
        (s, ledger) -> {
          s.process("sender", p -> trySend(ledger, p, 10, 11));
          s.survivor("closer", p -> channel(p).shutdown());
          s.survivor("receiver", p -> receiveAll(ledger, p));
        });
  }

  @Test
  void aThirdProcessEndsItAndNoMessageIsSentBehindTheEnd() {
    Simulation two = shutdownOf(TWO);
    explore("shutdown", two.kills(1).preemptions(Storm.count(1, 2)));
    explore("shutdown in weak memory", two.kills(0).preemptions(Storm.count(1, 2)).staleLoads(1));
    explore("shutdown of one", shutdownOf(TWO.singleReceiver()).preemptions(1).staleLoads(1));
  }

  @Test
  void aCloserThatDiesHasEndedItOrNot() {
    Simulation two =
        simulation(
            TWO,
            SingleEndsSimulationTest::threeLaps,
            (s, ledger) -> {
              s.process("closer", p -> channel(p).shutdown());
              s.survivor("sender", p -> trySend(ledger, p, 10, 11, 12));
              s.survivor(
                  "receiver",
                  p -> {
                    try {
                      ledger.tryReceive(p, channel(p), 2);
                    } catch (ChannelShutdownException e) {
                      assertTrue(channel(p).isShutdown());
                    }
                    channel(p).leave();
                  });
              ledger.alsoCheck(
                  p ->
                      assertEquals(
                          List.of(), ChannelView.at(p.heap(), SmallChannel.place(p)).check()));
            });
    explore("closer that dies", two.kills(1).preemptions(1));
  }

  @Test
  void roomThatTheSenderHasClaimedHoldsNobodyUpIfItDies() {
    Simulation two =
        simulation(
            FOUR,
            SingleEndsSimulationTest::threeLaps,
            (s, ledger) -> {
              s.process(
                  "claimer",
                  p -> {
                    Channel channel = channel(p);
                    Claim given;
                    try {
                      given = channel.claim(3);
                    } catch (EndTakenException e) {
                      return;
                    }
                    try (Claim claim = channel.claim(4)) {
                      p.heap().putBytes(claim.offset(), bytes(10));
                      ledger.begin(10);
                      claim.commit();
                      ledger.sent(10);
                    }
                    given.abort();
                    channel.leave();
                  });
              s.survivor(
                  "sender and receiver",
                  p -> {
                    Channel channel = channel(p);
                    trySend(ledger, p, 20);
                    ledger.tryReceive(p, channel, 2);
                    trySend(ledger, p, 21);
                  });
            });
    explore("claims of one", two.kills(1).preemptions(Storm.count(1, 2)));
    crashes("claims of one", two);
  }

  @Test
  void whoSleepsIsWokenByAMessageAndByRoom() {
    Simulation two =
        simulation(
            ONE,
            SingleEndsSimulationTest::threeLaps,
            (s, ledger) -> {
              s.survivor("sender", p -> ledger.send(channel(p).waitingForPeers(), 10, 11));
              s.survivor(
                  "receiver",
                  p -> {
                    Channel channel = channel(p).waitingForPeers();
                    try {
                      ledger.receive(p, channel);
                      ledger.receive(p, channel);
                    } catch (PeerDiedException e) {
                      throw new AssertionError(e);
                    }
                  });
            });
    explore("sleep", two.preemptions(1));
  }
}
