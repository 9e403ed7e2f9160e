package dev.rszshm.tests.stress;

import java.util.List;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.DiskWriteCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.runners.ForkedTestConfig;
import org.openjdk.jcstress.infra.runners.Runner;
import org.openjdk.jcstress.infra.runners.TestConfig;
import org.openjdk.jcstress.infra.runners.TestList;
import org.openjdk.jcstress.os.AffinityMode;
import org.openjdk.jcstress.os.NodeType;
import org.openjdk.jcstress.os.SchedulingClass;
import org.openjdk.jcstress.vm.CompileMode;

/**
 * Runs stress tests one after the other in this JVM, and writes their results where jcstress would.
 *
 * <p>jcstress itself starts two dozen JVMs to find out which flags there are, and then one for each
 * test and each set of flags. That is what the long run wants, but every build has no minute for
 * it. Here each test has a moment, in which the JVM interprets it, compiles it, and compiles it
 * better. Actors that wait for each other yield, so a test with more actors than there are
 * processors runs all the same.
 */
final class StressSample {
  /** On a busy machine jcstress may find that a test is slow, and hardly run it: then again. */
  private static final long ENOUGH = 100_000;

  private static final int MAX_TRIES = 5;

  /** A test that has seen nothing at all has not been run. */
  private static final int MAX_TRIES_FOR_ANYTHING = 100;

  private StressSample() {}

  /**
   * Runs tests.
   *
   * @param args the file for the results, the milliseconds that each test has, and the names of the
   *     tests
   */
  public static void main(String[] args) throws Exception {
    DiskWriteCollector results = new DiskWriteCollector(args[0]);
    boolean stuck = false;
    for (String name : List.of(args).subList(2, args.length)) {
      TestInfo test = TestList.getInfo(name);
      boolean again = true;
      long seen = 0;
      for (int tries = 0;
          again && tries < (seen == 0 ? MAX_TRIES_FOR_ANYTHING : MAX_TRIES);
          tries++) {
        TestConfig config = configure(test, args[1]);
        Runner<?> runner = newRunner(test, config);
        TestResult result = runner.run();
        result.setConfig(config);
        results.add(result);
        stuck |= runner.forceExit();
        seen += result.getTotalCount();
        again = seen < ENOUGH && result.status() == Status.NORMAL && !test.requiresFork();
      }
    }
    results.close();
    if (stuck) {
      System.exit(0); // a thread that never ends is in the results
    }
  }

  private static Runner<?> newRunner(TestInfo test, TestConfig config) throws Exception {
    return Class.forName(test.generatedRunner())
        .asSubclass(Runner.class)
        .getConstructor(ForkedTestConfig.class)
        .newInstance(new ForkedTestConfig(config));
  }

  private static TestConfig configure(TestInfo test, String millis) throws Exception {
    Options options =
        new Options(
            new String[] {
              "-iters", "1",
              "-time", millis,
              "-strideCount", "4", // fewer than by default: the check of the footprint takes less
              "-spinStyle", "THREAD_YIELD" // in favour of the compiler, and of other actors
            });
    if (!options.parse()) {
      throw new IllegalStateException("jcstress does not know these options");
    }
    SchedulingClass anywhere =
        new SchedulingClass(AffinityMode.NONE, test.threads(), NodeType.PACKAGE);
    return new TestConfig(options, test, 0, List.of(), CompileMode.UNIFIED, anywhere);
  }
}
