package dev.rszshm.heap.internal.file;

import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.SystemCalls;
import java.nio.file.Path;
import java.util.Set;

/**
 * Writes the name of a heap to storage. What a file contains survives a loss of power without its
 * name, and is then of no use: the name is content of the directory, which is written apart.
 */
public final class NameSync {
  /** The name, or the directory, is not there any more; or the file system has no storage. */
  private static final Set<Integer> NOTHING_TO_WRITE =
      Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.EINVAL, Errno.EROFS);

  private NameSync() {}

  /**
   * Writes the entry of a heap in its directory, and that of the directory in its parent if it was
   * made for the heap.
   */
  public static void sync(SystemCalls calls, Path heap, boolean ownDirectory) {
    Path directory = heap.getParent();
    if (directory == null) {
      return; // the root of all has no name
    }
    sync(calls, heap, directory);
    Path parent = directory.getParent();
    if (ownDirectory && parent != null) {
      sync(calls, heap, parent);
    }
  }

  private static void sync(SystemCalls calls, Path heap, Path directory) {
    try {
      int descriptor = calls.open(directory.toString(), false, true);
      try {
        calls.syncFile(descriptor);
      } finally {
        calls.close(descriptor);
      }
    } catch (SystemCallException e) {
      if (e.errno() == Errno.EACCES || e.errno() == Errno.EPERM) {
        HeapAccessDeniedException denied =
            new HeapAccessDeniedException(
                heap
                    + " is written to storage, but its name may not survive a loss of power: "
                    + directory
                    + " cannot be opened for reading, so it cannot be flushed ("
                    + Errno.describe(e.errno())
                    + "). Flush the heap as its owner");
        denied.initCause(e);
        throw denied;
      }
      if (!NOTHING_TO_WRITE.contains(e.errno())) {
        throw e;
      }
    }
  }
}
