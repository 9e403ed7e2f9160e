package dev.rszshm.testkit.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.rszshm.testkit.simulation.Schedule;
import dev.rszshm.testkit.simulation.ScheduleFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Explorations as tests: what passes, what fails, and what they leave. */
class ExploredTest {
  private static final Path SCHEDULES = Path.of("target/schedules");

  /** What came of the tests of a class. */
  private static final class Outcome implements TestExecutionListener {
    private final Map<String, TestExecutionResult> results = new TreeMap<>();
    private final Map<String, String> entries = new LinkedHashMap<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest()) {
        String method = test.getUniqueId().replaceAll(".*test-template:(\\w+).*", "$1");
        results.put(method, result);
      }
    }

    @Override
    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
      entries.putAll(entry.getKeyValuePairs());
    }

    private Throwable failure(String method) {
      return results.get(method).getThrowable().orElseThrow();
    }
  }

  private static Outcome run(Class<?> tests) {
    Outcome outcome = new Outcome();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build(),
            outcome);
    return outcome;
  }

  private static Path file(Class<?> tests, String method) {
    return SCHEDULES.resolve(tests.getName() + "." + method);
  }

  @Test
  void aFailureShowsTheSimplestScheduleAndKeepsItsFile() throws IOException {
    Outcome outcome = run(ExploredScenarios.Failing.class);
    assertEquals(1, outcome.results.size());
    ScheduleFailure failure =
        assertInstanceOf(ScheduleFailure.class, outcome.failure("nothingIsLost"));
    assertEquals("A B2 A", failure.schedule().toString());
    assertTrue(failure.getMessage().contains("repeat it with replay(\"A B2 A\")"));
    Path file = file(ExploredScenarios.Failing.class, "nothingIsLost");
    String named = failure.getSuppressed()[0].getMessage();
    assertTrue(named.contains(file.toAbsolutePath().toString()), named);
    assertEquals("A B2 A", Schedule.ofFile(file).toString());
    Path trace = file.resolveSibling(file.getFileName() + ".trace");
    assertEquals(failure.fullTrace(), Files.readString(trace));
    Files.delete(trace);
    Files.delete(file);
  }

  @Test
  void whatHoldsInEveryOrderPassesAndLeavesNoFile() {
    Outcome outcome = run(ExploredScenarios.Passing.class);
    assertEquals(2, outcome.results.size());
    outcome.results.forEach(
        (test, result) ->
            assertEquals(TestExecutionResult.Status.SUCCESSFUL, result.getStatus(), test));
    assertTrue(outcome.entries.get("exploration").startsWith("complete: "));
    for (String test : outcome.results.keySet()) {
      assertFalse(Files.exists(file(ExploredScenarios.Passing.class, test)), test);
    }
  }

  @Test
  void oneScheduleIsReplayedAlone() {
    Outcome outcome = run(ExploredScenarios.Replayed.class);
    assertInstanceOf(ScheduleFailure.class, outcome.failure("isLost"));
    assertEquals(
        TestExecutionResult.Status.SUCCESSFUL, outcome.results.get("isNotLost").getStatus());
    assertEquals("A2 B2", outcome.entries.get("schedule"));
  }

  @Test
  void aMethodThatIsNoScenarioSaysSo() {
    Outcome outcome = run(ExploredScenarios.Wrong.class);
    String unlike = outcome.failure("hasNoParameter").getMessage();
    assertTrue(unlike.contains("hasNoParameter has 0 parameters, expected one"), unlike);
    String nowhere = outcome.failure("namesNoMethod").getMessage();
    assertTrue(nowhere.contains("names the method nowhere"), nowhere);
  }
}
