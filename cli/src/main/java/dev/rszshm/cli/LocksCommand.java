package dev.rszshm.cli;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.cli.kind.ChannelKind;
import dev.rszshm.cli.kind.Description;
import dev.rszshm.cli.kind.Kind;
import dev.rszshm.cli.kind.Kinds;
import dev.rszshm.cli.kind.Root;
import dev.rszshm.cli.kind.SynchronizerRoot;
import dev.rszshm.heap.Heap;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rszshm locks}: who has what others may wait for. */
@Command(
    name = "locks",
    description = {
      "Shows locks and who has them, semaphores, channels.",
      "",
      "That is what threads wait for. A lock is shown with the process and the thread that has it,"
          + " alive or dead; a channel with how many messages are in it and how many are at its"
          + " ends, or who has a single end, alive or dead. Only what has a name can be shown.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm locks --busy /dev/shm/jobs",
      "%nThe thread is the id in its JVM: jcmd PID Thread.print shows what it does.",
      "%nExit status: 0, or 1 if there is no allocator, or 2 for wrong arguments"
    })
final class LocksCommand extends Subcommand {
  @Parameters(paramLabel = "HEAP", description = "the heap")
  private Path file;

  @Option(
      names = "--busy",
      description = "only those that are held, used up, full or left by the dead")
  private boolean busy;

  LocksCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    try (Heap heap = Opening.forReading(file);
        Allocator allocator = Heaps.allocator(heap)) {
      Text.Table table = new Text.Table("<<<", "NAME", "WHAT", "WAITING");
      int shown = 0;
      List<RootEntry> roots =
          allocator.roots().stream().sorted(Comparator.comparing(RootEntry::name)).toList();
      for (RootEntry entry : roots) {
        Root root = new Root(allocator, entry);
        Kind kind = Kinds.of(root);
        if (!(kind instanceof SynchronizerRoot || kind instanceof ChannelKind)) {
          continue;
        }
        Description description = Kinds.describe(root);
        if (busy && !isBusy(description.facts())) {
          continue;
        }
        shown++;
        if (json) {
          JsonLine.write(
              out,
              Json.object(
                  "name", entry.name(),
                  "kind", description.kind(),
                  "text", description.text(),
                  "facts", description.facts()));
        } else {
          table.add(entry.name(), description.text(), waiting(description.facts()));
        }
      }
      if (!json && shown == 0) {
        line(busy ? "nothing is busy" : "no locks or channels have a name here");
      } else if (!json) {
        table.print(out);
      }
      return 0;
    }
  }

  private static boolean isBusy(Map<String, Object> facts) {
    boolean full = facts.get("depth") != null && facts.get("depth").equals(facts.get("messages"));
    boolean left = facts.get("leftByTheDead") instanceof List<?> list && !list.isEmpty();
    return facts.isEmpty() || full || left || Boolean.FALSE.equals(facts.get("free"));
  }

  private static String waiting(Map<String, Object> facts) {
    return Boolean.TRUE.equals(facts.get("mayHaveWaiters")) ? "somebody may" : "";
  }
}
