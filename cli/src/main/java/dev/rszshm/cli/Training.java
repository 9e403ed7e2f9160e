package dev.rszshm.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs the command in its usual ways. The launcher lets a JVM do this once and keep the classes it
 * has loaded in an archive, from which later ones start faster. The archive of the workers is that
 * of the last one, which is a pool's: it loads most.
 */
public final class Training {
  private Training() {}

  /** Runs a few commands, says nothing, leaves nothing behind, ends the JVM. */
  public static void main(String[] words) throws IOException {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Path directory = Files.createTempDirectory("rszshm");
    String heap = directory.resolve("heap").toString();
    Path text = Files.writeString(directory.resolve("text"), "some words, some \u00c4\u00d6\u00dc");
    int status =
        run(nowhere, "fill", "--workers", "1", "--bytes", "8K", "--keep", "--path", heap)
            + run(nowhere, "info", heap)
            + run(nowhere, "info", "--json", heap)
            + run(nowhere, "rm", heap)
            + run(nowhere, "create", "--span", "16M", heap)
            + run(nowhere, "roots", heap)
            + run(nowhere, "check", heap)
            + run(nowhere, "map", heap)
            + run(nowhere, "ls", "--json", directory.toString())
            + run(nowhere, "rm", heap)
            + run(nowhere, "fill", "--workers", "1", "--bytes", "8K", "--json")
            + run(nowhere, "wordcount", "--workers", "1", text.toString());
    Files.delete(text);
    Files.deleteIfExists(directory);
    System.exit(status);
  }

  private static int run(PrintStream nowhere, String... words) {
    return Main.run(words, nowhere, nowhere);
  }
}
