package dev.rszshm.testkit.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An installed JDK.
 *
 * @param home its directory
 * @param feature its version: 17, 21, 25
 */
public record Jdk(Path home, int feature) {
  private static final Path INSTALLED = Path.of("/usr/lib/jvm");
  private static final int NATIVE_ACCESS_SINCE = 24;
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** The one that runs this. */
  public static Jdk current() {
    return new Jdk(Path.of(System.getProperty("java.home")), Runtime.version().feature());
  }

  /** One of each version from 17 up that is installed in the usual place, and the current one. */
  public static List<Jdk> installed() {
    TreeMap<Integer, Jdk> found = new TreeMap<>();
    if (Files.isDirectory(INSTALLED)) {
      try (Stream<Path> homes = Files.list(INSTALLED)) {
        homes.sorted().forEach(home -> add(found, home));
      } catch (IOException e) {
        throw new WorkerError("cannot list " + INSTALLED, e);
      }
    }
    Jdk current = current();
    found.put(current.feature(), current);
    return new ArrayList<>(found.tailMap(17).values());
  }

  private static void add(TreeMap<Integer, Jdk> found, Path home) {
    Path release = home.resolve("release");
    if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(release)) {
      return;
    }
    try {
      for (String line : Files.readAllLines(release, StandardCharsets.UTF_8)) {
        if (line.startsWith("JAVA_VERSION=")) {
          String version = line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'));
          int feature = Integer.parseInt(version.split("[.+-]")[0]);
          found.putIfAbsent(feature, new Jdk(home, feature));
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new WorkerError("cannot read " + release, e);
    }
  }

  /** Its launcher. */
  public Path java() {
    return home.resolve("bin/java");
  }

  /** The flag that it wants for native calls, if any. */
  public List<String> nativeAccess() {
    return feature >= NATIVE_ACCESS_SINCE
        ? List.of("--enable-native-access=ALL-UNNAMED")
        : List.of();
  }

  /** Whether it starts with these flags; a JVM says no by ending. */
  public boolean starts(List<String> flags) {
    List<String> command = new ArrayList<>(List.of(java().toString()));
    command.add("-XX:+ErrorFileToStderr");
    command.addAll(flags);
    command.add("-version");
    try (WorkerProcess java = WorkerProcess.start(LIMIT, command)) {
      return java.await().isSuccess();
    }
  }

  @Override
  public String toString() {
    return "JDK " + feature;
  }
}
