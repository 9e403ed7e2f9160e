package dev.rszshm.cli;

import dev.rszshm.cli.file.HeapFiles;
import dev.rszshm.cli.file.HeapSummary;
import dev.rszshm.cli.file.HeapSummary.State;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.NoSuchHeapException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code rszshm reap}: removes heaps that nobody uses. */
@Command(
    name = "reap",
    description = {
      "Removes heaps that nobody uses. It asks before.",
      "",
      "Nobody is attached for writing, or only processes that have died. What somebody keeps for"
          + " later looks the same. Plain files and damaged heaps stay. Who reads cannot be seen, and"
          + " goes on with what it has.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm reap --older-than 2d --dry-run",
      "%nExit status:%n  0  done, or there was nothing to do, or the answer was no",
      "  1  a heap could not be removed; the others were",
      "  2  wrong arguments, or nobody there to ask: say --yes"
    })
final class ReapCommand extends Subcommand {
  @Parameters(
      paramLabel = "DIRECTORY",
      arity = "0..*",
      description = "where to look, and one level below (default: /dev/shm)")
  private List<Path> directories = List.of(HeapFiles.SHARED_MEMORY);

  @Option(names = "--yes", description = "do not ask")
  private boolean yes;

  @Option(names = "--dry-run", description = "say what would be removed, and remove nothing")
  private boolean dryRun;

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      converter = Age.class,
      description = "only those made so long ago: 90s, 30m, 12h, 2d")
  private Duration olderThan = Duration.ZERO;

  ReapCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    List<HeapSummary> unused = new ArrayList<>();
    for (Path directory : directories) {
      if (!Files.isDirectory(directory)) {
        return failed("no-directory", directory + " is no directory that can be read");
      }
      HeapFiles.in(directory, new ArrayList<>()).stream()
          .map(HeapSummary::of)
          .flatMap(Optional::stream)
          .filter(this::isToGo)
          .forEach(unused::add);
    }
    if (unused.isEmpty()) {
      if (!json) {
        line("nothing to remove");
      }
      return 0;
    }
    boolean asks = !yes && !dryRun;
    if (asks && json) {
      throw CommandException.usage("with --json nobody is asked: say --yes or --dry-run");
    }
    if (!json && (dryRun || asks)) {
      unused.forEach(heap -> line("%s  %s", Text.printable(heap.path().toString()), size(heap)));
    }
    if (asks && !isConfirmed(unused.size())) {
      line("nothing was removed");
      return 0;
    }
    int status = 0;
    for (HeapSummary heap : unused) {
      status = Math.max(status, remove(heap));
    }
    return status;
  }

  private static String size(HeapSummary heap) {
    return Amounts.shortBytes(heap.memory()) + ", made " + Text.age(heap.created()) + " ago";
  }

  private boolean isToGo(HeapSummary heap) {
    boolean old = Duration.between(heap.created(), Instant.now()).compareTo(olderThan) >= 0;
    return old && heap.state() == State.UNUSED;
  }

  private boolean isConfirmed(int count) {
    out.print("Remove " + (count == 1 ? "this heap" : "these " + count + " heaps") + "? [y/N] ");
    out.flush();
    try {
      String answer =
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
      if (answer == null) {
        throw CommandException.usage("nobody is there to answer: say --yes or --dry-run");
      }
      return answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    } catch (IOException e) {
      throw CommandException.usage("the answer could not be read: say --yes or --dry-run");
    }
  }

  private int remove(HeapSummary heap) {
    try {
      // Somebody may have come since.
      boolean still = HeapSummary.of(heap.path()).filter(this::isToGo).isPresent();
      if (still && !dryRun) {
        Heap.remove(heap.path());
      }
      if (json) {
        JsonLine.write(
            out,
            Json.object(
                "path",
                heap.path().toString(),
                "removed",
                still && !dryRun,
                "wouldBeRemoved",
                still && dryRun,
                "memory",
                heap.memory()));
      } else if (!dryRun) {
        line(still ? "removed %s" : "%s is in use now", Text.printable(heap.path().toString()));
      }
      return 0;
    } catch (NoSuchHeapException e) {
      return 0; // somebody else has removed it
    } catch (HeapException e) {
      return failed(e.kind(), e.getMessage());
    }
  }

  /** Reads how long ago something was. */
  static final class Age implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      if (!text.matches("\\d{1,9}[smhd]")) {
        throw new TypeConversionException(
            "'" + text + "' is no age: say a number and s, m, h or d, such as 12h");
      }
      long number = Long.parseLong(text.substring(0, text.length() - 1));
      return switch (text.charAt(text.length() - 1)) {
        case 's' -> Duration.ofSeconds(number);
        case 'm' -> Duration.ofMinutes(number);
        case 'h' -> Duration.ofHours(number);
        default -> Duration.ofDays(number);
      };
    }
  }
}
