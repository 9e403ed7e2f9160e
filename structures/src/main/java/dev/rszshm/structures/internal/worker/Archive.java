package dev.rszshm.structures.internal.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An archive of the classes of a JDK and of some jars; see {@link StartCache}.
 *
 * @param file where it is, or will be
 * @param feature the version of the JDK
 */
record Archive(Path file, int feature) {
  private static final int AHEAD_OF_TIME_SINCE = 25;
  private static final List<String> USE_FLAGS = List.of("-XX:SharedArchiveFile=", "-XX:AOTCache=");
  private static final Duration RETRY = Duration.ofDays(1);
  private static final long FNV_START = 0xcbf29ce484222325L;
  private static final long FNV_FACTOR = 0x100000001b3L;

  /** Returns the one for a JDK and some jars; empty if one of them cannot be looked at. */
  static Optional<Archive> of(Path directory, Path home, List<String> jars) {
    try {
      StringBuilder names = new StringBuilder();
      describe(home.resolve("lib").resolve("modules").toRealPath(), names);
      describe(home.resolve("release").toRealPath(), names);
      for (String jar : jars) {
        describe(Path.of(jar), names);
      }
      int feature = Jdks.feature(home);
      String suffix = isAheadOfTime(feature) ? ".aot" : ".jsa";
      return Optional.of(new Archive(directory.resolve(hash(names) + suffix), feature));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static void describe(Path file, StringBuilder into) throws IOException {
    into.append(file).append(' ').append(state(file)).append('\n');
  }

  /** Length and time of change. */
  private static String state(Path file) throws IOException {
    return Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis();
  }

  private static String hash(CharSequence text) {
    long hash = FNV_START;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_FACTOR;
    }
    return Long.toHexString(hash);
  }

  private static boolean isAheadOfTime(int feature) {
    return feature >= AHEAD_OF_TIME_SINCE;
  }

  /** Whether it is there, as it was made. */
  boolean isUsable() {
    try {
      return Files.isRegularFile(file)
          && CacheDirectory.isOwn(file)
          && Files.readString(made()).equals(state(file));
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /** Says that it is not to be used: a JVM that did has crashed. */
  static void distrust(List<String> command) {
    for (String word : command) {
      if (USE_FLAGS.stream().anyMatch(word::startsWith)) {
        try {
          Path file = Path.of(word.substring(word.indexOf('=') + 1));
          Archive archive = new Archive(file, 0);
          if (Files.exists(archive.beside(".tried"))) {
            Files.deleteIfExists(archive.made());
          }
        } catch (IOException | RuntimeException e) {
          return; // not one of ours
        }
      }
    }
  }

  /** Whether nobody has tried to make it for some time. */
  boolean isDue() {
    try {
      long tried = Files.getLastModifiedTime(beside(".tried")).toMillis();
      return System.currentTimeMillis() - tried > RETRY.toMillis();
    } catch (IOException never) {
      return true;
    }
  }

  /** Says that it is made now. */
  void noteTrial() throws IOException {
    StartCache.write(beside(".tried"), "");
  }

  /** Says that the file, which was just made, is whole. */
  void noteMade() throws IOException {
    StartCache.write(made(), state(file));
  }

  /** The directory in which it is. */
  Path directory() {
    return Objects.requireNonNull(file.getParent());
  }

  private Path made() {
    return beside(".made");
  }

  /** A file of the same name with another suffix. */
  Path beside(String suffix) {
    String name = file.getFileName().toString();
    return file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + suffix);
  }

  /** The flag of a JVM that uses it. */
  String useFlag() {
    return USE_FLAGS.get(isAheadOfTime(feature) ? 1 : 0) + file;
  }

  /** The flag of a JVM that makes it, under another name. */
  String makeFlag(Path target) {
    return (isAheadOfTime(feature) ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + target;
  }
}
