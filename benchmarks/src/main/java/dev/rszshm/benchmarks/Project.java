package dev.rszshm.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The directory of the project, and the C programs that are built from it. */
final class Project {
  private static final Set<List<String>> COMPILED = new HashSet<>();

  private Project() {}

  /** The root, which {@code benchmarks/run} and the tests name. */
  static Path root() {
    String root = System.getProperty("dev.rszshm.root");
    if (root == null) {
      throw new IllegalStateException(
          "the directory of the project is not known: start this with benchmarks/run");
    }
    return Path.of(root).toAbsolutePath().normalize();
  }

  static Path target() throws IOException {
    return Files.createDirectories(root().resolve("benchmarks/target"));
  }

  static boolean hasCompiler() throws Exception {
    return has("cc");
  }

  /** Whether C++ can be compiled. */
  static boolean hasCxxCompiler() throws Exception {
    return has("c++");
  }

  private static boolean has(String command) throws Exception {
    return new ProcessBuilder("sh", "-c", "command -v " + command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  /** Compiles the comparator of the benchmark {@code claim}. */
  static Path claimProgram() throws Exception {
    return compile("claim", List.of(root().resolve("benchmarks/c/claim.c")));
  }

  /** Compiles the comparator of the benchmark {@code allocator}. */
  static Path allocationProgram() throws Exception {
    Path program = target().resolve("allocation");
    compileOnce(
        List.of(
            "c++",
            "-std=c++17",
            "-O2",
            "-Wall",
            "-Wextra",
            // A pair of malloc and free must not be left out.
            "-fno-builtin",
            "-pthread",
            "-o",
            program.toString(),
            root().resolve("benchmarks/c/allocation.cpp").toString(),
            "-lrt"));
    return program;
  }

  /** Compiles the comparators of the benchmark {@code sync}. */
  static Path syncProgram() throws Exception {
    return compile("sync", List.of(root().resolve("benchmarks/c/sync.c")));
  }

  /** Compiles the comparators of the benchmark {@code channels}. */
  static Path channelProgram() throws Exception {
    return compile("channel", List.of(root().resolve("benchmarks/c/channel.c")));
  }

  /** The memory that a file takes. */
  static long allocatedBytes(Path path) throws Exception {
    Process process = new ProcessBuilder("stat", "-c", "%b", path.toString()).start();
    return 512
        * Long.parseLong(
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
  }

  /** Compiles the C program that takes part in a fill. */
  static Path peerProgram() throws Exception {
    List<Path> sources = new ArrayList<>();
    try (var files = Files.newDirectoryStream(root().resolve("examples/c"), "*.c")) {
      files.forEach(sources::add);
    }
    return compile("rszshm_peer", sources);
  }

  private static Path compile(String name, List<Path> sources) throws Exception {
    Path program = target().resolve(name);
    List<String> command =
        new ArrayList<>(
            List.of(
                "cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-D_GNU_SOURCE", "-pthread", "-o"));
    command.add(program.toString());
    sources.forEach(source -> command.add(source.toString()));
    compileOnce(command);
    return program;
  }

  /** Compiles what this JVM has not compiled yet: that takes longer than many a measurement. */
  private static synchronized void compileOnce(List<String> command) throws Exception {
    if (COMPILED.contains(command)) {
      return;
    }
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IllegalStateException(
          "status " + status + " of " + String.join(" ", command) + ": is a compiler there?");
    }
    COMPILED.add(List.copyOf(command));
  }
}
