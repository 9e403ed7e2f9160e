package dev.rszshm.heap.os;

import dev.rszshm.heap.errors.UnsupportedPlatformException;
import java.util.function.Supplier;

/** Loads the native side of jnr-ffi, and explains what to do when it will not load. */
final class NativeLibrary {
  private NativeLibrary() {}

  /**
   * Runs a loader.
   *
   * @throws UnsupportedPlatformException naming the likely cause and its cure, if it fails
   */
  static <T> T load(Supplier<T> loader) {
    try {
      return loader.get();
    } catch (LinkageError | RuntimeException e) {
      throw explain(e);
    }
  }

  private static UnsupportedPlatformException explain(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String directory =
        System.getProperty("jffi.extract.dir", System.getProperty("java.io.tmpdir", "/tmp"));
    UnsupportedPlatformException explained =
        new UnsupportedPlatformException(
            "the native library of jnr-ffi could not be loaded ("
                + String.valueOf(root.getMessage()).lines().findFirst().orElse("")
                + "). It is unpacked into "
                + directory
                + " at each start: that directory must exist, be writable and not be mounted"
                + " noexec. Name another with -Djffi.extract.dir=DIRECTORY or"
                + " -Djava.io.tmpdir=DIRECTORY");
    explained.initCause(failure);
    return explained;
  }
}
