package dev.rszshm.cli;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapInfo;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.HeapException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rszshm rm}: removes heaps, and nothing else. */
@Command(
    name = "rm",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Removes heaps.",
      "",
      "Each goes with its directory, if that was made for it. What is not a heap, or a damaged one, stays. So does a heap to which somebody is attached for"
          + " writing. Who is attached for reading only, or to a plain file, cannot be seen: the"
          + " heap"
          + " is removed, and they go on with what they have.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm rm /dev/shm/jobs",
      "%nExit status:",
      "  0  all were removed",
      "  1  one of them was not; the others were",
      "  2  the arguments cannot be used"
    })
final class RmCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "heaps")
  private List<Path> files = List.of();

  @Option(
      names = "--force",
      description = "even if somebody is attached, who can then go on but not be joined")
  private boolean force;

  @Option(names = "--json", description = "one line of JSON for each file; errors as well")
  private boolean json;

  RmCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    int status = 0;
    for (Path file : files) {
      try {
        remove(file);
        if (json) {
          JsonLine.write(out, line -> line.writeStringField("removed", file.toString()));
        } else {
          out.println("removed " + file);
        }
      } catch (HeapException e) {
        status = failed(e.kind(), e.getMessage());
      } catch (CommandException e) {
        status = failed(e.kind(), e.getMessage());
      }
    }
    return status;
  }

  private void remove(Path file) {
    List<Participant> living = Heaps.living(HeapInfo.of(file));
    if (!force && !living.isEmpty()) {
      throw CommandException.failed("in-use", describe(file, living));
    }
    Heap.remove(file);
  }

  private static String describe(Path file, List<Participant> living) {
    return file
        + " is in use by "
        + living.stream()
            .map(p -> "process " + p.pid() + (p.name().isEmpty() ? "" : " \"" + p.name() + "\""))
            .collect(Collectors.joining(", "))
        + ": end it first, or use --force";
  }

  private int failed(String kind, String message) {
    if (json) {
      JsonLine.error(err, kind, message);
    } else {
      err.println("rszshm rm: " + message);
    }
    return CommandException.FAILED;
  }
}
