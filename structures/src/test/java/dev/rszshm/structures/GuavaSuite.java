package dev.rszshm.structures;

import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import junit.framework.Test;
import junit.framework.TestFailure;
import junit.framework.TestResult;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.MultipleFailuresError;

/**
 * Lets a suite of Guava's testlib run as tests of JUnit 5: one for each class of its tests and each
 * set of features, since to report each of tens of thousands takes longer than to run it.
 */
public final class GuavaSuite {
  private GuavaSuite() {}

  public static Stream<DynamicTest> tests(TestSuite suite) {
    Map<String, List<Test>> groups = new LinkedHashMap<>();
    collect(suite, "", groups);
    return groups.entrySet().stream()
        .map(group -> DynamicTest.dynamicTest(group.getKey(), () -> run(group.getValue())));
  }

  private static void collect(Test test, String path, Map<String, List<Test>> groups) {
    if (test instanceof TestSuite suite) {
      String inner = path.isEmpty() ? suite.getName() : path + "/" + suite.getName();
      for (Enumeration<Test> each = suite.tests(); each.hasMoreElements(); ) {
        collect(each.nextElement(), inner, groups);
      }
    } else {
      groups.computeIfAbsent(path, any -> new ArrayList<>()).add(test);
    }
  }

  /** Runs all of them, and fails with each that has failed. */
  private static void run(List<Test> tests) {
    TestResult result = new TestResult();
    tests.forEach(test -> test.run(result));
    List<Throwable> thrown = new ArrayList<>();
    for (Enumeration<TestFailure> each : List.of(result.errors(), result.failures())) {
      while (each.hasMoreElements()) {
        TestFailure failure = each.nextElement();
        thrown.add(
            new AssertionFailedError(failure.failedTest().toString(), failure.thrownException()));
      }
    }
    if (!thrown.isEmpty()) {
      throw new MultipleFailuresError(thrown.size() + " of " + tests.size() + " tests", thrown);
    }
  }
}
