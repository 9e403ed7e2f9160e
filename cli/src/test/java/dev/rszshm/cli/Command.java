package dev.rszshm.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the command, in this JVM or in one of its own. */
public final class Command {
  private static final long PATIENCE_SECONDS = 180;

  /** Flags of a JVM that ends before the second compiler, or code for system calls, would pay. */
  public static final List<String> SHORT_LIVED =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-Djnr.ffi.asm.enabled=false");

  private Command() {}

  /** What the command said, and its exit status. */
  public record Result(int status, String out, String err) {}

  /** Runs it in this JVM; what it starts runs in others. */
  public static Result run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            words,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Result(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Returns the command line of a JVM with these properties that runs a class of the tests. */
  public static List<String> java(Class<?> main, List<String> properties, String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(SHORT_LIVED);
    properties.forEach(property -> command.add("-D" + property));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(words));
    return command;
  }

  /**
   * Returns whether a process has a thread that has not ended. The first one may have ended, and
   * then shows as the state of the process, while others still have its files.
   */
  public static boolean isRunning(long pid) {
    try (var threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return threads.anyMatch(Command::isThreadRunning);
    } catch (IOException | UncheckedIOException gone) {
      return Files.exists(Path.of("/proc/" + pid + "/task"));
    }
  }

  private static boolean isThreadRunning(Path thread) {
    try {
      String stat = Files.readString(thread.resolve("stat"));
      char state = stat.charAt(stat.lastIndexOf(')') + 2);
      return state != 'Z' && state != 'X';
    } catch (IOException gone) {
      return false;
    }
  }

  /** Runs it in a JVM with these properties; its output goes to files in a directory. */
  public static Result fork(Path directory, List<String> properties, String... words)
      throws IOException, InterruptedException {
    List<String> command = java(Main.class, properties, words);
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new java.io.File("/dev/null"))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("still running: " + command);
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      process.destroyForcibly();
    }
  }
}
