package dev.rszshm.structures.codec;

import static dev.rszshm.tests.Schedules.crashes;
import static dev.rszshm.tests.Schedules.random;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.CodecKind.Handle;
import dev.rszshm.structures.errors.CodecMismatchException;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Processes with different codecs make, read and write one structure, in many orders and with
 * deaths at each step. {@link Marked} fails whenever it is given what is not its own.
 */
class CodecSimulationTest {
  private static final Marked FIRST = new Marked(0x7007, 1);
  private static final Marked SECOND = new Marked(0x7007, 2);
  private static final Marked OTHER = new Marked(0x7008, 1);

  /** Whoever sets an allocator up looks at each word of a page, which is no waiting. */
  private static final int LOOKS = 1024;

  private static void use(SimulatedProcess process, Consumer<Allocator> body) {
    try (Allocator allocator = Allocator.on(process.heap())) {
      body.accept(allocator);
    }
  }

  private static Simulation simulation(Consumer<Allocator> before, Consumer<Scenario> story) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(6))
        .bulkSteps(2)
        .looks(LOOKS)
        .setUp(p -> use(p, before))
        .scenario(story);
  }

  /** Opens a structure and uses it, if its codec is the right one; returns whether it is. */
  private static boolean writes(CodecKind kind, Allocator allocator, Marked codec) {
    Handle<String> handle;
    try {
      handle = kind.open(allocator, codec);
    } catch (CodecMismatchException e) {
      return false;
    }
    handle.write("by " + codec.id());
    assertEquals(Set.of("by " + codec.id()), new TreeSet<>(handle.read()));
    return true;
  }

  /** Whether somebody has written with a codec, and nobody with another one. */
  private static boolean reads(CodecKind kind, Allocator allocator, Marked codec) {
    try {
      return kind.find(allocator, codec).map(found -> !found.read().isEmpty()).orElse(false);
    } catch (CodecMismatchException e) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoeverMeansAnotherOneMakesItOrIsRefused(CodecKind kind) {
    crashes(
        kind + " made by another",
        simulation(
            allocator -> {},
            s -> {
              s.process("maker", p -> use(p, allocator -> writes(kind, allocator, FIRST)));
              s.survivor(
                  "other",
                  p ->
                      use(
                          p,
                          allocator -> {
                            if (!writes(kind, allocator, OTHER)) {
                              assertTrue(writes(kind, allocator, FIRST), "it is of the dead");
                              assertTrue(kind.remove(allocator, FIRST));
                              assertTrue(writes(kind, allocator, OTHER), "it is made anew");
                            }
                          }));
              s.check(
                  p ->
                      use(
                          p,
                          allocator -> {
                            Handle<String> handle = kind.find(allocator, OTHER).orElseThrow();
                            assertEquals(List.of(), handle.check());
                          }));
            }));
  }

  @ParameterizedTest
  @EnumSource
  void ofTwoMakersOneWins(CodecKind kind) {
    Simulation two =
        simulation(
            allocator -> {},
            s -> {
              List<String> ends = new ArrayList<>();
              for (Marked codec : List.of(FIRST, OTHER)) {
                s.process(
                    "maker " + codec.id(),
                    p ->
                        use(
                            p,
                            allocator ->
                                ends.add(writes(kind, allocator, codec) ? "won" : "refused")));
              }
              s.check(
                  p -> {
                    assertTrue(ends.size() < 2 || ends.contains("won"), ends::toString);
                    assertTrue(ends.indexOf("won") == ends.lastIndexOf("won"), ends::toString);
                    use(
                        p,
                        allocator -> {
                          boolean first = reads(kind, allocator, FIRST);
                          boolean other = reads(kind, allocator, OTHER);
                          assertTrue(!first || !other);
                          assertTrue(first || other || !ends.contains("won"));
                        });
                  });
            });
    random(kind + " by two", two.preemptions(6), 1, Storm.count(250, 20_000));
    random(kind + " by two who may die", two.kills(1).preemptions(6), 2, Storm.count(250, 20_000));
  }

  /** Each would have one word if they did not look at the first one before the second. */
  @Test
  void ofMakersWhoDifferInKeysAndValuesOneWins() {
    for (boolean sorted : new boolean[] {false, true}) {
      Simulation two =
          simulation(
              allocator -> {},
              s -> {
                int[] won = {0};
                makesMap(s, sorted, FIRST, OTHER, won);
                makesMap(s, sorted, OTHER, FIRST, won);
                s.check(p -> assertEquals(1, won[0]));
              });
      random("keys and values", two.preemptions(6), 7, Storm.count(500, 50_000));
    }
  }

  private static void makesMap(
      Scenario scenario, boolean sorted, Marked keys, Marked values, int[] won) {
    scenario.process(
        "maker " + keys.id(),
        p ->
            use(
                p,
                allocator -> {
                  try {
                    if (sorted) {
                      CodecKind.sortedMap(allocator, keys, values).put("key", "value");
                    } else {
                      CodecKind.map(allocator, keys, values).put("key", "value");
                    }
                    won[0]++;
                  } catch (CodecMismatchException e) {
                    // the other one has won
                  }
                }));
  }

  /** What the old one has got, and what there was. */
  private static Simulation raised(CodecKind kind, List<String> before) {
    return simulation(
        allocator -> {
          Handle<String> handle = kind.open(allocator, FIRST);
          before.forEach(handle::write);
        },
        s -> {
          List<String> taken = new ArrayList<>();
          boolean[] written = {false};
          s.process(
              "old",
              p ->
                  use(
                      p,
                      allocator -> {
                        try {
                          taken.add(kind.open(allocator, FIRST).take("c"));
                        } catch (CodecMismatchException
                            | NoSuchElementException
                            | IndexOutOfBoundsException
                            | NullPointerException e) {
                          // it was refused, or there was nothing
                        }
                      }));
          s.process(
              "newer",
              p ->
                  use(
                      p,
                      allocator -> {
                        kind.open(allocator, SECOND).write("b");
                        written[0] = true;
                      }));
          s.check(
              p ->
                  use(
                      p,
                      allocator -> {
                        assertTrue(written[0]);
                        List<String> left = new ArrayList<>(kind.open(allocator, SECOND).read());
                        left.remove("c");
                        left.addAll(taken);
                        left.removeAll(Collections.singleton(null));
                        List<String> all = new ArrayList<>(before);
                        all.add("b");
                        assertEquals(new TreeSet<>(all), new TreeSet<>(left), "nothing is lost");
                      }));
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"MAP_VALUES", "SORTED_VALUES", "QUEUE", "DEQUE", "LIST"})
  void nothingIsLostToAnOldOneThatDoesNotKnowIt(CodecKind kind) {
    random(kind + " raised", raised(kind, List.of()).preemptions(4), 3, Storm.count(400, 50_000));
    random(
        kind + " raised", raised(kind, List.of("a")).preemptions(4), 4, Storm.count(500, 50_000));
  }

  @ParameterizedTest
  @EnumSource(names = {"MAP_VALUES", "SORTED_VALUES", "QUEUE", "DEQUE", "LIST", "LOG"})
  void aReaderThatDoesNotKnowItIsRefused(CodecKind kind) {
    Simulation two =
        simulation(
            allocator -> kind.open(allocator, FIRST).write("a"),
            s -> {
              s.process(
                  "old",
                  p ->
                      use(
                          p,
                          allocator -> {
                            try {
                              Handle<String> handle = kind.open(allocator, FIRST);
                              assertEquals(List.of("a"), handle.read());
                              assertEquals(List.of("a"), handle.read());
                            } catch (CodecMismatchException e) {
                              // the newer one was faster
                            }
                          }));
              s.process("newer", p -> use(p, a -> kind.open(a, SECOND).write("b")));
              s.survivor(
                  "newer reader",
                  p -> use(p, a -> assertEquals("a", kind.open(a, SECOND).read().get(0))));
            });
    random(kind + " read", two.preemptions(4), 5, Storm.count(500, 50_000));
    random(kind + " read, weak", two.staleLoads(2).preemptions(4), 6, Storm.count(500, 50_000));
    crashes(
        kind + " raised by the dead",
        simulation(
            allocator -> kind.open(allocator, FIRST).write("a"),
            s -> {
              s.process("newer", p -> use(p, a -> kind.open(a, SECOND).write("b")));
              s.survivor(
                  "reader",
                  p ->
                      use(
                          p,
                          a -> {
                            List<String> all = kind.open(a, SECOND).read();
                            assertEquals(List.of("a", "b").subList(0, all.size()), all);
                          }));
            }));
  }
}
