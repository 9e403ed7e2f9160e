package dev.rszshm.heap.internal.os;

import dev.rszshm.heap.errors.UnsupportedPlatformException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Where the native part of jnr-ffi lies while it is loaded. jffi by itself makes a file in the
 * directory for temporary files with whatever permissions the umask leaves, and tries the current
 * directory if that fails. So it is given a new directory that is this user's alone, unless the
 * user has named a place.
 */
final class UnpackDirectory {
  /** What jffi reads when its first class is used. */
  private static final String PLACE = "jffi.extract.dir";

  private static final String UNPACKED = "jffi.boot.library.path";
  private static final int WRITABLE_FOR_ALL = 0002;
  private static final int STICKY = 01000;

  private UnpackDirectory() {}

  /**
   * Runs what loads the library.
   *
   * @throws UnsupportedPlatformException if everybody could put a directory of theirs in the place
   *     of the one that is made
   */
  static <T> T with(Supplier<T> loader) {
    if (System.getProperty(PLACE) != null || System.getProperty(UNPACKED) != null) {
      return loader.get();
    }
    Path directory = make(Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
    System.setProperty(PLACE, directory.toString());
    try {
      return loader.get();
    } finally {
      System.clearProperty(PLACE);
      remove(directory);
    }
  }

  private static Path make(Path parent) {
    try {
      requireSafe(parent.toRealPath());
      return Files.createTempDirectory(parent, "rszshm-jffi"); // for this user only
    } catch (IOException e) {
      throw new UncheckedIOException(e.toString(), e);
    }
  }

  private static void requireSafe(Path parent) throws IOException {
    if (!parent.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return;
    }
    for (Path place = parent; place != null; place = place.getParent()) {
      int mode = (int) Files.getAttribute(place, "unix:mode");
      if ((mode & WRITABLE_FOR_ALL) != 0 && (mode & STICKY) == 0) {
        throw new UnsupportedPlatformException(
            "the native library of jnr-ffi is not unpacked in "
                + parent
                + ", because everybody may rename what is in "
                + place
                + ": chmod +t "
                + place
                + ", or name another directory with -Djffi.extract.dir=DIRECTORY");
      }
    }
  }

  /** jffi removes what it has unpacked, unless it failed. */
  private static void remove(Path directory) {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      directory.toFile().deleteOnExit(); // it is in nobody's way
    }
  }
}
