package dev.rszshm.cli;

import dev.rszshm.cli.file.HeapFiles;
import dev.rszshm.cli.file.HeapSummary;
import dev.rszshm.heap.HeapInfo;
import dev.rszshm.heap.Participant;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rszshm ls}: all heaps of this machine, or of some directories. */
@Command(
    name = "ls",
    description = {"Lists heaps, who is attached, and what memory they take.", ""},
    footerHeading = "%nStates:%n",
    footer = {
      "  used        somebody is attached for writing",
      "  unused      nobody is, or only the dead: rszshm reap removes such heaps",
      "  plain       a file as ccan's rszshm makes, of which nobody can tell who uses it",
      "  damaged, newer, unfinished, denied    rszshm info FILE says more",
      "%nExample:%n  rszshm ls /dev/shm /var/lib/jobs",
      "%nExit status: 0, or 1 if a directory cannot be read, or 2 for wrong arguments"
    })
final class ListCommand extends Subcommand {
  @Parameters(
      paramLabel = "DIRECTORY",
      arity = "0..*",
      description = "where to look, and in the directories in it (default: /dev/shm)")
  private List<Path> directories = List.of(HeapFiles.SHARED_MEMORY);

  ListCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    int status = 0;
    Set<Path> files = new LinkedHashSet<>();
    for (Path directory : directories) {
      if (Files.isRegularFile(directory)) {
        files.add(directory);
        continue;
      }
      List<Path> unreadable = new ArrayList<>();
      files.addAll(HeapFiles.in(directory, unreadable));
      if (unreadable.contains(directory) || !Files.isDirectory(directory)) {
        status = failed("no-directory", directory + " is no directory that can be read");
      }
    }
    List<HeapSummary> heaps =
        files.stream().map(HeapSummary::of).flatMap(Optional::stream).toList();
    if (json) {
      heaps.forEach(heap -> JsonLine.write(out, json(heap)));
    } else if (heaps.isEmpty()) {
      line("no heaps");
    } else {
      print(heaps);
    }
    return status;
  }

  static Map<String, Object> json(HeapSummary heap) {
    return Json.object(
        "path", heap.path().toString(),
        "state", heap.state().toString(),
        "owner", heap.owner(),
        "created", heap.created().toString(),
        "length", heap.info().map(HeapInfo::length).orElse(null),
        "span", heap.info().map(HeapInfo::span).orElse(null),
        "memory", heap.memory(),
        "participants",
            heap.info().stream().flatMap(i -> i.participants().stream()).map(Json::of).toList(),
        "problem", heap.problem().map(Throwable::getMessage).orElse(null));
  }

  private void print(List<HeapSummary> heaps) {
    Text.Table table =
        new Text.Table("<<<>>><", "HEAP", "STATE", "OWNER", "LENGTH", "MEMORY", "AGE", "ATTACHED");
    for (HeapSummary heap : heaps) {
      table.add(
          heap.path(),
          heap.state(),
          heap.owner(),
          heap.info().map(i -> Amounts.shortBytes(i.length())).orElse("?"),
          Amounts.shortBytes(heap.memory()),
          Text.age(heap.created()),
          attached(heap));
    }
    table.print(out);
  }

  private static String attached(HeapSummary heap) {
    if (heap.info().isEmpty() || heap.info().get().plain()) {
      return heap.problem().isPresent() ? "see rszshm info" : "cannot be seen";
    }
    List<Participant> all = heap.info().get().participants();
    int dead = all.size() - heap.living().size();
    String living =
        heap.living().stream()
            .map(p -> p.pid() + (p.name().isEmpty() ? "" : " (" + p.name() + ")"))
            .collect(Collectors.joining(", "));
    return (living.isEmpty() ? "nobody" : living) + (dead > 0 ? ", " + dead + " dead" : "");
  }
}
