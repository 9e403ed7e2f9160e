package dev.rszshm.cli;

import dev.rszshm.cli.file.FileTrouble;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rszshm man}: manual pages. */
@Command(
    name = "man",
    description = {
      "Writes manual pages, one for each command.",
      "",
      "They say what --help says: rszshm.1, rszshm-ls.1 and so on.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  rszshm man /usr/local/share/man/man1",
      "%nExit status: 0, or 1 if they cannot be written, or 2 for wrong arguments"
    })
final class ManCommand extends Subcommand {
  @Parameters(paramLabel = "DIRECTORY", description = "where to write them; is made if need be")
  private Path directory;

  @Spec private CommandSpec spec;

  ManCommand(PrintStream out, PrintStream err) {
    super(out, err);
  }

  @Override
  int run() {
    CommandLine root = spec.root().commandLine();
    if (directory.toString().isEmpty()) {
      return failed("output", "found an empty name, expected that of a directory, such as .");
    }
    try {
      Files.createDirectories(directory);
      write("rszshm", root);
      for (var command : root.getSubcommands().entrySet()) {
        write("rszshm-" + command.getKey(), command.getValue());
      }
      return 0;
    } catch (IOException e) {
      return failed(
          "output", "the pages could not be written: " + FileTrouble.inDirectory(directory, e));
    }
  }

  private void write(String name, CommandLine command) throws IOException {
    Path page = directory.resolve(name + ".1");
    Files.writeString(page, ManPage.of(name, command), StandardCharsets.UTF_8);
    if (json) {
      JsonLine.write(out, Json.object("page", page.toString()));
    }
  }
}
