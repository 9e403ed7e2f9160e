package dev.rszshm.tests.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
 *
 * <p>Among them is a counter that is broken: if it passed, the others would say nothing.
 */
class StressIT {
  private static final boolean STORM = Boolean.getBoolean("dev.rszshm.storm");
  private static final String BROKEN = BrokenCounterStress.class.getName();
  private static final String SELECTED = System.getProperty("dev.rszshm.stress", "Stress");

  static List<String> memories() {
    if (Runtime.version().feature() < 22) {
      return List.of("unsafe");
    }
    return STORM ? List.of("unsafe", "segment") : List.of("segment"); // builds on 17 do the other
  }

  @ParameterizedTest
  @MethodSource("memories")
  void onlyTheBrokenCounterSeesWhatIsForbidden(String memory) throws IOException {
    StressRun run = new StressRun(memory, BROKEN + "|" + SELECTED);
    List<String> tests = run.names();
    assertTrue(tests.size() > 1, "no stress test matches -Ddev.rszshm.stress=" + SELECTED);

    StressReport report = STORM ? run.storm() : run.sample();
    assertEquals(List.of(BROKEN), report.failures(), report::describeFailures);
    assertEquals(tests.stream().filter(StressIT::canRun).toList(), report.names());
  }

  /** The sample lets actors take turns; jcstress wants a processor for each. */
  private static boolean canRun(String test) {
    int processors = Runtime.getRuntime().availableProcessors();
    return !STORM || TestList.getInfo(test).threads() <= processors;
  }
}
