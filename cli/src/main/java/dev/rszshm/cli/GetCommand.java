package dev.rszshm.cli;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.cli.kind.Kind;
import dev.rszshm.cli.kind.Kinds;
import dev.rszshm.cli.kind.Root;
import dev.rszshm.heap.Heap;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rszshm get}: one value. */
@Command(
    name = "get",
    description = {
      "Shows one value of a map, a list, a struct or the like.",
      "",
      "A key of a map, a sorted map or a counter map is written by the codec that the map has"
          + " stored: a number if its keys are numbers, a text if they are strings. Keys of other"
          + " codecs are text, or bytes as 0x and hexadecimal digits, or a number as 7L (a long) or"
          + " 7I (an int). rszshm roots names the codecs. Lists, arrays, bit sets and tables"
          + " of strings have indexes from 0 on, structs the names of their fields; the key of other"
          + " bytes is the offset of a word of 8 bytes.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  rszshm get /dev/shm/jobs results job-17",
      "  rszshm get /dev/shm/jobs lines 0",
      "  rszshm get /dev/shm/jobs counters 0",
      "%nExit status: 0, or 1 if there is no such key, or 2 for wrong arguments"
    })
final class GetCommand extends Subcommand {
  @Parameters(index = "0", paramLabel = "HEAP", description = "the heap")
  private Path file;

  @Parameters(index = "1", paramLabel = "NAME", description = "the root: rszshm roots lists them")
  private String name;

  @Parameters(index = "2", paramLabel = "KEY", description = "the key")
  private String key;

  GetCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    try (Heap heap = Opening.forReading(file);
        Allocator allocator = Heaps.allocator(heap)) {
      Optional<String> value;
      try {
        value = values(NamedRoot.of(allocator, name)).get(key);
      } catch (IllegalArgumentException e) {
        throw CommandException.usage(e.getMessage());
      } catch (IllegalStateException e) {
        return failed("unreadable", "\"" + name + "\": " + e.getMessage());
      }
      if (value.isEmpty()) {
        return failed("no-such-key", "\"" + name + "\" has no key " + key);
      }
      if (json) {
        JsonLine.write(out, Json.object("name", name, "key", key, "value", value.get()));
      } else {
        out.println(Text.printable(value.get()));
      }
      return 0;
    }
  }

  /** What has values by key. */
  static Kind.Values values(Root root) {
    return Kinds.of(root)
        .values(root)
        .orElseThrow(
            () ->
                CommandException.failed(
                    "no-values",
                    "\""
                        + root.name()
                        + "\" is of the kind "
                        + Kinds.describe(root).kind()
                        + ", of which single values cannot be named: get and put know maps, sorted"
                        + " maps, counter maps, lists, arrays, bit sets, tables of strings, structs"
                        + " and words; rszshm dump shows what is in others"));
  }
}
