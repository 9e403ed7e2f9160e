package dev.rszshm.heap.internal.os;

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
      return UnpackDirectory.with(loader);
    } catch (UnsupportedPlatformException e) {
      throw e;
    } catch (LinkageError | RuntimeException e) {
      throw explain(e);
    }
  }

  private static UnsupportedPlatformException explain(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    UnsupportedPlatformException explained =
        new UnsupportedPlatformException(
            "the native library of jnr-ffi could not be loaded ("
                + root.getClass().getSimpleName()
                + ": "
                + String.valueOf(root.getMessage()).lines().findFirst().orElse("")
                + "). "
                + advice(root));
    explained.initCause(failure);
    return explained;
  }

  private static String advice(Throwable root) {
    if (root instanceof NoClassDefFoundError || root instanceof ClassNotFoundException) {
      return "A class is missing: put all jars of jnr-ffi (jnr-ffi, jffi, jffi with the classifier"
          + " native, asm, jnr-a64asm, jnr-x86asm) on the class path, and run with the modules"
          + " java.logging and jdk.unsupported. On the module path, add them with --add-modules";
    }
    if (root instanceof IllegalCallerException) {
      return "The JVM does not allow native access: start it with"
          + " --enable-native-access=ALL-UNNAMED, or with the names of the modules that do it";
    }
    String directory =
        System.getProperty("jffi.extract.dir", System.getProperty("java.io.tmpdir", "/tmp"));
    return "It is unpacked into "
        + directory
        + " at each start: that directory must exist, be writable and not be mounted noexec, and"
        + " the JVM must allow native access. Name another with -Djffi.extract.dir=DIRECTORY or"
        + " -Djava.io.tmpdir=DIRECTORY";
  }
}
