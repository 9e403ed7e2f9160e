package dev.rszshm.structures.internal.worker;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The directory of this user in which the next start finds what an earlier one has made: {@code
 * rszshm} in {@code XDG_CACHE_HOME} or {@code ~/.cache}, else one in the directory for temporary
 * files. What lies there is code that a JVM runs, so nobody else may be able to write there, nor to
 * put another directory in its place: it and all above it belong to this user or to root, and
 * others cannot write them, except as in {@code /tmp}, where only the owner removes a file.
 */
final class CacheDirectory {
  /** The system property that names another directory, or is "off". */
  static final String PROPERTY = "dev.rszshm.worker.cache";

  /** What the property is where nothing shall be kept. */
  static final String OFF = "off";

  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final int WRITABLE_BY_OTHERS = 022;
  private static final int STICKY = 01000;

  private CacheDirectory() {}

  /**
   * Finds or makes it.
   *
   * @param asked a directory, {@link #OFF}, or empty for the default
   * @return empty if there is none that is safe
   */
  static Optional<Path> find(String asked, Map<String, String> environment) {
    if (asked.equals(OFF)) {
      return Optional.empty();
    }
    if (!asked.isEmpty()) {
      return prepared(Path.of(asked));
    }
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path home = Path.of(System.getProperty("user.home", ""));
    Path caches = xdg.startsWith("/") ? Path.of(xdg) : home.resolve(".cache");
    Optional<Path> found =
        caches.isAbsolute() ? prepared(caches.resolve("rszshm")) : Optional.empty();
    return found.or(() -> prepared(temporary()));
  }

  private static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"), "rszshm-" + user());
  }

  private static Optional<Path> prepared(Path directory) {
    try {
      Path parent = directory.toAbsolutePath().getParent();
      if (parent == null) {
        return Optional.empty();
      }
      if (!Files.isDirectory(parent)) {
        Files.createDirectories(parent, PRIVATE);
      }
      try {
        Files.createDirectory(directory, PRIVATE);
      } catch (FileAlreadyExistsException there) {
        // Whose it is, is looked at next.
      }
      Path real = directory.toRealPath();
      boolean usable =
          Files.isDirectory(real) && isOwn(real) && isSafe(real) && Files.isWritable(real);
      return usable ? Optional.of(real) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Makes a directory for this user only, unless it is there. */
  static void make(Path directory) throws IOException {
    Files.createDirectories(directory, PRIVATE);
  }

  /** Takes a file that others could read or write from them. */
  static void close(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
  }

  /** Whether a file or directory belongs to this user, and nobody else may write it. */
  static boolean isOwn(Path path) throws IOException {
    return uid(path) == user() && (mode(path) & WRITABLE_BY_OTHERS) == 0;
  }

  private static boolean isSafe(Path directory) throws IOException {
    for (Path up = directory; up != null; up = up.getParent()) {
      int mode = mode(up);
      int owner = uid(up);
      boolean closed = (mode & WRITABLE_BY_OTHERS) == 0 || (mode & STICKY) != 0;
      if (!closed || (owner != 0 && owner != user())) {
        return false;
      }
    }
    return true;
  }

  private static int mode(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
  }

  private static int uid(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  /** The user id of this process; that of nobody if /proc does not say. */
  private static int user() {
    try {
      return uid(Path.of("/proc/self/stat"));
    } catch (IOException | RuntimeException e) {
      return -1;
    }
  }
}
