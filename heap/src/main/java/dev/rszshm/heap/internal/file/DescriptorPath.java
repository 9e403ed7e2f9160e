package dev.rszshm.heap.internal.file;

import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Names of open files. */
public final class DescriptorPath {
  private static final String IN_MEMORY = "/memfd:";

  private DescriptorPath() {}

  /** The link of this process to a file that it has open, which others may open too. */
  public static Path of(int descriptor) {
    return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor);
  }

  /** The same for this process alone, whatever its number is in the namespace of {@code /proc}. */
  static Path own(int descriptor) {
    return Path.of("/proc/self/fd/" + descriptor);
  }

  /**
   * The name of an open file: the one it has in a directory, if it has one that leads to it here;
   * else the link of this process.
   */
  static String nameOf(SystemCalls calls, int descriptor) {
    Path link = of(descriptor);
    try {
      Path target = Files.readSymbolicLink(own(descriptor));
      // A name of another mount namespace may lead here to anything, which opening would touch.
      if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
          && HeapRemoval.keyOf(calls, target.toString()).equals(calls.status(descriptor).key())) {
        return target.toString();
      }
    } catch (IOException | InvalidPathException | SystemCallException e) {
      return link.toString();
    }
    return link.toString();
  }

  /** Whether a file lives in memory only: those can be sealed, and no other. */
  public static boolean isInMemory(int descriptor) {
    try {
      return Files.readSymbolicLink(own(descriptor)).toString().startsWith(IN_MEMORY);
    } catch (IOException | InvalidPathException e) {
      return true; // a name that this JVM cannot read is not trusted
    }
  }
}
