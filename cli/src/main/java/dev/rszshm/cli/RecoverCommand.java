package dev.rszshm.cli;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.allocator.errors.NotAnAllocatorException;
import dev.rszshm.cli.check.HeapCheck;
import dev.rszshm.cli.check.Trouble;
import dev.rszshm.cli.check.Trouble.Severity;
import dev.rszshm.cli.kind.Kinds;
import dev.rszshm.cli.kind.Root;
import dev.rszshm.heap.Heap;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rszshm recover}: does at once what the dead have left to do. */
@Command(
    name = "recover",
    description = {
      "Recovers what processes have left that died.",
      "",
      "It completes or undoes what they were doing, while others go on. Whoever needs it does the same by itself; this does it now. It removes dead"
          + " participants, recovers what their threads held in the allocator, and ends what they"
          + " began in maps, queues, lists and tables of strings. Locks that the dead hold stay: only the program knows what they protect."
          + " A damaged heap is left alone.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm recover --dry-run /dev/shm/jobs",
      "%nExit status:%n  0  done, or there was nothing to do",
      "  1  something is left, or the heap is damaged",
      "  2  wrong arguments"
    })
final class RecoverCommand extends Subcommand {
  @Parameters(paramLabel = "HEAP", description = "the heap")
  private Path file;

  @Option(names = "--dry-run", description = "say what would be done, and do nothing")
  private boolean dryRun;

  @Option(names = "--force", description = "even if the heap is damaged, which may damage it more")
  private boolean force;

  RecoverCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    HeapCheck.Result before = HeapCheck.of(file, Opening::forReading);
    boolean damaged = before.worst().filter(s -> s == Severity.ERROR).isPresent();
    if (damaged && !(force && before.readable())) {
      String first =
          before.troubles().stream()
              .filter(t -> t.severity() == Severity.ERROR)
              .map(t -> t.where() + ": " + t.found())
              .findFirst()
              .orElseThrow();
      return failed(
          "damaged", file + " is damaged: rszshm check says how and what to do. First: " + first);
    }
    List<Trouble> toDo =
        before.troubles().stream()
            .filter(t -> t.severity() == Severity.RECOVERABLE || t.isMendedByRecover())
            .toList();
    if (dryRun) {
      report(List.of(), toDo, before);
      return 0;
    }
    List<String> done = toDo.isEmpty() ? List.of() : recover();
    HeapCheck.Result after = HeapCheck.of(file, Opening::forReading);
    List<Trouble> left =
        after.troubles().stream().filter(t -> t.severity() != Severity.NOTE).toList();
    report(done, left, after);
    return left.isEmpty() ? 0 : CommandException.FAILED;
  }

  private List<String> recover() {
    List<String> done = new ArrayList<>();
    boolean allocating = true;
    try {
      Heaps.requireAllocator(file);
    } catch (NotAnAllocatorException | CommandException e) {
      allocating = false;
    }
    try (Heap heap = Opening.forWriting(file, "recover")) {
      if (allocating) {
        try (Allocator allocator = Allocator.on(heap)) {
          allocator.recover(); // most of it was done by attaching
          done.add("recovered what dead threads held in the allocator");
          for (RootEntry entry : allocator.roots()) {
            Root root = new Root(allocator, entry);
            Kinds.of(root)
                .recover(root)
                .ifPresent(text -> done.add("root \"" + entry.name() + "\": " + text));
          }
        }
      }
      int slots = heap.reclaimDead();
      if (slots > 0) {
        done.add("removed " + slots + (slots == 1 ? " dead participant" : " dead participants"));
      }
    }
    return done;
  }

  private void report(List<String> done, List<Trouble> left, HeapCheck.Result state) {
    if (json) {
      JsonLine.write(
          out,
          Json.object(
              "path", file.toString(),
              "dryRun", dryRun,
              "verdict", state.verdict(),
              "done", done,
              "left", left.stream().map(Trouble::json).toList()));
      return;
    }
    done.forEach(text -> line("%s", Text.printable(text)));
    left.forEach(
        t ->
            line(
                "%s %s: %s%s",
                dryRun ? t.isMendedByRecover() ? "would recover" : "would leave" : "left:",
                Text.printable(t.where()),
                Text.printable(t.found()),
                t.isMendedByRecover() ? "" : ". To do: " + Text.printable(t.mend())));
    line("%s: %s", Text.printable(file.toString()), state.verdict());
  }
}
