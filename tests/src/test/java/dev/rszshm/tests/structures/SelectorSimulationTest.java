package dev.rszshm.tests.structures;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.Selector;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Waiting at two channels at once: no message is slept through. */
class SelectorSimulationTest {
  private static final ChannelSpec SPEC = ChannelSpec.of(2, Width.fixed(4));
  private static final long MILLI = 1_000_000;

  private static Simulation of(Consumer<Scenario> scenario) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).length(64 << 10).participants(5))
        .bulkSteps(1)
        .setUp(
            p -> {
              Channel.at(p.heap(), place(p, 0), SPEC);
              Channel.at(p.heap(), place(p, 1), SPEC);
            })
        .scenario(scenario);
  }

  private static long place(SimulatedProcess process, int number) {
    return (process.heap().dataOffset() + 127 & -128) + (number << 12);
  }

  private static Channel channel(SimulatedProcess process, int number) {
    return Channel.at(process.heap(), place(process, number));
  }

  private static void sender(Scenario scenario, int number, long[] done) {
    scenario.survivor(
        "sender " + number,
        p -> {
          channel(p, number).send(MessageLedger.bytes(10 * number));
          done[0] = Math.max(done[0], p.calls().nanoTime());
        });
  }

  private static void receive(SimulatedProcess p, int messages, long[] done)
      throws InterruptedException {
    Selector<Channel> selector = Selector.of(channel(p, 0), channel(p, 1));
    for (int received = 0; received < messages; ) {
      received += selector.await().tryReceive().isEmpty() ? 0 : 1;
    }
    done[1] = Math.max(done[1], p.calls().nanoTime());
  }

  /** A message that is being written may cost a short sleep. */
  private static void requireAwake(long[] done) {
    assertTrue(done[1] <= done[0] + 2 * MILLI, () -> "it slept on until " + done[1] / MILLI);
  }

  private final Simulation oneSelector =
      of(
          s -> {
            long[] done = new long[2];
            sender(s, 0, done);
            sender(s, 1, done);
            s.survivor("selector", p -> receive(p, 2, done));
            s.check(p -> requireAwake(done));
          });

  @Test
  void aSelectorIsWokenByAnyOfItsChannels() {
    Schedules.explore("selector", oneSelector.preemptions(Storm.count(1, 2)));
    Schedules.random(
        "selector, at random", oneSelector.preemptions(4), 7, Storm.count(500, 20_000));
  }

  /** Whoever of two is woken for what the other takes passes the signal on. */
  @Test
  void twoSelectorsAndTwoMessagesLeaveNobodyAsleep() {
    Simulation two =
        of(
            s -> {
              long[] done = new long[2];
              sender(s, 0, done);
              sender(s, 1, done);
              s.survivor("one", p -> receive(p, 1, done));
              s.survivor("two", p -> receive(p, 1, done));
              s.check(p -> requireAwake(done));
            });
    Schedules.explore("two selectors", two.preemptions(0));
    Schedules.random("two selectors, at random", two.preemptions(4), 8, Storm.count(500, 20_000));
  }

  /** The dead may have been woken for a message that the other takes within a slice. */
  @Test
  void aSelectorThatDiesTakesNoMessageWithIt() {
    Simulation two =
        of(
            s -> {
              long[] done = new long[2];
              sender(s, 0, done);
              s.process("mortal", p -> Selector.of(channel(p, 0), channel(p, 1)).await());
              s.survivor("selector", p -> receive(p, 1, done));
              s.check(p -> assertTrue(done[1] <= done[0] + 60 * MILLI, "it slept on"));
            });
    Schedules.explore("a selector that dies", two.kills(1).preemptions(Storm.count(0, 1)));
  }

  /** What the dead sent may be missing; what the other sent is not slept through. */
  @Test
  void aSenderThatDiesKeepsNoSelectorFromTheOtherChannel() {
    Simulation one =
        of(
            s -> {
              long[] done = new long[2];
              s.process("mortal", p -> channel(p, 1).send(MessageLedger.bytes(10)));
              sender(s, 0, done);
              s.survivor("selector", p -> receiveFromFirst(p, done));
              s.check(p -> assertTrue(done[1] <= done[0] + 60 * MILLI, "it slept on"));
            });
    Schedules.explore("a sender that dies", one.kills(1).preemptions(Storm.count(0, 1)));
    Schedules.random(
        "a sender that dies, at random", one.kills(1).preemptions(4), 9, Storm.count(500, 20_000));
  }

  private static void receiveFromFirst(SimulatedProcess p, long[] done) {
    Channel first = channel(p, 0);
    Channel second = channel(p, 1);
    Selector<Channel> both = Selector.of(first, second);
    Selector<Channel> alone = Selector.of(first);
    boolean secondIsUsable = true;
    for (boolean received = false; !received; ) {
      Channel ready = (secondIsUsable ? both : alone).awaitUninterruptibly();
      try {
        received = ready.tryReceive().isPresent() && ready == first;
      } catch (PeerDiedException e) {
        secondIsUsable = false;
      }
    }
    done[1] = p.calls().nanoTime();
  }
}
