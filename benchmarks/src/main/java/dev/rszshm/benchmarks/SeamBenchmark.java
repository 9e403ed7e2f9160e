package dev.rszshm.benchmarks;

import dev.rszshm.testkit.simulation.Simulation;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;

/**
 * What a program pays for the seam the test kit uses: the loops of {@link AccessBenchmark} on a
 * heap in JVMs that do not have the kit, that have it on the class path, and that have run a
 * simulation. A simulation closes a heap, which has a price of its own: hence that column.
 */
final class SeamBenchmark implements Benchmark {
  private static final double WANTED = 1.05;

  /** JMH gives the class path of this JVM to those it starts, as it finds it here. */
  private static final String CLASS_PATH = "java.class.path";

  private static final String KIT_PACKAGE = "dev.rszshm.testkit.";

  @Override
  public String name() {
    return "seam";
  }

  @Override
  public String run(Options options) throws Exception {
    Table table =
        new Table(
            "Time of an access through a heap over that in a JVM without the test kit, median of"
                + " the rounds and quartiles. A JVM with the kit on its class path loads "
                + classesLoaded(AccessLoops.class)
                + " of the kit's classes; one that has run a simulation, "
                + classesLoaded(AccessLoopsAfterSimulation.class)
                + ".",
            "loop",
            "without the kit ns",
            "on the class path",
            "quartiles",
            "after closing a heap",
            "quartiles",
            "after a simulation",
            "quartiles",
            "on the class path ≤ " + WANTED);
    for (String loop : AccessBenchmark.LOOPS) {
      if (loop.contains(options.only())) {
        measure(table, options, loop);
      }
    }
    return table.toString();
  }

  private static void measure(Table table, Options options, String loop) throws Exception {
    Rounds rounds =
        Rounds.alternate(
            options.count("--rounds", 5),
            () -> withoutKit(loop),
            () -> nanos(AccessLoops.class, loop),
            () -> nanos(AccessLoopsAfterClose.class, loop),
            () -> nanos(AccessLoopsAfterSimulation.class, loop));
    Samples there = rounds.ratios(1, 0);
    Samples closed = rounds.ratios(2, 0);
    Samples used = rounds.ratios(3, 0);
    table.row(
        "`" + loop + "`",
        String.format(Locale.ROOT, "%.3f", rounds.of(0).median()),
        "**" + Table.number(there.median()) + "**",
        there.spread("%.2f"),
        "**" + Table.number(closed.median()) + "**",
        closed.spread("%.2f"),
        "**" + Table.number(used.median()) + "**",
        used.spread("%.2f"),
        Table.verdict(there.median() <= WANTED));
  }

  private static double nanos(Class<? extends AccessLoops> loops, String loop, String... flags)
      throws RunnerException {
    return AccessBenchmark.nanos(loops, loop, "heap", flags);
  }

  private static double withoutKit(String loop) throws Exception {
    String classPath = System.getProperty(CLASS_PATH);
    System.setProperty(CLASS_PATH, withoutKit(classPath, kit()));
    try {
      return nanos(AccessLoops.class, loop);
    } finally {
      System.setProperty(CLASS_PATH, classPath);
    }
  }

  /** The jar, or the directory of classes, that the kit comes from. */
  static Path kit() throws URISyntaxException {
    return Path.of(Simulation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /**
   * A class path that lacks one entry.
   *
   * @throws IllegalStateException if it does so already: there would be nothing to compare
   */
  static String withoutKit(String classPath, Path kit) {
    List<String> entries = List.of(classPath.split(File.pathSeparator));
    List<String> others =
        entries.stream().filter(e -> !Path.of(e).toAbsolutePath().equals(kit)).toList();
    if (others.size() == entries.size()) {
      throw new IllegalStateException(
          kit + " is not on the class path " + classPath + ": start this with benchmarks/run");
    }
    return String.join(File.pathSeparator, others);
  }

  /** How many classes of the kit a JVM loads that runs one of the loops. */
  private static long classesLoaded(Class<? extends AccessLoops> loops) throws Exception {
    Path log = Files.createTempFile("classes", ".log");
    try {
      nanos(loops, "longSum", "-Xlog:class+load:file=" + log);
      try (Stream<String> lines = Files.lines(log)) {
        return lines.filter(line -> line.contains(" " + KIT_PACKAGE)).count();
      }
    } finally {
      Files.delete(log);
    }
  }
}
