package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rszshm.testkit.process.WorkerExit;
import dev.rszshm.testkit.process.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A C program of examples/c, compiled from its sources. */
record CPeer(Path program) {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Compiles the one that takes part; skips the test, and says so, without a C compiler. */
  static CPeer compile(Path directory) {
    return compile(directory, "rszshm_peer");
  }

  /** Compiles one of them; skips the test, and says so, without a C compiler. */
  static CPeer compile(Path directory, String name) {
    Path sources =
        Path.of(System.getProperty("dev.rszshm.root", "..")).resolve("examples/c").normalize();
    assumeTrue(exists("cc") && exists("make"), "skipped: there is no C compiler (cc, make) here");
    List<String> make =
        List.of("make", "-s", "-C", sources.toString(), "BUILD=" + directory.toAbsolutePath());
    try (WorkerProcess process = WorkerProcess.start(LIMIT, make)) {
      process.awaitSuccess();
    }
    return new CPeer(directory.resolve(name));
  }

  private static boolean exists(String name) {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (Files.isExecutable(Path.of(directory, name))) {
        return true;
      }
    }
    return false;
  }

  WorkerProcess start(Object... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return WorkerProcess.start(LIMIT, command);
  }

  /** Runs a command, which must succeed; returns the lines it printed. */
  List<String> run(Object... arguments) {
    try (WorkerProcess process = start(arguments)) {
      process.awaitSuccess();
      return process.heard();
    }
  }

  /** Runs a command that must be refused with a status; returns what it said. */
  String refuse(int status, Object... arguments) throws IOException {
    try (WorkerProcess process = start(arguments)) {
      assertEquals(new WorkerExit(status), process.await());
      return process.errors();
    }
  }
}
