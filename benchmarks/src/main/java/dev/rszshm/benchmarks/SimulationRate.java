package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.view.LongCounter;
import dev.rszshm.testkit.simulation.Bounds;
import dev.rszshm.testkit.simulation.Exploration;
import dev.rszshm.testkit.simulation.ProcessBody;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/** Accesses a second of the test kit's simulation: three processes that add to one word. */
final class SimulationRate implements Benchmark {
  private static final int PROCESSES = 3;
  private static final int ADDITIONS = 100;
  private static final int FEW = 3;
  private static final double WANTED = 100_000;

  @Override
  public String name() {
    return "simulation";
  }

  @Override
  public String run(Options options) {
    int rounds = options.count("--rounds", 7);
    Simulation words = ofWords(ADDITIONS);
    Simulation often = words.preemptions(Bounds.UNLIMITED);
    Simulation stale = often.staleLoads(FEW);
    Simulation few = words.preemptions(FEW);
    Simulation one = words.preemptions(1);
    Simulation all = ofWords(FEW).preemptions(Bounds.UNLIMITED);
    Simulation heap = ofHeap(ADDITIONS).preemptions(Bounds.UNLIMITED);
    Table table =
        new Table(
            "Accesses a second of three processes that add to one word, "
                + ADDITIONS
                + " times each, median of "
                + rounds
                + " rounds and quartiles. Processors this JVM may use: "
                + Runtime.getRuntime().availableProcessors()
                + ".",
            "schedules",
            "accesses a second",
            "quartiles",
            "wanted",
            "");
    row(table, rounds, "random, a change at nearly every access", () -> often.random(1, 500));
    row(table, rounds, "the same with weak memory", () -> stale.random(1, 500));
    row(table, rounds, "the same with a counter in a heap", () -> heap.random(1, 500));
    row(table, rounds, "random, 3 changes (PCT)", () -> few.random(1, 3000));
    row(table, rounds, "all, 1 preemption", one::explore);
    row(table, rounds, "all, any preemptions, 3 additions each", all::explore);
    return table.toString();
  }

  private static Simulation ofWords(int times) {
    return adding(
        Simulation.ofWords(1),
        p -> {
          for (int i = 0; i < times; i++) {
            p.memory().getAndAddLong(p.word(0), 1);
          }
        });
  }

  /** Each run also attaches the processes, which takes time but is not counted as accesses. */
  private static Simulation ofHeap(int times) {
    return adding(
        Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(PROCESSES + 1)),
        p -> {
          LongCounter counter = LongCounter.at(p.heap(), p.heap().dataOffset());
          for (int i = 0; i < times; i++) {
            counter.getAndAdd(1);
          }
        });
  }

  private static Simulation adding(Simulation simulation, ProcessBody body) {
    return simulation.scenario(
        s -> {
          for (int i = 0; i < PROCESSES; i++) {
            s.process("p" + i, body);
          }
        });
  }

  /** Runs once more than it counts: the first time compiles. */
  private static void row(Table table, int rounds, String name, Supplier<Exploration> run) {
    double[] rates = new double[rounds + 1];
    for (int i = 0; i <= rounds; i++) {
      rates[i] = run.get().rate();
    }
    Samples counted = Samples.of(Arrays.copyOfRange(rates, 1, rates.length));
    table.row(
        name,
        String.format(Locale.ROOT, "**%,.0f**", counted.median()),
        counted.spread("%,.0f"),
        String.format(Locale.ROOT, "≥ %,.0f", WANTED),
        Table.verdict(counted.median() >= WANTED));
  }
}
