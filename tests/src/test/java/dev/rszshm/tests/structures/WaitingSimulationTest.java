package dev.rszshm.tests.structures;

import static dev.rszshm.tests.Schedules.explore;
import static dev.rszshm.tests.structures.MessageLedger.bytes;
import static dev.rszshm.tests.structures.SmallChannel.channel;
import static dev.rszshm.tests.structures.SmallChannel.simulation;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Waiting for messages and for room: nobody sleeps on, whatever dies. */
class WaitingSimulationTest {
  private static final ChannelSpec ONE = ChannelSpec.of(1, Width.fixed(4));
  private static final ChannelSpec NONE = ChannelSpec.of(0, Width.fixed(4));
  private static final long MILLI = 1_000_000;
  private static final long NOTICED = 100 * MILLI;

  /** When all is sent, no more time has to pass than a receiver sleeps that has seen a claim. */
  @Test
  void noWakeUpIsLostBetweenSendersAndReceivers() {
    Simulation two =
        simulation(
            ONE,
            channel -> {},
            (s, ledger) -> {
              long[] done = new long[2];
              s.survivor(
                  "sender",
                  p -> {
                    ledger.send(channel(p), 10, 11, 12);
                    done[0] = p.calls().nanoTime();
                  });
              s.survivor(
                  "receiver",
                  p -> {
                    Channel channel = channel(p);
                    for (int i = 0; i < 3; i++) {
                      ledger.receive(p, channel);
                    }
                    done[1] = p.calls().nanoTime();
                  });
              ledger.alsoCheck(p -> assertTrue(done[1] <= done[0] + 2 * MILLI, "it slept on"));
            });
    explore("wait", two.preemptions(Storm.count(2, 4)));
    explore("wait in weak memory", two.preemptions(1).staleLoads(1));
  }

  /** Two preemptions and a stale load find a wake-up that is lost by a look with acquire order. */
  @Test
  void noWakeUpIsLostToAStaleLoad() {
    long[] done = new long[2];
    Simulation two =
        simulation(
            ONE,
            channel -> {},
            (s, ledger) -> {
              s.survivor(
                  "sender",
                  p -> {
                    ledger.send(channel(p), 10);
                    done[0] = p.calls().nanoTime();
                  });
              s.survivor(
                  "receiver",
                  p -> {
                    ledger.receive(p, channel(p));
                    done[1] = p.calls().nanoTime();
                  });
              ledger.alsoCheck(p -> assertTrue(done[1] <= done[0] + 2 * MILLI, "it slept on"));
            });
    explore("wait for one in weak memory", two.preemptions(2).staleLoads(1));
  }

  @Test
  void twoReceiversThatWaitEachGetAMessage() {
    Simulation three =
        simulation(
            ChannelSpec.of(2, Width.fixed(4)),
            channel -> {},
            (s, ledger) -> {
              s.survivor("sender", p -> ledger.send(channel(p), 10, 11));
              s.survivor("one", p -> ledger.receive(p, channel(p)));
              s.survivor("two", p -> ledger.receive(p, channel(p)));
            });
    explore("two wait", three.preemptions(Storm.count(1, 2)));
  }

  @Test
  void whoWaitsLearnsWithin100MillisecondsThatTheLastSenderIsGone() {
    Simulation two =
        simulation(
            ONE,
            channel -> {},
            (s, ledger) -> {
              long[] gone = {Long.MAX_VALUE - NOTICED};
              s.process(
                  "sender",
                  p -> {
                    ledger.send(channel(p), 10);
                    gone[0] = p.calls().nanoTime();
                  });
              s.survivor(
                  "receiver",
                  p -> {
                    Channel channel = channel(p);
                    try {
                      // Who died before it ever sent was no sender: then nobody comes.
                      byte[] message = channel.receive(Duration.ofSeconds(1)).orElse(null);
                      if (message != null) {
                        ledger.received(message);
                        channel.receive();
                      }
                    } catch (PeerDiedException e) {
                      assertTrue(p.calls().nanoTime() <= gone[0] + NOTICED);
                      assertTrue(channel.tryReceive().isEmpty());
                    }
                  });
            });
    explore("senders are gone", two.kills(1).preemptions(Storm.count(1, 2)));
  }

  @Test
  void whoWaitsForRoomLearnsThatTheLastReceiverIsGone() throws InterruptedException {
    Simulation two =
        simulation(
            ONE,
            channel -> {
              channel.sendUninterruptibly(bytes(1));
              channel.receiveUninterruptibly();
            },
            (s, ledger) -> {
              long[] gone = {Long.MAX_VALUE - NOTICED};
              s.process(
                  "receiver",
                  p -> {
                    ledger.tryReceive(p, channel(p), 1);
                    gone[0] = p.calls().nanoTime();
                  });
              s.survivor(
                  "sender",
                  p -> {
                    Channel channel = channel(p);
                    int number = 10;
                    try {
                      while (number < 14) {
                        ledger.begin(number);
                        channel.send(bytes(number));
                        ledger.sent(number++);
                      }
                    } catch (PeerDiedException e) {
                      ledger.notSent(number);
                      assertTrue(p.calls().nanoTime() <= gone[0] + NOTICED);
                    }
                  });
            });
    // The set-up received, so a receiver that dies before it begins is missed, too.
    explore("receivers are gone", two.kills(1).preemptions(Storm.count(1, 2)));
  }

  @Test
  void aMessageIsHandedOverOrTakenBackAndNeverBoth() {
    Simulation two =
        simulation(
            NONE,
            channel -> {},
            (s, ledger) -> {
              s.survivor(
                  "sender",
                  p -> {
                    Channel channel = channel(p);
                    ledger.begin(10);
                    boolean sent = false;
                    try {
                      sent = channel.send(bytes(10), Duration.ofMillis(20));
                    } catch (PeerDiedException e) {
                      assertFalse(sent);
                    }
                    if (sent) {
                      ledger.sent(10);
                    } else {
                      ledger.notSent(10);
                    }
                  });
              s.process("receiver", p -> ledger.tryReceive(p, channel(p), 2));
            });
    explore("hand over", two.kills(1).preemptions(Storm.count(2, 3)));
  }

  @Test
  void withoutWaitingAMessageIsHandedToOneWhoWaitsOrToNobody() {
    Simulation two =
        simulation(
            NONE,
            channel -> {},
            (s, ledger) -> {
              s.survivor("sender", p -> ledger.trySend(channel(p), 10));
              s.process(
                  "receiver",
                  p -> {
                    ledger.isReceiving(p);
                    Channel channel = channel(p);
                    try {
                      byte[] message = channel.receive(Duration.ofMillis(20)).orElse(null);
                      if (message != null) {
                        ledger.received(message);
                      }
                    } catch (PeerDiedException e) {
                      assertTrue(channel.tryReceive().isEmpty());
                    }
                  });
              ledger.alsoCheck(
                  p ->
                      assertFalse(
                          new RingReader(p.heap(), SmallChannel.place(p)).messages().size() > 0));
            });
    explore("try to hand over", two.kills(1).preemptions(Storm.count(1, 2)));
  }
}
