package dev.rszshm.cli;

import dev.rszshm.allocator.Allocator;
import java.io.PrintStream;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rszshm shrink}: makes the file of a heap shorter that nobody uses. */
@Command(
    name = "shrink",
    description = {
      "Makes the file of a heap as short as what is in use of it.",
      "",
      "Nobody may have it attached for writing. Who is attached for reading only cannot be seen,"
          + " and gets an error for what lies behind the new end. To give memory back while"
          + " everybody goes on, use rszshm trim.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm shrink /dev/shm/jobs",
      "%nExit status: 0, or 1 if it is in use or there is no allocator, or 2 for wrong arguments"
    })
final class ShrinkCommand extends Subcommand {
  @Parameters(paramLabel = "HEAP", description = "the heap")
  private Path file;

  ShrinkCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    Heaps.requireAllocator(file);
    long shorter = Allocator.shrink(file);
    if (json) {
      JsonLine.write(out, Json.object("path", file.toString(), "shorterBy", shorter));
    } else {
      line("the file is %s shorter", Amounts.bytes(shorter));
    }
    return 0;
  }
}
