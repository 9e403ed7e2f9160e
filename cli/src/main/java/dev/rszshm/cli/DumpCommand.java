package dev.rszshm.cli;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.cli.kind.HexDump;
import dev.rszshm.cli.kind.Kind;
import dev.rszshm.cli.kind.Kinds;
import dev.rszshm.cli.kind.Root;
import dev.rszshm.heap.Heap;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rszshm dump}: the content of one root. */
@Command(
    name = "dump",
    description = {
      "Shows what is in one root.",
      "",
      "Entries of a map, elements of a queue, a list or an array, messages of a channel, fields of a struct, else bytes. Nothing is received or changed. Numbers, texts and the like are"
          + " shown as such if the stored codec is one of the library; other keys, values and"
          + " messages as text if they are some, else in hexadecimal digits.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm dump --most 1000 /dev/shm/jobs results",
      "%nExit status: 0, or 1 if there is no such root, or 2 for wrong arguments"
    })
final class DumpCommand extends Subcommand {
  @Parameters(index = "0", paramLabel = "HEAP", description = "the heap")
  private Path file;

  @Parameters(index = "1", paramLabel = "NAME", description = "the root: rszshm roots lists them")
  private String name;

  @Option(
      names = "--most",
      paramLabel = "N",
      description = "how many entries, messages or rows to show (default: 100)")
  private int most = 100;

  @Option(names = "--hex", description = "its bytes, whatever it is")
  private boolean hex;

  DumpCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    if (most < 0) {
      throw CommandException.usage("--most is 0 or more, found " + most);
    }
    try (Heap heap = Opening.forReading(file);
        Allocator allocator = Heaps.allocator(heap)) {
      Root root = NamedRoot.of(allocator, name);
      ByteArrayOutputStream lines = new ByteArrayOutputStream();
      Kind kind = Kinds.of(root);
      Watched text = new Watched(out);
      PrintStream to = json ? new PrintStream(lines, true, StandardCharsets.UTF_8) : text;
      try {
        if (hex) {
          HexDump.print(heap, root.block(), root.length(1), to, most);
        } else {
          kind.dump(root, to, most);
        }
      } catch (IllegalStateException e) {
        return failed("unreadable", e.getMessage());
      }
      if (json) {
        JsonLine.write(
            out,
            Json.object(
                "name", name,
                "kind", Kinds.describe(root).kind(),
                "lines", lines.toString(StandardCharsets.UTF_8).lines().toList()));
      }
      if (!json && !text.written) {
        line("%s", kind.whenEmpty());
      }
      return 0;
    }
  }

  /** Passes lines on, and knows whether there were any. */
  private static final class Watched extends PrintStream {
    private final PrintStream out;
    private boolean written;

    Watched(PrintStream out) {
      super(out);
      this.out = out;
    }

    @Override
    public void println(String line) {
      written = true;
      out.println(line);
    }
  }
}
