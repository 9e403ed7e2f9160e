package dev.rszshm.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rszshm completion}: lets a shell complete commands and options. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {"Prints a script for completion in bash, zsh or fish.", ""},
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(rszshm completion)          # in ~/.bashrc; zsh needs compinit before",
      "  rszshm completion > /etc/bash_completion.d/rszshm",
      "  rszshm completion fish > ~/.config/fish/completions/rszshm.fish"
    })
final class CompletionCommand implements Callable<Integer> {
  /** The shells that there is a script for. */
  private enum Shell {
    BASH,
    ZSH,
    FISH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final PrintStream out;

  @Parameters(
      arity = "0..1",
      paramLabel = "SHELL",
      description = "${COMPLETION-CANDIDATES} (default: bash, which is for zsh as well)")
  private Shell shell = Shell.BASH;

  @Spec private CommandSpec spec;

  CompletionCommand(PrintStream out, PrintStream err) {
    this.out = out;
  }

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    out.print(
        shell == Shell.FISH
            ? FishCompletion.of("rszshm", root)
            : AutoComplete.bash("rszshm", root));
    out.flush();
    return 0;
  }
}
