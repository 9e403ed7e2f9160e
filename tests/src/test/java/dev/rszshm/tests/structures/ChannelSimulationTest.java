package dev.rszshm.tests.structures;

import static dev.rszshm.tests.Schedules.crashes;
import static dev.rszshm.tests.Schedules.explore;
import static dev.rszshm.tests.structures.MessageLedger.bytes;
import static dev.rszshm.tests.structures.SmallChannel.channel;
import static dev.rszshm.tests.structures.SmallChannel.simulation;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.Claim;
import dev.rszshm.structures.channel.Message;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import org.junit.jupiter.api.Test;

/** Sending and receiving in every order, with deaths: the protocol of {@code Ring}. */
class ChannelSimulationTest {
  private static final ChannelSpec ONE = ChannelSpec.of(1, Width.fixed(4));
  private static final ChannelSpec TWO = ChannelSpec.of(2, Width.variable(4));
  private static final ChannelSpec THREE = ChannelSpec.of(3, Width.variable(4));
  private static final ChannelSpec STREAM = ChannelSpec.stream(1024);

  /** A channel of two messages, which are there. */
  private static Simulation withTwoMessages(SmallChannel.Story story) {
    return simulation(
        TWO,
        channel -> {
          channel.sendUninterruptibly(bytes(1));
          channel.sendUninterruptibly(bytes(2));
        },
        (s, ledger) -> {
          for (int number = 1; number <= 2; number++) {
            ledger.begin(number);
            ledger.sent(number);
          }
          story.tell(s, ledger);
        });
  }

  @Test
  void twoSendersThatMayDieLoseNothingThatWasSent() {
    Simulation two =
        simulation(
            TWO,
            channel -> {},
            (s, ledger) -> {
              s.process("one", p -> ledger.trySend(channel(p), 10, 11));
              s.process("two", p -> ledger.trySend(channel(p), 20));
            });
    explore("two senders", two.kills(1).preemptions(Storm.count(2, 3)));
    explore("two senders in weak memory", two.preemptions(1).staleLoads(1));
    crashes("two senders", two);
  }

  @Test
  void whatASenderAndAReceiverThatMayDieDoIsDoneOnce() throws InterruptedException {
    Simulation two =
        simulation(
            ONE,
            channel -> {
              for (int lap = 0; lap < 3; lap++) {
                channel.sendUninterruptibly(bytes(lap));
                channel.receiveUninterruptibly();
              }
            },
            (s, ledger) -> {
              s.process("sender", p -> ledger.trySend(channel(p), 10, 11, 12));
              s.process("receiver", p -> ledger.tryReceive(p, channel(p), 2));
            });
    explore("sender, receiver", two.kills(1).preemptions(Storm.count(2, 3)));
    explore("sender, receiver in weak memory", two.preemptions(1).staleLoads(Storm.count(1, 2)));
    crashes("sender, receiver", two);
  }

  @Test
  void twoReceiversThatMayDieGetEachMessageOnce() throws InterruptedException {
    Simulation two =
        simulation(
            TWO,
            channel -> {
              channel.sendUninterruptibly(bytes(1));
              channel.sendUninterruptibly(bytes(2));
            },
            (s, ledger) -> {
              ledger.begin(1);
              ledger.begin(2);
              ledger.sent(1);
              ledger.sent(2);
              s.process("one", p -> ledger.tryReceive(p, channel(p), 2));
              s.process("two", p -> ledger.tryReceive(p, channel(p), 1));
              s.survivor("sender", p -> ledger.trySend(channel(p), 30));
            });
    explore("two receivers", two.kills(1).preemptions(Storm.count(1, 2)));
  }

  @Test
  void aStreamWrapsAroundWithPaddingInEveryOrder() throws InterruptedException {
    Simulation two =
        simulation(
            STREAM,
            channel -> {
              for (int i = 0; i < 15; i++) {
                channel.sendUninterruptibly(bytes(1));
                channel.receiveUninterruptibly();
              }
            },
            (s, ledger) -> {
              s.process(
                  "long",
                  p -> {
                    ledger.begin(10);
                    channel(p).send(bytes(10, 100));
                    ledger.sent(10);
                  });
              s.process("short", p -> ledger.trySend(channel(p), 20, 21));
              s.survivor("receiver", p -> ledger.tryReceive(p, channel(p), 2));
            });
    explore("stream", two.kills(1).preemptions(Storm.count(1, 2)));
  }

