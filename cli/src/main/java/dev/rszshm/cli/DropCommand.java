package dev.rszshm.cli;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.cli.kind.Kind;
import dev.rszshm.cli.kind.Kinds;
import dev.rszshm.cli.kind.Root;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapInfo;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.HeapException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rszshm drop}: removes what has a name in a heap. */
@Command(
    name = "drop",
    description = {
      "Removes roots of a heap, each with all that is in it.",
      "",
      "Nobody may use them any more: nobody may have the heap attached for writing."
          + " Whoever has it attached for reading only cannot be seen.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm drop /dev/shm/jobs results",
      "%nrszshm rm removes a whole heap.",
      "%nExit status: 0, or 1 if one was not removed, or 2 for wrong arguments"
    })
final class DropCommand extends Subcommand {
  @Parameters(index = "0", paramLabel = "HEAP", description = "the heap")
  private Path file;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "NAME",
      description = "roots: rszshm roots lists them")
  private List<String> names = List.of();

  @Option(
      names = "--force",
      description =
          "even if somebody is attached, or it is damaged, or blocks stay that nobody finds again")
  private boolean force;

  DropCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    Heaps.requireAllocator(file);
    List<Participant> living = Heaps.living(HeapInfo.of(file));
    if (!force && !living.isEmpty()) {
      return failed(
          "in-use",
          file
              + " is in use by "
              + living.stream().map(p -> "process " + p.pid()).collect(Collectors.joining(", "))
              + ", which may use what is to go: end it first. If it does not, --force");
    }
    int status = 0;
    try (Heap heap = Opening.forWriting(file, "drop");
        Allocator allocator = Allocator.on(heap)) {
      for (String name : names) {
        status = Math.max(status, drop(allocator, name));
      }
    }
    return status;
  }

  private int drop(Allocator allocator, String name) {
    String kind;
    String left;
    try {
      Root root = NamedRoot.of(allocator, name);
      kind = Kinds.describe(root).kind();
      left = force ? dropAnyway(root) : dropWhole(root);
    } catch (HeapException e) {
      return failed(e.kind(), "\"" + name + "\": " + e.getMessage());
    } catch (CommandException e) {
      return failed(e.kind(), e.getMessage());
    } catch (RuntimeException e) {
      return failed(
          "unreadable",
          "\"" + name + "\" cannot be removed: " + e.getMessage() + ". --force removes its name");
    }
    if (json) {
      JsonLine.write(out, Json.object("name", name, "kind", kind, "complete", left.isEmpty()));
    } else {
      line("removed %s%s", Text.printable(name), Text.printable(left));
    }
    return 0;
  }

  /** Removes a root of which nothing stays; so there is nothing to be said. */
  private static String dropWhole(Root root) {
    Kind kind = Kinds.of(root);
    Optional<String> remains = kind.remains(root);
    if (remains.isPresent()) {
      throw CommandException.failed(
          "would-remain",
          "\""
              + root.name()
              + "\" is not removed: "
              + remains.get()
              + ". Let the program that knows it empty it and remove it (removeRoot); --force removes it"
              + " as it is");
    }
    kind.remove(root);
    return "";
  }

  /** Removes a root, if need be its block alone; returns what is to be said of the rest. */
  private static String dropAnyway(Root root) {
    try {
      Kind kind = Kinds.of(root);
      Optional<String> remains = kind.remains(root);
      kind.remove(root);
      return remains.map(text -> "; " + text).orElse("");
    } catch (RuntimeException e) {
      root.allocator().removeRoot(root.name());
      return "; what else it had stays allocated: " + e.getMessage();
    }
  }
}
