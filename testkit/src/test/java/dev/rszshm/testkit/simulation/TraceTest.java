package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the trace of a failure shows: the caller's lines, and each step where it matters. */
class TraceTest {
  private static final long TWO_CHUNKS = 128 << 10;

  /** Grows the heap and then fails. */
  private static final Simulation GROWING =
      Simulation.ofHeap(() -> Heap.builder().span(1 << 20).length(4096).participants(4))
          .scenario(
              s ->
                  s.process("grower", TraceTest::growAndFail)
                      .process("other", p -> p.heap().putLong(p.heap().dataOffset(), 0x7b)));

  private static void growAndFail(SimulatedProcess process) {
    process.heap().growTo(TWO_CHUNKS);
    assertEquals(0x7c, process.heap().getLong(process.heap().dataOffset()), "the word");
  }

  private static List<String> trace(AssertionError failure) {
    return failure
        .getMessage()
        .lines()
        .filter(line -> line.matches(" *[0-9]+(-[0-9]+)?  .*"))
        .toList();
  }

  private static ScheduleFailure failure(String schedule) {
    return assertThrows(ScheduleFailure.class, () -> GROWING.replay(schedule));
  }

  @Test
  void aCallOfTheLibraryIsOneLineThatNamesTheCallersOwn() {
    ScheduleFailure failure = assertThrows(ScheduleFailure.class, GROWING::explore);
    List<String> trace = trace(failure);
    assertTrue(
        trace
            .get(0)
            .matches(
                " *1-\\d+  A grower  Heap.growTo: \\d+ steps, changing .*  TraceTest.java:\\d+"),
        trace::toString);
    assertTrue(failure.getMessage().contains("-Ddev.rszshm.trace=full"), failure::getMessage);
    assertEquals(failure.schedule().steps(), failure.fullTrace().lines().count());
    assertTrue(failure.fullTrace().lines().count() > 2L * trace.size(), failure::getMessage);
  }

  @Test
  void theStepsAroundASwitchInTheMiddleOfACallAreShownEach() {
    List<String> trace = trace(failure("A5 B A"));
    for (int step = 3; step <= 8; step++) {
      int number = step;
      assertTrue(
          trace.stream().anyMatch(line -> line.trim().startsWith(number + "  ")), trace::toString);
    }
    String inside =
        trace.stream().filter(line -> line.trim().startsWith("5  ")).findFirst().orElseThrow();
    assertTrue(inside.matches(".*TraceTest.java:\\d+  in Heap.growTo, \\w+.java:\\d+"), inside);
  }

  @Test
  void theStepsAroundADeathInTheMiddleOfACallAreShownEach() {
    ScheduleFailure failure =
        assertThrows(
            ScheduleFailure.class,
            () ->
                GROWING
                    .kills(1)
                    .scenario(
                        s ->
                            s.process("grower", p -> p.heap().growTo(TWO_CHUNKS))
                                .check(p -> assertTrue(p.heap().length() >= TWO_CHUNKS, "length")))
                    .replay("A7 Ax"));
    List<String> trace = trace(failure);
    for (int step = 5; step <= 8; step++) {
      int number = step;
      assertTrue(
          trace.stream().anyMatch(line -> line.trim().startsWith(number + "  ")), trace::toString);
    }
    assertTrue(trace.get(trace.size() - 1).endsWith("A grower  is killed"), trace::toString);
  }

  @Test
  void whatALineDoesManyTimesByItselfIsOneLine() {
    Simulation simulation =
        Simulation.ofWords(2)
            .scenario(
                s ->
                    s.process(
                        "filler",
                        p -> {
                          for (int i = 0; i < 300; i++) {
                            p.memory().putLong(p.word(0), i);
                          }
                          p.memory().putLong(p.word(1), -1);
                          throw new AssertionError("as it is");
                        }));
    List<String> trace = trace(assertThrows(ScheduleFailure.class, simulation::explore));
    assertEquals(4, trace.size(), trace::toString);
    assertTrue(trace.get(0).contains("298 steps, changing words+0x0  "), trace::toString);
    assertTrue(trace.get(3).contains("words+0x8 := 0xffffffffffffffff  "), trace::toString);
  }

  @Test
  void aLoadThatGetsAnOlderValueSaysSo() {
    Simulation simulation =
        Simulation.ofWords(2)
            .scenario(
                s -> {
                  s.process(
                      "writer",
                      p -> {
                        p.memory().putLong(p.word(0), 1);
                        p.memory().putLongRelease(p.word(1), 1);
                      });
                  s.process(
                      "reader",
                      p -> {
                        boolean ready = p.memory().getLong(p.word(1)) == 1;
                        assertFalse(ready && p.memory().getLong(p.word(0)) == 0, "torn");
                      });
                })
            .staleLoads(1);
    ScheduleFailure failure = assertThrows(ScheduleFailure.class, simulation::explore);
    assertTrue(
        failure.getMessage().contains("at words+0x0 = 0x0 (a value 1 older than the last)"),
        failure::getMessage);
  }

  @Test
  void whoFallsAsleepAndIsNotWokenIsSeenToFallAsleep() {
    Simulation simulation =
        Simulation.ofWords(1)
            .scenario(
                s -> s.process("sleeper", p -> p.calls().waitOnWord(p.word(0), 0, Long.MAX_VALUE)));
    ScheduleFailure failure = assertThrows(ScheduleFailure.class, simulation::explore);
    assertTrue(
        failure.getMessage().contains("A sleeper  falls asleep on words+0x0"), failure::getMessage);
  }
}
