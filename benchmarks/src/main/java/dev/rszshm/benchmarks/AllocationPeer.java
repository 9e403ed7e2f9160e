package dev.rszshm.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of those that are measured in turn: our allocator, or another.
 *
 * @param name as in the table
 * @param command of allocation.cpp, up to the kind of memory; empty for a JVM
 */
record AllocationPeer(String name, List<String> command) {
  static final String OURS = "ours";
  static final String MIMALLOC = "mimalloc";
  static final String JEMALLOC = "jemalloc";
  static final String GLIBC = "glibc";
  static final String BOOST = "Boost";
  static final String UNSAFE = "Unsafe";

  private static final List<Path> LIBRARIES =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu"),
          Path.of("/usr/lib/aarch64-linux-gnu"),
          Path.of("/usr/lib64"),
          Path.of("/usr/lib"),
          Path.of("/usr/local/lib"));

  /**
   * Those that can be measured, and what is missing for the others.
   *
   * @param others the names of those that were asked for, beside the ones that always are
   */
  record All(List<AllocationPeer> peers, List<String> others, List<String> missing) {
    /**
     * Finds them.
     *
     * @param preloads other libraries that take the place of malloc, each {@code name=file}
     */
    static All find(List<String> preloads) throws Exception {
      Path program = Project.allocationProgram();
      List<AllocationPeer> peers = new ArrayList<>();
      List<String> missing = new ArrayList<>();
      peers.add(new AllocationPeer(OURS, List.of()));
      preload(program, MIMALLOC, "libmimalloc.so", "libmimalloc-dev", peers, missing);
      preload(program, JEMALLOC, "libjemalloc.so", "libjemalloc2", peers, missing);
      peers.add(new AllocationPeer(GLIBC, List.of(program.toString(), "malloc")));
      peers.add(new AllocationPeer(UNSAFE, List.of()));
      if (kinds(program).contains("boost")) {
        peers.add(new AllocationPeer(BOOST, List.of(program.toString(), "boost")));
      } else {
        missing.add("Boost.Interprocess (package libboost-dev)");
      }
      List<String> others = new ArrayList<>();
      for (String preload : preloads) {
        int end = preload.indexOf('=');
        Path library = Path.of(preload.substring(end + 1));
        if (end < 1 || !Files.isRegularFile(library)) {
          throw new IllegalArgumentException(
              "--preload has \"" + preload + "\", expected name=file, a library that is there");
        }
        others.add(preload.substring(0, end));
        peers.add(preloaded(program, preload.substring(0, end), library));
      }
      return new All(List.copyOf(peers), List.copyOf(others), List.copyOf(missing));
    }

    private static AllocationPeer preloaded(Path program, String name, Path library) {
      String setting = "LD_PRELOAD=" + library.toAbsolutePath();
      return new AllocationPeer(name, List.of("env", setting, program.toString(), "malloc"));
    }

    private static void preload(
        Path program,
        String name,
        String library,
        String packageName,
        List<AllocationPeer> peers,
        List<String> missing)
        throws IOException {
      Optional<Path> found = library(library);
      if (found.isPresent()) {
        peers.add(preloaded(program, name, found.get()));
      } else {
        missing.add(name + " (package " + packageName + ")");
      }
    }

    private static String kinds(Path program) throws IOException {
      Process process = new ProcessBuilder(program.toString()).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The first library whose name begins so. */
    private static Optional<Path> library(String name) throws IOException {
      for (Path directory : LIBRARIES) {
        if (Files.isDirectory(directory)) {
          try (var files = Files.list(directory)) {
            Optional<Path> found =
                files
                    .filter(file -> file.getFileName().toString().startsWith(name))
                    .sorted()
                    .findFirst();
            if (found.isPresent()) {
              return found;
            }
          }
        }
      }
      return Optional.empty();
    }
  }

  /**
   * Starts members. Those of malloc are threads where blocks go from one to the other; those of
   * Unsafe always are.
   */
  AllocationGroup start(AllocationSetting setting) {
    if (command.isEmpty()) {
      return name.equals(UNSAFE)
          ? new JavaAllocations("unsafe", setting.asThreads())
          : new JavaAllocations("heap", setting);
    }
    return new CAllocations(this, hasProcesses(setting) ? setting : setting.asThreads());
  }

  /** Whether the members of a setting are processes here too. */
  boolean hasProcesses(AllocationSetting setting) {
    boolean handsOver = !setting.work().equals("churn");
    return setting.processes() && !name.equals(UNSAFE) && (isShared() || !handsOver);
  }

  /** Whether processes can hand blocks to each other. */
  boolean isShared() {
    return name.equals(OURS) || name.equals(BOOST);
  }
}
