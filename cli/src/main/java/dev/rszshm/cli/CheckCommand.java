package dev.rszshm.cli;

import dev.rszshm.allocator.AllocatorCheck;
import dev.rszshm.cli.check.HeapCheck;
import dev.rszshm.cli.check.Trouble;
import dev.rszshm.heap.errors.HeapException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rszshm check}: everything that can be wrong with a heap. */
@Command(
    name = "check",
    description = {
      "Looks for everything that can be wrong with heaps.",
      "",
      "In use or not: the header, who is attached, every byte of the allocator, each root whose kind"
          + " is known. Changes nothing. What programs keep in blocks, keys, values and messages has"
          + " no checksum, but for shared objects, and is not looked at.",
      ""
    },
    footerHeading = "%nVerdicts:%n",
    footer = {
      "  healthy      nothing was found",
      "  sound        nothing is lost or damaged; there are notes",
      "  recoverable  a process died: each finding says what to do",
      "  damaged      something has written where it should not",
      "%nExample:%n  rszshm check /dev/shm/jobs",
      "%nExit status: 0 if all are healthy or sound, 1 if not, 2 for wrong arguments"
    })
final class CheckCommand extends Subcommand {
  @Parameters(paramLabel = "HEAP", arity = "1..*", description = "heaps")
  private List<Path> files;

  @Option(
      names = "--most",
      paramLabel = "N",
      description = "how many findings to show (default: 20)")
  private int most = 20;

  CheckCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    int status = 0;
    for (Path file : files) {
      try {
        HeapCheck.Result result = HeapCheck.of(file, Opening::forReading);
        if (json) {
          JsonLine.write(out, json(result));
        } else {
          print(result);
        }
        status = result.isGood() ? status : CommandException.FAILED;
      } catch (HeapException e) {
        status = failed(e.kind(), e.getMessage());
      }
    }
    return status;
  }

  static Map<String, Object> json(HeapCheck.Result result) {
    return Json.object(
        "path", result.path().toString(),
        "verdict", result.verdict(),
        "roots", result.roots(),
        "findings", result.troubles().stream().map(Trouble::json).toList(),
        "bytes",
            result
                .sums()
                .map(
                    s ->
                        Json.object(
                            "used", s.used(),
                            "free", s.free(),
                            "reserved", s.reserved(),
                            "metadata", s.metadata(),
                            "blocks", s.blocks()))
                .orElse(null));
  }

  void print(HeapCheck.Result result) {
    line("%s: %s", Text.printable(result.path().toString()), result.verdict());
    result.sums().ifPresent(s -> printSums(s, result.roots()));
    List<Trouble> shown =
        result.troubles().stream()
            .sorted((a, b) -> b.severity().compareTo(a.severity()))
            .limit(most)
            .toList();
    for (int i = 0; i < shown.size(); i++) {
      print(shown.get(i));
      if (i + 1 == shown.size() || !advice(shown.get(i)).equals(advice(shown.get(i + 1)))) {
        line("      %s", advice(shown.get(i)));
      }
    }
    int more = result.troubles().size() - most;
    if (more > 0) {
      line("… and %d more: --most says how many to show", more);
    }
  }

  private void printSums(AllocatorCheck s, int roots) {
    line(
        "  %,d blocks with %s, %s free, %s of tables, %d roots",
        s.blocks(),
        Amounts.shortBytes(s.used()),
        Amounts.shortBytes(s.free()),
        Amounts.shortBytes(s.metadata()),
        roots);
  }

  private void print(Trouble t) {
    line(
        "  %s: %s%s: %s",
        t.severity(),
        Text.printable(t.where()),
        t.offset() < 0 ? "" : ", offset 0x" + Long.toHexString(t.offset()),
        Text.printable(t.found().replace('\n', ' ')));
  }

  /** What to say once below all findings in a row of which it is true. */
  private static String advice(Trouble t) {
    return t.meaning() + ". To do: " + Text.printable(t.mend());
  }
}
