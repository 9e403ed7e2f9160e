package dev.rszshm.tests.structures;

import static dev.rszshm.tests.Schedules.explore;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.errors.NotAChannelException;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Channels that several make at once: the protocol of {@code RingCreation}. */
class RingCreationSimulationTest {
  private static final ChannelSpec SPEC = ChannelSpec.of(2, Width.fixed(4));
  private static final ChannelSpec OTHER = ChannelSpec.of(3, Width.fixed(4));

  private static Simulation of(Consumer<Scenario> scenario) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).length(64 << 10).participants(4))
        .scenario(scenario);
  }

  private static void make(Scenario scenario, String name, ChannelSpec spec, List<Integer> made) {
    scenario.process(
        name,
        p -> {
          try {
            Channel channel = Channel.at(p.heap(), SmallChannel.place(p), spec);
            assertEquals(spec, channel.spec());
            assertTrue(channel.trySend(new byte[4]));
            made.add(spec.depth());
          } catch (NotAChannelException e) {
            assertTrue(e.getMessage().contains("expected " + spec), e::getMessage);
          }
        });
  }

  @Test
  void twoWhoMakeOneGetTheSameAndBothCanSend() {
    Simulation two =
        of(
            s -> {
              List<Integer> made = new ArrayList<>();
              make(s, "one", SPEC, made);
              make(s, "two", SPEC, made);
              s.recovery(p -> Channel.at(p.heap(), SmallChannel.place(p), SPEC).size());
              s.check(
                  p ->
                      assertTrue(
                          new RingReader(p.heap(), SmallChannel.place(p)).messages().size()
                              >= made.size()));
            });
    explore("two make", two.preemptions(Storm.count(1, 2)));
    explore("two make, one dies", two.kills(1).preemptions(Storm.count(0, 1)));
    Schedules.crashes("two make", two);
  }

  @Test
  void ofTwoWhoWantDifferentOnesOneGetsIt() {
    Simulation two =
        of(
            s -> {
              List<Integer> made = new ArrayList<>();
              make(s, "one", SPEC, made);
              make(s, "two", OTHER, made);
              s.check(p -> assertEquals(1, made.size()));
            });
    explore("two make different ones", two.preemptions(Storm.count(2, 3)));
  }
}
