package dev.rszshm.cli;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import java.io.PrintStream;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rszshm put}: sets one value. */
@Command(
    name = "put",
    description = {
      "Sets one value of a map, a list, a struct or the like.",
      "",
      "Keys and values are written as rszshm get reads them; counts, words, numbers in lists, arrays"
          + " and structs are numbers, a bit is true or false. The programs that read it have to"
          + " understand it.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  rszshm put /dev/shm/jobs results job-17 done",
      "  rszshm put /dev/shm/jobs counters 8 0",
      "%nExit status: 0, or 1 if it cannot be set, or 2 for wrong arguments"
    })
final class PutCommand extends Subcommand {
  @Parameters(index = "0", paramLabel = "HEAP", description = "the heap")
  private Path file;

  @Parameters(index = "1", paramLabel = "NAME", description = "the root: rszshm roots lists them")
  private String name;

  @Parameters(index = "2", paramLabel = "KEY", description = "the key")
  private String key;

  @Parameters(index = "3", paramLabel = "VALUE", description = "the value")
  private String value;

  PutCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    Heaps.requireAllocator(file);
    try (Heap heap = Opening.forWriting(file, "put");
        Allocator allocator = Allocator.on(heap)) {
      try {
        GetCommand.values(NamedRoot.of(allocator, name)).put(key, value);
      } catch (IllegalArgumentException e) {
        throw CommandException.usage(e.getMessage());
      } catch (UnsupportedOperationException e) {
        return failed("not-settable", "\"" + name + "\": " + e.getMessage());
      } catch (IllegalStateException e) {
        return failed("unreadable", "\"" + name + "\": " + e.getMessage());
      }
      if (json) {
        JsonLine.write(out, Json.object("name", name, "key", key, "value", value));
      }
      return 0;
    }
  }
}
