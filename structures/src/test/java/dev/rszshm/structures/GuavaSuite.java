package dev.rszshm.structures;

import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import junit.framework.AssertionFailedError;
import junit.framework.Test;
import junit.framework.TestCase;
import junit.framework.TestFailure;
import junit.framework.TestResult;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicTest;

/** Lets a suite of Guava's testlib run as tests of JUnit 5. */
public final class GuavaSuite {
  private GuavaSuite() {}

  public static Stream<DynamicTest> tests(TestSuite suite) {
    List<DynamicTest> tests = new ArrayList<>();
    collect(suite, "", tests);
    return tests.stream();
  }

  private static void collect(Test test, String path, List<DynamicTest> tests) {
    if (test instanceof TestSuite suite) {
      for (Enumeration<Test> each = suite.tests(); each.hasMoreElements(); ) {
        collect(each.nextElement(), path + suite.getName() + "/", tests);
      }
    } else {
      String name = test instanceof TestCase one ? one.getName() : test.toString();
      tests.add(DynamicTest.dynamicTest(path + name, () -> run(test)));
    }
  }

  private static void run(Test test) throws Throwable {
    TestResult result = new TestResult();
    test.run(result);
    for (Enumeration<TestFailure> each = result.errors(); each.hasMoreElements(); ) {
      throw each.nextElement().thrownException();
    }
    for (Enumeration<TestFailure> each = result.failures(); each.hasMoreElements(); ) {
      throw new AssertionFailedError(each.nextElement().trace());
    }
  }
}
