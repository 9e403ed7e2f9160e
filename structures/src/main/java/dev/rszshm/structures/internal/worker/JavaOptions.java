package dev.rszshm.structures.internal.worker;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A JVM to be started.
 *
 * @param home the directory of its JDK
 * @param classPath as after {@code -cp}; may be empty
 * @param modulePath as after {@code -p}; may be empty
 * @param maximumHeap as after {@code -Xmx}, in bytes; 0 for the JVM's own choice
 * @param flags more flags
 * @param cache where what starts fast is kept, or "off"; empty for the default
 */
public record JavaOptions(
    Path home,
    String classPath,
    String modulePath,
    long maximumHeap,
    List<String> flags,
    Optional<String> cache) {
  private static final long SMALLEST_HEAP = 2L << 20;

  /** Copies the list, and makes paths independent of the directory in which the JVM is started. */
  public JavaOptions {
    home = home.toAbsolutePath();
    classPath = absolute(classPath);
    modulePath = absolute(modulePath);
    flags = List.copyOf(flags);
  }

  private static String absolute(String path) {
    if (path.isEmpty()) {
      return path;
    }
    return Stream.of(path.split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Returns a JVM like this one, with its defaults. */
  public static JavaOptions ofThisJvm() {
    return new JavaOptions(
        Path.of(System.getProperty("java.home")),
        System.getProperty("java.class.path", ""),
        System.getProperty("jdk.module.path", ""),
        0,
        List.of(),
        Optional.empty());
  }

  /** Returns one of another JDK. */
  public JavaOptions withHome(Path newHome) {
    return new JavaOptions(newHome, classPath, modulePath, maximumHeap, flags, cache);
  }

  /** Returns one with another class path. */
  public JavaOptions withClassPath(String newClassPath) {
    return new JavaOptions(home, newClassPath, modulePath, maximumHeap, flags, cache);
  }

  /** Returns one with another module path. */
  public JavaOptions withModulePath(String newModulePath) {
    return new JavaOptions(home, classPath, newModulePath, maximumHeap, flags, cache);
  }

  /** Returns one with another limit of its heap. */
  public JavaOptions withMaximumHeap(long bytes) {
    if (bytes < SMALLEST_HEAP) {
      throw new IllegalArgumentException(
          "found a maximum heap of " + bytes + " bytes, expected " + SMALLEST_HEAP + " or more");
    }
    return new JavaOptions(home, classPath, modulePath, bytes, flags, cache);
  }

  /** Returns one with other flags. */
  public JavaOptions withFlags(List<String> newFlags) {
    return new JavaOptions(home, classPath, modulePath, maximumHeap, newFlags, cache);
  }

  /** Returns one with another cache. */
  public JavaOptions withCache(String newCache) {
    return new JavaOptions(home, classPath, modulePath, maximumHeap, flags, Optional.of(newCache));
  }

  /** Returns the file of its launcher. */
  Path launcher() {
    return home.resolve("bin").resolve("java");
  }
}
