package dev.rszshm.tests.structures;

import static dev.rszshm.tests.Schedules.explore;
import static dev.rszshm.tests.structures.MessageLedger.bytes;
import static dev.rszshm.tests.structures.SmallChannel.channel;
import static dev.rszshm.tests.structures.SmallChannel.simulation;

import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import org.junit.jupiter.api.Test;

/** Messages in parts, in every order, with deaths in the middle of them. */
class PartSimulationTest {
  private static final ChannelSpec STREAM = ChannelSpec.stream(1024);

  /** In two parts. */
  private static final int LONG = 200;

  private static void sendLong(MessageLedger ledger, Channel channel, int number)
      throws InterruptedException {
    ledger.begin(number);
    channel.send(bytes(number, LONG));
    ledger.sent(number);
  }

  /** Receives until nobody is left who could send. */
  private static void receiveAll(MessageLedger ledger, Channel channel)
      throws InterruptedException {
    try {
      while (true) {
        ledger.received(channel.receive());
      }
    } catch (PeerDiedException e) {
      byte[] last = channel.tryReceive().orElse(null);
      if (last != null) {
        ledger.received(last);
      }
    }
  }

  @Test
  void aMessageOfASenderThatDiesInTheMiddleIsDropped() throws InterruptedException {
    Simulation two =
        simulation(
            STREAM,
            channel -> channel.sendUninterruptibly(bytes(1)),
            (s, ledger) -> {
              ledger.begin(1);
              ledger.sent(1);
              s.process("sender", p -> sendLong(ledger, channel(p), 10));
              s.survivor("receiver", p -> receiveAll(ledger, channel(p)));
            });
    explore("a sender of parts dies", two.kills(1).preemptions(Storm.count(1, 2)));
    explore("a sender of parts ends", two.preemptions(2));
  }

  @Test
  void messagesInPartsOfTwoSendersAreNotMixed() {
    Simulation three =
        simulation(
            STREAM,
            channel -> {},
            (s, ledger) -> {
              s.process("one", p -> sendLong(ledger, channel(p), 10));
              s.process("two", p -> sendLong(ledger, channel(p), 20));
              s.survivor("short", p -> ledger.send(channel(p), 30));
            });
    explore("two senders of parts", three.kills(1).preemptions(Storm.count(0, 1)));
    Schedules.random("senders of parts", three.kills(2).preemptions(4), 1, Storm.count(300, 9000));
  }

  @Test
  void whatAReceiverThatDiesHasBegunTheNextOneDrops() throws InterruptedException {
    Simulation two =
        simulation(
            STREAM,
            channel -> {
              channel.sendUninterruptibly(bytes(1, LONG));
              channel.sendUninterruptibly(bytes(2));
            },
            (s, ledger) -> {
              for (int number = 1; number <= 2; number++) {
                ledger.begin(number);
                ledger.sent(number);
              }
              s.process("one", p -> ledger.tryReceive(p, channel(p), 1));
              s.survivor("two", p -> ledger.tryReceive(p, channel(p), 2));
            });
    explore("a receiver of parts dies", two.kills(1).preemptions(Storm.count(1, 2)));
  }
}
