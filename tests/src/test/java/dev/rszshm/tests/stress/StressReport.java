package dev.rszshm.tests.stress;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.ReportUtils;

/**
 * What stress tests have seen.
 *
 * @param results one for each test that was run, over all the JVMs it ran in
 */
record StressReport(List<TestResult> results) {

  /** Reads what jcstress has written, and writes it down for people. */
  static StressReport read(Path file, Path text) throws IOException {
    InProcessCollector collector = new InProcessCollector();
    DiskReadCollector reader = new DiskReadCollector(file.toString(), collector);
    try {
      reader.dump();
    } catch (ClassNotFoundException e) {
      throw new IOException("not results of this version of jcstress: " + file, e);
    } finally {
      reader.close();
    }
    List<TestResult> results =
        new ArrayList<>(ReportUtils.mergedByName(collector.getTestResults()));
    results.sort(Comparator.comparing(TestResult::getName));
    StressReport report = new StressReport(results);
    Files.writeString(text, report.print(result -> true));
    return report;
  }

  /** The names of the tests that were run, in order. */
  List<String> names() {
    return results.stream().map(TestResult::getName).toList();
  }

  /**
   * The names of the tests that saw what is forbidden or nothing at all, did not end, or broke off.
   */
  List<String> failures() {
    return results.stream().filter(StressReport::hasFailed).map(TestResult::getName).toList();
  }

  /** The failures as jcstress shows them. */
  String describeFailures() {
    return print(StressReport::hasFailed);
  }

  private static boolean hasFailed(TestResult result) {
    return result.getTotalCount() == 0 || !ReportUtils.statusToPassed(result);
  }

  private String print(Predicate<TestResult> which) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    results.stream().filter(which).forEach(r -> ReportUtils.printResult(writer, r, true));
    return text.toString();
  }
}
