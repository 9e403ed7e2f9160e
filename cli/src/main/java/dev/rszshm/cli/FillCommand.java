package dev.rszshm.cli;

import dev.rszshm.cli.fill.FillJson;
import dev.rszshm.cli.fill.FillOptions;
import dev.rszshm.cli.fill.FillReport;
import dev.rszshm.cli.fill.FillRun;
import dev.rszshm.cli.fill.FillTask;
import dev.rszshm.cli.fill.FillText;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code rszshm fill}: the command line of {@link FillRun}. */
@Command(
    name = "fill",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    description = {
      "Lets worker processes fill one heap together, and verifies every byte.",
      "",
      "Each worker is a JVM. It claims the next bytes with an atomic counter that all share, grows"
          + " the heap if need be, and writes its letter: every byte must be written exactly once."
          + " With --input the bytes are those of a file. The heap is removed at the end, unless it"
          + " is to be kept; an interrupted fill is always removed.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  rszshm fill",
      "  rszshm fill --workers 2 --bytes 1G --claim 64",
      "  rszshm fill --plain --keep --path /dev/shm/demo",
      "  rszshm fill --input \"$JAVA_HOME/lib/modules\" --json",
      "%nNumbers may end in K, M, G or T for powers of 1024.",
      "%nExit status:",
      "  0    every byte is right",
      "  1    a worker died or failed, or bytes are missing",
      "  2    the arguments cannot be used",
      "  130  interrupted (143: ended by SIGTERM)"
    })
final class FillCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;

  @Option(
      names = "--workers",
      paramLabel = "N",
      converter = Amount.class,
      description = "worker processes, 1 to 94 (default: 8)")
  private Long workers;

  @Option(
      names = "--bytes",
      paramLabel = "N",
      converter = Amount.class,
      description = "bytes to fill (default: 4194276)")
  private Long bytes;

  @Option(
      names = "--claim",
      paramLabel = "N",
      converter = Amount.class,
      description = "bytes claimed at a time (default: 1; with --input 1M)")
  private Long claim;

  @Option(
      names = "--busy",
      description = "make a system call for each byte, as the example of ccan's rszshm does")
  private boolean busy;

  @Option(
      names = "--initial",
      paramLabel = "N",
      converter = Amount.class,
      description = "bytes the heap begins with (default: 4096)")
  private Long initial;

  @Option(
      names = "--path",
      paramLabel = "FILE",
      description =
          "where to make the heap; must not exist. A directory or file name that ends in XXXXXX"
              + " stands for an unused one (default: /dev/shm/rszshm_XXXXXX/0)")
  private Path path;

  @Option(
      names = "--plain",
      description = "make a file as ccan's rszshm does: the bytes follow 28 bytes of header")
  private boolean plain;

  @Option(names = "--keep", description = "keep the heap")
  private boolean keep;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "load a file instead, and compare SHA-256 of the heap and the file")
  private String input;

  @Option(names = "--repair", description = "write what workers that died have left")
  private boolean repair;

  @Option(names = "--json", description = "report as one line of JSON; errors as well")
  private boolean json;

  FillCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    FillOptions options = new FillOptions();
    options.workers = workers;
    options.bytes = bytes;
    options.claim = claim;
    options.initial = initial;
    options.path = path;
    options.input = input;
    options.plain = plain;
    options.busy = busy;
    options.keep = keep;
    options.repair = repair;
    FillReport report = json ? new FillJson(out, err) : new FillText(out, err);
    return FillRun.run(FillTask.of(options), report) ? 0 : CommandException.FAILED;
  }

  /** Reads a number. */
  static final class Amount implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return Amounts.parse(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException(
            "'" + text + "' is not a whole number below 2^63; it may end in K, M, G or T");
      }
    }
  }
}
