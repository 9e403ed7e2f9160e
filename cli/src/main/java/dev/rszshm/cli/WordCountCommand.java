package dev.rszshm.cli;

import dev.rszshm.cli.wordcount.WordCountReport;
import dev.rszshm.cli.wordcount.WordCountRun;
import dev.rszshm.cli.wordcount.WordCountTask;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rszshm wordcount}: the command line of {@link WordCountRun}. */
@Command(
    name = "wordcount",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    description = {
      "Lets worker processes count the words of files.",
      "",
      "Each worker is a JVM. It claims the next block of the files and counts its words. A worker"
          + " that is killed costs nothing: others count what it left, each word once."
          + " A word is a run of letters and decimal digits of Unicode, in lower case. The files"
          + " are UTF-8; bytes that are not separate words.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  rszshm wordcount /usr/share/common-licenses/*",
      "  rszshm wordcount --workers 4 --top 100 --json book.txt",
      "%nExit status:",
      "  0    the words are counted",
      "  1    a file cannot be read any more, or a worker failed",
      "  2    the arguments cannot be used",
      "  130  interrupted (143: ended by SIGTERM)"
    })
final class WordCountCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "worker processes, 1 to 94 (default: one for each processor)")
  private int workers = Math.min(94, Runtime.getRuntime().availableProcessors());

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "how many of the most frequent words to tell (default: 20)")
  private int top = 20;

  @Option(names = "--json", description = "report as one line of JSON; errors as well")
  private boolean json;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "the files")
  private List<String> files = new ArrayList<>();

  WordCountCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    WordCountRun.run(WordCountTask.of(files, workers, top), new WordCountReport(out, err, json));
    return 0;
  }
}
