package dev.rszshm.testkit.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * Runs the stress tests of this package for each implementation of Memory that this JVM has: a
 * sample in every build, jcstress with all its JVMs with the profile storm. The system property
 * {@code dev.rszshm.stress} is a regular expression that selects tests. What was seen, and how
 * often, is in {@code target/stress/…/report.txt}.
 */
class StressIT {
  private static final boolean STORM = Boolean.getBoolean("dev.rszshm.storm");
  private static final String BROKEN = "BrokenCounterStress";
  private static final String SELECTED = System.getProperty("dev.rszshm.stress", "");
  private static final String CORRECT = "^(?!.*" + BROKEN + ").*(?:" + SELECTED + ")";

  static List<String> memories() {
    return Runtime.version().feature() >= 22 ? List.of("unsafe", "segment") : List.of("unsafe");
  }

  private static StressReport run(String memory, String tests) throws IOException {
    StressRun run = new StressRun(memory, tests);
    return STORM ? run.storm() : run.sample();
  }

  @ParameterizedTest
  @MethodSource("memories")
  void noTestSeesWhatIsForbidden(String memory) throws IOException {
    List<String> tests = StressRun.select(CORRECT);
    assertFalse(tests.isEmpty(), "no stress test matches -Ddev.rszshm.stress=" + SELECTED);
    StressReport report = run(memory, CORRECT);
    assertEquals(List.of(), report.failures(), report::describeFailures);
    assertEquals(tests.stream().filter(StressIT::canRun).toList(), report.names());
  }

  /** The sample lets actors take turns; jcstress wants a processor for each. */
  private static boolean canRun(String test) {
    return !STORM || TestList.getInfo(test).threads() <= Runtime.getRuntime().availableProcessors();
  }

  @ParameterizedTest
  @MethodSource("memories")
  void aCounterThatLosesCountsIsFound(String memory) throws IOException {
    StressReport report = run(memory, BROKEN);
    assertEquals(StressRun.select(BROKEN), report.failures());
    String found = report.describeFailures();
    assertTrue(found.contains("One count is lost."), found);
  }
}