  @Test
  void aClaimOfTheDeadHoldsNobodyUp() {
    Simulation two =
        simulation(
            THREE,
            channel -> {},
            (s, ledger) -> {
              s.process(
                  "claimer",
                  p -> {
                    Channel channel = channel(p);
                    try (Claim claim = channel.claim(4)) {
                      p.heap().putBytes(claim.offset(), bytes(10));
                      ledger.begin(10);
                      claim.commit();
                      ledger.sent(10);
                    }
                    channel.claim(3).abort();
                  });
              s.survivor(
                  "other",
                  p -> {
                    Channel channel = channel(p);
                    ledger.send(channel, 20);
                    ledger.receive(p, channel);
                  });
            });
    explore("claim", two.kills(1).preemptions(Storm.count(2, 3)));
    crashes("claim", two);
  }

  @Test
  void aMessageThatIsReadInPlaceStaysAsLongAsItsReaderLives() throws InterruptedException {
    Simulation two =
        simulation(
            ONE,
            channel -> channel.sendUninterruptibly(bytes(1)),
            (s, ledger) -> {
              ledger.begin(1);
              ledger.sent(1);
              s.process(
                  "reader",
                  p -> {
                    ledger.isReceiving(p);
                    try (Message message = channel(p).tryTake().orElse(null)) {
                      if (message != null) {
                        ledger.received(message.toBytes());
                      }
                    }
                  });
              s.survivor(
                  "sender",
                  p -> {
                    Channel channel = channel(p);
                    ledger.trySend(channel, 20);
                    ledger.tryReceive(p, channel, 1);
                    ledger.trySend(channel, 21);
                  });
            });
    explore("read in place", two.kills(1).preemptions(Storm.count(2, 3)));
    explore("read in place in weak memory", two.preemptions(1).staleLoads(1));
    crashes("read in place", two);
  }

  @Test
  void messagesOfOneStepStayWhereTheyAreUntilTheLastIsHandled() throws InterruptedException {
    Simulation two =
        withTwoMessages(
            (s, ledger) -> {
              s.process(
                  "reader",
                  p -> {
                    ledger.isReceiving(p); // it may die with two messages
                    ledger.isReceiving(p);
                    Channel channel = channel(p);
                    channel.tryReceiveEach(
                        2,
                        (offset, length) ->
                            ledger.received(channel.heap().getBytes(offset, length)));
                  });
              s.survivor(
                  "sender",
                  p -> {
                    Channel channel = channel(p);
                    ledger.trySend(channel, 20);
                    ledger.tryReceive(p, channel, 1);
                    ledger.trySend(channel, 21);
                  });
            });
    explore("each in place", two.kills(1).preemptions(Storm.count(1, 3)));
    explore("each in place in weak memory", two.preemptions(1).staleLoads(1));
    crashes("each in place", two);
  }

  @Test
  void severalMessagesAreReceivedInOneStepOrNot() throws InterruptedException {
    Simulation two =
        withTwoMessages(
            (s, ledger) -> {
              s.survivor(
                  "all",
                  p -> {
                    for (byte[] message : channel(p).tryReceiveAll(5)) {
                      ledger.received(message);
                    }
                  });
              s.process("one", p -> ledger.tryReceive(p, channel(p), 1));
              s.process("sender", p -> ledger.trySend(channel(p), 30));
            });
    explore("receive all", two.preemptions(1));
    explore("receive all, one dies", two.kills(1).preemptions(Storm.count(0, 1)));
  }

  @Test
  void whatWasSentBeforeAChannelIsClosedIsReceivedAndNothingIsSentBehindIt() {
    Simulation two =
        simulation(
            TWO,
            channel -> {},
            (s, ledger) -> {
              s.process(
                  "sender",
                  p -> {
                    Channel channel = channel(p);
                    for (int number = 10; number < 13; number++) {
                      ledger.begin(number);
                      try {
                        channel.send(bytes(number));
                        ledger.sent(number);
                      } catch (ChannelShutdownException | PeerDiedException e) {
                        ledger.notSent(number);
                      }
                    }
                  });
              s.process("closer", p -> channel(p).shutdown());
              s.survivor(
                  "receiver",
                  p -> {
                    Channel channel = channel(p);
                    try {
                      while (true) {
                        byte[] message = channel.tryReceive().orElse(null);
                        if (message == null) {
                          return;
                        }
                        ledger.received(message);
                      }
                    } catch (ChannelShutdownException e) {
                      assertTrue(channel.isShutdown());
                    }
                  });
            });
    // Without a closer nobody makes room for the third message, so the closer does not die here.
    explore("close", two.preemptions(Storm.count(1, 3)));
  }
}
