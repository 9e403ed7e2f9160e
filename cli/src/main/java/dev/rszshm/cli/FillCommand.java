package dev.rszshm.cli;

import dev.rszshm.cli.fill.FillJson;
import dev.rszshm.cli.fill.FillOptions;
import dev.rszshm.cli.fill.FillReport;
import dev.rszshm.cli.fill.FillRun;
import dev.rszshm.cli.fill.FillTask;
import dev.rszshm.cli.fill.FillText;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rszshm fill}: the command line of {@link FillRun}. */
@Command(
    name = "fill",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    description = {
      "Lets processes fill a heap together: a demonstration.",
      "",
      "Every byte is verified. Each worker is a JVM. It claims the next bytes with an atomic counter that all share, grows"
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

  @Mixin private FillOptions options = new FillOptions();

  @Option(names = "--json", description = "report as one line of JSON; errors as well")
  private boolean json;

  FillCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    FillReport report = json ? new FillJson(out, err) : new FillText(out, err);
    return FillRun.run(FillTask.of(options), report) ? 0 : CommandException.FAILED;
  }
}
