package dev.rszshm.testkit.stress;

import java.util.List;
import org.openjdk.jcstress.Options;
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
 * better. A test with more actors than there are processors runs all the same; its actors then
 * yield to each other.
 */
final class StressSample {
  private StressSample() {}

  /**
   * Runs tests.
   *
   * @param args the file for the results, a regular expression for the names of the tests, and the
   *     milliseconds that each of them has
   */
  public static void main(String[] args) throws Exception {
    DiskWriteCollector results = new DiskWriteCollector(args[0]);
    boolean stuck = false;
    for (String name : StressRun.select(args[1])) {
      TestInfo test = TestList.getInfo(name);
      TestConfig config = configure(test, args[2]);
      Class<?> type = Class.forName(test.generatedRunner());
      Runner<?> runner =
          (Runner<?>)
              type.getConstructor(ForkedTestConfig.class).newInstance(new ForkedTestConfig(config));
      TestResult result = runner.run();
      stuck |= runner.forceExit();
      result.setConfig(config);
      results.add(result);
    }
    results.close();
    if (stuck) {
      System.exit(0); // a thread that never ends is in the results
    }
  }

  private static TestConfig configure(TestInfo test, String millis) throws Exception {
    boolean crowded = test.threads() > Runtime.getRuntime().availableProcessors();
    Options options =
        new Options(
            new String[] {
              "-iters", "1", "-time", millis, "-spinStyle", crowded ? "THREAD_YIELD" : "HARD"
            });
    if (!options.parse()) {
      throw new IllegalStateException("jcstress does not know these options");
    }
    SchedulingClass anywhere =
        new SchedulingClass(AffinityMode.NONE, test.threads(), NodeType.PACKAGE);
    return new TestConfig(options, test, 0, List.of(), CompileMode.UNIFIED, anywhere);
  }
}
