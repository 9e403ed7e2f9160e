package dev.rszshm.cli;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import java.io.PrintStream;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rszshm trim}: gives memory back that is in no block. */
@Command(
    name = "trim",
    description = {
      "Gives memory that is in no block back to the system.",
      "",
      "Everybody goes on. The length of the file stays: look at rszshm ls, or du.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm trim /dev/shm/jobs",
      "%nExit status: 0, or 1 if there is no allocator, or 2 for wrong arguments"
    })
final class TrimCommand extends Subcommand {
  @Parameters(paramLabel = "HEAP", description = "the heap")
  private Path file;

  TrimCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    Heaps.requireAllocator(file);
    try (Heap heap = Opening.forWriting(file, "trim");
        Allocator allocator = Allocator.on(heap)) {
      long given = allocator.trim();
      if (json) {
        JsonLine.write(out, Json.object("path", file.toString(), "givenBack", given));
      } else {
        line("gave back %s", Amounts.bytes(given));
      }
      return 0;
    }
  }
}
