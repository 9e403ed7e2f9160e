package dev.rszshm.testkit.jqwik;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.testkit.simulation.Interruption;
import dev.rszshm.testkit.simulation.ProcessBody;
import dev.rszshm.testkit.simulation.ScheduleFailure;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * A property that fails: run by {@link InterruptionsTest} only, which looks at what it fails with.
 */
class BrokenSumProperties {
  /** A test case that failed. */
  record Sample(List<Integer> first, List<Integer> second, List<Interruption> schedule) {}

  static final List<Sample> SAMPLES = new ArrayList<>();

  @Property(seed = "42", tries = 1000)
  void everyAdditionCounts(
      @ForAll("additions") List<Integer> first,
      @ForAll("additions") List<Integer> second,
      @ForAll("schedules") List<Interruption> schedule) {
    try {
      adding(first, second).interrupted(schedule);
    } catch (ScheduleFailure e) {
      SAMPLES.add(new Sample(first, second, schedule));
      throw e;
    }
  }

  @Provide
  Arbitrary<List<Integer>> additions() {
    return Arbitraries.integers().between(1, 100).list().ofMaxSize(8);
  }

  @Provide
  Arbitrary<List<Interruption>> schedules() {
    return Interruptions.ofRuns(30).ofMaxSize(6);
  }

  /** Two processes add to one sum, with a get and a put. */
  private static Simulation adding(List<Integer> first, List<Integer> second) {
    int expected = first.stream().mapToInt(n -> n).sum() + second.stream().mapToInt(n -> n).sum();
    return Simulation.ofWords(1)
        .scenario(
            s ->
                s.process("one", additions(first))
                    .process("two", additions(second))
                    .check(p -> assertEquals(expected, p.memory().getLong(p.word(0)), "sum")));
  }

  private static ProcessBody additions(List<Integer> numbers) {
    return p -> {
      for (int number : numbers) {
        long before = p.memory().getLongVolatile(p.word(0));
        p.memory().putLongVolatile(p.word(0), before + number);
      }
    };
  }
}
