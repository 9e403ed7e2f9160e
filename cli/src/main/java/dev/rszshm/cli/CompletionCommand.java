package dev.rszshm.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rszshm completion}: lets a shell complete commands and options. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {"Prints a script for completion in bash or zsh.", ""},
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(rszshm completion)          # in ~/.bashrc; zsh needs compinit before",
      "  rszshm completion > /etc/bash_completion.d/rszshm"
    })
final class CompletionCommand implements Callable<Integer> {
  private final PrintStream out;

  @Spec private CommandSpec spec;

  CompletionCommand(PrintStream out, PrintStream err) {
    this.out = out;
  }

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    out.print(AutoComplete.bash("rszshm", root));
    out.flush();
    return 0;
  }
}
