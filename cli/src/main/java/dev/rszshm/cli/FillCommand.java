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
    abbreviateSynopsis = true,
    description = {
      "Lets worker JVMs fill a heap together: a demonstration.",
      "It grows as they go, and each byte must have been written exactly once. It is"
          + " removed at the end.",
    },
    footer = {
      "Numbers may end in K, M, G or T. Examples:",
      "  rszshm fill --workers 2 --bytes 1G --claim 64",
      "  rszshm fill --input \"$JAVA_HOME/lib/modules\" --json",
      "Exit status: 0 every byte is right, 1 a worker died or bytes are missing,",
      "2 the arguments cannot be used, 130 interrupted, 143 ended by SIGTERM.",
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
