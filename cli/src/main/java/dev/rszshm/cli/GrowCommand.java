package dev.rszshm.cli;

import dev.rszshm.heap.Heap;
import java.io.PrintStream;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rszshm grow}: makes a heap longer, while everybody goes on. */
@Command(
    name = "grow",
    description = {"Makes a heap longer, while everybody goes on.", ""},
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm grow --to 1GiB /dev/shm/jobs",
      "%nExit status: 0, or 1 if it cannot grow, or 2 for wrong arguments"
    })
final class GrowCommand extends Subcommand {
  @Parameters(paramLabel = "HEAP", description = "the heap")
  private Path file;

  @Option(
      names = "--to",
      paramLabel = "SIZE",
      converter = Amounts.Converter.class,
      description = "the least length it has then (default: as its growth policy says)")
  private Long to;

  GrowCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    try (Heap heap = Opening.forWriting(file, "grow")) {
      long before = heap.length();
      if (to == null) {
        heap.grow();
      } else if (to > before) {
        heap.growTo(to);
      }
      if (json) {
        JsonLine.write(
            out,
            Json.object(
                "path",
                file.toString(),
                "before",
                before,
                "length",
                heap.length(),
                "span",
                heap.span()));
      } else {
        line("%s, was %s", Amounts.bytes(heap.length()), Amounts.bytes(before));
      }
      return 0;
    }
  }
}
