package dev.rszshm.testkit.jqwik;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.rszshm.testkit.simulation.Interruption;
import dev.rszshm.testkit.simulation.ScheduleFailure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Operations and schedules of one test case shrink together, and the seed repeats a failure. */
class InterruptionsTest {
  private record Outcome(List<BrokenSumProperties.Sample> samples, Throwable failure) {}

  /** Runs the property that fails. */
  private static Outcome run(Class<?> properties) {
    BrokenSumProperties.SAMPLES.clear();
    List<Throwable> failures = new ArrayList<>();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(properties))
                .configurationParameter("jqwik.database", "")
                .configurationParameter("jqwik.reporting.usejunitplatform", "true")
                .build(),
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                result.getThrowable().ifPresent(failures::add);
              }
            });
    assertEquals(1, failures.size(), "the property fails once");
    return new Outcome(List.copyOf(BrokenSumProperties.SAMPLES), failures.get(0));
  }

  @Test
  void operationsAndScheduleShrinkToTheSmallestFailingPair() {
    Outcome outcome = run(BrokenSumProperties.class);
    BrokenSumProperties.Sample smallest = outcome.samples.get(outcome.samples.size() - 1);
    assertEquals(List.of(1), smallest.first(), "one addition of one");
    assertEquals(List.of(1), smallest.second(), "and one of the other");
    assertEquals(1, smallest.schedule().size(), "and one interruption");
    assertEquals(List.of(new Interruption(1, 0)), smallest.schedule());
    assertTrue(outcome.failure instanceof ScheduleFailure, outcome.failure::toString);
    assertEquals("A B2 A", ((ScheduleFailure) outcome.failure).schedule().toString());
  }

  @Test
  void theSameSeedGivesTheSameSamplesAndTheSameFailure() {
    Outcome one = run(BrokenSumProperties.class);
    Outcome two = run(BrokenSumProperties.class);
    assertEquals(one.samples, two.samples);
    assertEquals(one.failure.getMessage(), two.failure.getMessage());
  }

  @Test
  void aRunHasAStep() {
    assertThrows(IllegalArgumentException.class, () -> Interruptions.ofRuns(0));
  }
}
