package dev.rszshm.structures.pool;

import dev.rszshm.structures.internal.pool.DeathNotes;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.structures.internal.worker.LastLines;
import dev.rszshm.structures.worker.WorkerExit;
import dev.rszshm.structures.worker.WorkerProcess;
import java.util.List;
import java.util.Optional;

/** Tells all who want to know how workers have ended. Any thread may use it. */
final class WorkerEnds {
  private static final int LAST_LINES = 2;
  private static final int SHORTEST_LINE = 60;

  /** What stands before and behind each line of a note. */
  private static final int LINE_START = 8;

  private final ClientTasks tasks;
  private final TaskQueue queue;
  private final CrewReports reports;

  WorkerEnds(ClientTasks tasks, CrewReports reports) {
    this.tasks = tasks;
    this.queue = tasks.queue();
    this.reports = reports;
  }

  /**
   * Tells how a worker has ended, and ends what it has left, unless that is done already.
   *
   * @param expected whether it was told to end
   */
  void tell(CrewMember member, boolean expected) {
    if (!member.takeTelling()) {
      return;
    }
    WorkerProcess process = member.process();
    Optional<WorkerExit> exit = member.exit();
    boolean told = false;
    try {
      tasks.setReading(process.pid(), false);
      tasks.notes().tell(member.tag(), text(process, exit));
      queue.recover();
      boolean ended = queue.isShutDown() && exit.filter(WorkerExit::isSuccess).isPresent();
      if (!expected && !ended) {
        reports.died(process.name(), process.pid(), exit);
      }
      told = true;
    } catch (IllegalStateException e) {
      if (tasks.heap().isOpen()) {
        throw e;
      }
    } finally {
      if (!told) {
        member.untold();
      }
    }
  }

  /** How a worker has ended, in so few bytes that they fit into a note. */
  private static String text(WorkerProcess worker, Optional<WorkerExit> known) {
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
