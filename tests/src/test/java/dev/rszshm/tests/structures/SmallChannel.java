package dev.rszshm.tests.structures;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.function.Consumer;

/** Simulations with a channel on a small heap. */
final class SmallChannel {
  /** A run: its processes are told, with the run's ledger. */
  interface Story {
    void tell(Scenario scenario, MessageLedger ledger);
  }

  private SmallChannel() {}

  static Simulation simulation(ChannelSpec spec, Consumer<Channel> setUp, Story story) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).length(64 << 10).participants(4))
        .bulkSteps(2)
        .setUp(p -> setUp.accept(create(p, spec)))
        .scenario(
            s -> {
              MessageLedger ledger = new MessageLedger();
              story.tell(s, ledger);
              s.check(ledger::check);
            });
  }

  private static Channel create(SimulatedProcess process, ChannelSpec spec) {
    return Channel.at(process.heap(), place(process), spec);
  }

  static Channel channel(SimulatedProcess process) {
    return Channel.at(process.heap(), place(process));
  }

  static long place(SimulatedProcess process) {
    return process.heap().dataOffset() + 127 & -128;
  }
}
