package dev.rszshm.cli;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.cli.kind.Description;
import dev.rszshm.cli.kind.Kinds;
import dev.rszshm.cli.kind.Root;
import dev.rszshm.heap.Heap;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rszshm roots}: what has a name in a heap, and what each is. */
@Command(
    name = "roots",
    description = {
      "Shows what has a name in a heap, and what each is.",
      "",
      "A map of so many entries, a channel with so many messages, a lock and who has it.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm roots /dev/shm/jobs",
      "%nrszshm dump HEAP NAME shows what is in one of them.",
      "%nExit status: 0, or 1 if there is no allocator, or 2 for wrong arguments"
    })
final class RootsCommand extends Subcommand {
  @Parameters(paramLabel = "HEAP", description = "the heap")
  private Path file;

  RootsCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    try (Heap heap = Opening.forReading(file);
        Allocator allocator = Heaps.allocator(heap)) {
      List<RootEntry> roots =
          allocator.roots().stream().sorted(Comparator.comparing(RootEntry::name)).toList();
      Text.Table table = new Text.Table("<>><", "NAME", "BYTES", "VERSION", "WHAT");
      for (RootEntry entry : roots) {
        Description description = Kinds.describe(new Root(allocator, entry));
        if (json) {
          JsonLine.write(
              out,
              Json.object(
                  "name", entry.name(),
                  "kind", description.kind(),
                  "type", String.format(java.util.Locale.ROOT, "0x%x", entry.type()),
                  "version", entry.version(),
                  "length", entry.size(),
                  "text", description.text(),
                  "facts", description.facts()));
        } else {
          table.add(entry.name(), entry.size(), entry.version(), description.text());
        }
      }
      if (!json && roots.isEmpty()) {
        line("no roots");
      } else if (!json) {
        table.print(out);
      }
      return 0;
    }
  }
}
