package dev.rszshm.structures.pool;

import dev.rszshm.structures.internal.pool.DeathNotes;
import dev.rszshm.structures.internal.worker.LastLines;
import dev.rszshm.structures.worker.WorkerExit;
import dev.rszshm.structures.worker.WorkerProcess;
import java.util.List;
import java.util.Optional;

/** How a worker has ended, in so few bytes that they fit into a note. */
final class DeathText {
  private static final int LAST_LINES = 2;
  private static final int SHORTEST_LINE = 60;

  /** What stands before and behind each line of a note. */
  private static final int LINE_START = 8;

  private DeathText() {}

  static String of(WorkerProcess worker, Optional<WorkerExit> known) {
    if (known.isEmpty()) {
      return worker + " has ended, and how is not known";
    }
    WorkerExit exit = known.get();
    String how = worker + " ended with " + exit.describe();
    List<String> lines = LastLines.digest(exit.lastErrors(), LAST_LINES);
    if (lines.isEmpty()) {
      return how;
    }
    int each = Math.max(SHORTEST_LINE, (DeathNotes.MAX_TEXT - how.length()) / lines.size());
    StringBuilder text = new StringBuilder(how).append("; it wrote:");
    for (String line : lines) {
      text.append("\n  ").append(cut(line.strip(), each - LINE_START));
    }
    return text.toString();
  }

  private static String cut(String line, int length) {
    return line.length() <= length ? line : line.substring(0, length - 1) + "…";
  }
}
