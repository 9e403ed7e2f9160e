package dev.rszshm.structures.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.testkit.history.DeterministicModel;
import dev.rszshm.testkit.history.HistoryRecorder;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Several processes append to a log of two entries, and read it, in every order, with deaths and
 * with some that stand still: each append happens at one instant, entries are whole, and every cell
 * is in one place at the end.
 */
class RingLogSimulationTest {
  private static final int KEPT = 2;
  private static final RingLogSpec SPEC = RingLogSpec.of(KEPT, 16);

  /** What can be called. */
  private sealed interface Call {}

  /** Returns the number of the entry. */
  private record Append(String entry) implements Call {}

  /** Returns the entry of this number, or null if it is not there. */
  private record Get(long number) implements Call {}

  /** Removes all entries before a number, which were appended. */
  private record RemoveBefore(long number) implements Call {}

  /** All entries that were ever appended, and how many of them were removed. */
  private record State(List<String> entries, long removed) {}

  private static final class LogModel implements DeterministicModel<State, Call, Object> {
    @Override
    public State initial() {
      return new State(List.of(), 0);
    }

    @Override
    public Optional<Effect<State, Object>> apply(State state, String process, Call call) {
      List<String> entries = state.entries;
      if (call instanceof Append append) {
        List<String> more = new ArrayList<>(entries);
        more.add(append.entry);
        State then = new State(List.copyOf(more), state.removed);
        return Optional.of(new Effect<>(then, (long) entries.size()));
      }
      if (call instanceof RemoveBefore remove) {
        State then = new State(entries, Math.max(state.removed, remove.number));
        return Optional.of(new Effect<>(then, ""));
      }
      long number = ((Get) call).number;
      boolean there =
          number < entries.size() && number >= Math.max(entries.size() - KEPT, state.removed);
      return Optional.of(new Effect<>(state, there ? entries.get((int) number) : null));
    }
  }

  /** Somebody who uses the log. */
  private static final class User {
    private final SimulatedProcess process;
    private final HistoryRecorder<Call, Object> calls;
    private final RingLog<String> log;

    User(SimulatedProcess process, HistoryRecorder<Call, Object> calls) {
      this.process = process;
      this.calls = calls;
      this.log = log(process);
    }

    void append(String letter) {
      String entry = letter.repeat(16);
      process.call(calls, new Append(entry), () -> log.append(entry));
    }

    /** As clear does; what is removed is told to the model. */
    void clear() {
      long end = log.ring().end();
      process.call(
          calls,
          new RemoveBefore(end),
          () -> {
            log.ring().removeBefore(end);
            return "";
          });
    }

    void get(long number) {
      process.call(calls, new Get(number), () -> read(number));
    }

    private String read(long number) {
      LogRing ring = log.ring();
      LogRing.Read read = ring.readFrom(number, ring.end());
      return read == null || read.entry() != number ? null : Codecs.strings().decode(read.bytes());
    }
  }

  private static RingLog<String> log(SimulatedProcess process) {
    Heap heap = process.heap();
    return RingLog.at(heap, (heap.dataOffset() + 63) & -64, Codecs.strings(), SPEC);
  }

  /** What a story tells. */
  private static final class Told {
    private final Scenario scenario;
    private final HistoryRecorder<Call, Object> calls;

    Told(Scenario scenario) {
      this.scenario = scenario;
      this.calls = scenario.linearizable(new LogModel());
    }

    Told user(String name, Consumer<User> body) {
      scenario.process(name, p -> body.accept(new User(p, calls)));
      return this;
    }

    Told survivor(String name, Consumer<User> body) {
      scenario.survivor(name, p -> body.accept(new User(p, calls)));
      return this;
    }
  }

  private static Simulation simulation(int before, Consumer<Told> story) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(6))
        .bulkSteps(2)
        .looks(1024)
        .setUp(
            p -> {
              p.heap().ensure(1 << 16);
              RingLog<String> log = log(p);
              for (int i = 0; i < before; i++) {
                log.append(("" + i).repeat(16));
              }
            })
        .scenario(
            s -> {
              Told told = new Told(s);
              for (int i = 0; i < before; i++) {
                String entry = ("" + i).repeat(16);
                told.calls.invoke("before" + i, new Append(entry)).returned((long) i);
              }
              s.recovery(p -> log(p).check());
              s.check(
                  p -> {
                    RingLogCheck check = log(p).check();
                    assertEquals(List.of(), check.findings());
                    assertEquals(0, check.writing());
                  });
              story.accept(told);
            });
  }

  private static Told readAll(Told told) {
    return told.survivor(
        "reader",
        user -> {
          for (long number = 0; number < 5; number++) {
            user.get(number);
          }
        });
  }

  @Test
  void anEntryIsAppendedOrNot() {
    for (int before = 0; before < 4; before++) {
      Simulation one =
          simulation(
              before,
              told ->
                  readAll(
                      told.user(
                          "writer",
                          user -> {
                            user.append("a");
                            user.append("b");
                          })));
      Schedules.crashes("append behind " + before, one);
    }
  }

  @Test
  void writersDoNotWaitForOneAnother() {
    Simulation three =
        simulation(
            2,
            told ->
                readAll(
                    told.user("one", user -> user.append("a"))
                        .user("two", user -> user.append("b"))
                        .user(
                            "three",
                            user -> {
                              user.append("c");
                              user.append("d");
                            })));
    Schedules.explore("writers", three.preemptions(1));
    Schedules.random(
        "writers that die", three.kills(2).preemptions(7), 1, Storm.count(400, 200_000));
    Schedules.random(
        "writers that stand still", three.stops(2).preemptions(7), 2, Storm.count(400, 200_000));
    Schedules.random(
        "writers, weak memory", three.staleLoads(3).preemptions(7), 3, Storm.count(375, 200_000));
  }

  @Test
  void entriesAreRemovedOrNot() {
    Simulation one =
        simulation(
            2,
            told ->
                readAll(
                    told.user(
                        "remover",
                        user -> {
                          user.clear();
                          user.append("a");
                          user.clear();
                        })));
    Schedules.crashes("clear", one);
  }

  @Test
  void entriesAreAppendedReadAndRemovedAtOnce() {
    Simulation three =
        simulation(
            2,
            told ->
                readAll(
                    told.user(
                            "writer",
                            user -> {
                              user.append("a");
                              user.append("b");
                            })
                        .user(
                            "remover",
                            user -> {
                              user.clear();
                              user.clear();
                            })
                        .user(
                            "reader of some",
                            user -> {
                              user.get(1);
                              user.get(2);
                              user.get(1);
                            })));
    Schedules.explore("clear at once", three.preemptions(1));
    Schedules.random(
        "clear at once, deaths", three.kills(2).preemptions(7), 5, Storm.count(400, 200_000));
    Schedules.random(
        "clear at once, weak memory",
        three.staleLoads(3).preemptions(7),
        6,
        Storm.count(375, 200_000));
  }

  @Test
  void aReaderSeesNoTornEntry() {
    Simulation two =
        simulation(
            2,
            told ->
                told.user(
                        "writer",
                        user -> {
                          user.append("a");
                          user.append("b");
                          user.append("c");
                        })
                    .user(
                        "reader",
                        user -> {
                          user.get(1);
                          user.get(2);
                        }));
    Schedules.explore("reader", two.preemptions(2));
    Schedules.explore("reader, weak memory", two.preemptions(1).staleLoads(1));
    Schedules.random("reader", two.kills(1).preemptions(6), 4, Storm.count(400, 200_000));
  }
}
