package dev.rszshm.testkit.simulation;

import java.util.Set;

/** The line of the code under test that a step comes from. */
final class SourceLine {
  private static final String KIT = SourceLine.class.getPackageName() + ".";
  private static final Set<String> KIT_CLASSES =
      Set.of(
          "Accesses",
          "SimulatedMemory",
          "SimulatedCalls",
          "SimulatedFileCalls",
          "CrashRun",
          "SimulatedProcess",
          "Execution",
          "Trace",
          "SourceLine",
          "Immediate");
  private static final Set<String> PLUMBING =
      Set.of(
          "dev.rszshm.heap.spi.Memory",
          "dev.rszshm.heap.PlainAccess",
          "dev.rszshm.heap.OrderedAccess",
          "dev.rszshm.heap.AtomicAccess",
          "dev.rszshm.heap.ValueAccess",
          "dev.rszshm.heap.BulkAccess",
          "dev.rszshm.heap.BoundsCheck",
          "dev.rszshm.heap.Region",
          "dev.rszshm.heap.Heap",
          "dev.rszshm.heap.internal.wait.WordWait",
          "dev.rszshm.heap.internal.wait.ParkedSleep");

  private SourceLine() {}

  /** The innermost frame of the present thread that is neither the kit's nor a mere way through. */
  static String current() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> !isWayThrough(frame.getClassName()))
                    .findFirst()
                    .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                    .orElse("?"));
  }

  private static boolean isWayThrough(String name) {
    int nested = name.indexOf('$');
    String outer = nested < 0 ? name : name.substring(0, nested);
    return PLUMBING.contains(outer)
        || name.startsWith("java.")
        || (outer.startsWith(KIT) && KIT_CLASSES.contains(outer.substring(KIT.length())));
  }
}
