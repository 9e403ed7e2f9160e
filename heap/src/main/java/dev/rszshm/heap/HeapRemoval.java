package dev.rszshm.heap;

import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.os.Errno;
import dev.rszshm.heap.os.FileStatus;
import dev.rszshm.heap.os.SystemCalls;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Removes the files of heaps, and only those. */
final class HeapRemoval {
  /** What {@link HeapBuilder#create()} makes; a plain file cannot say so itself. */
  private static final Pattern DEFAULT_DIRECTORY = Pattern.compile("rszshm_[A-Za-z0-9]{6}");

  private HeapRemoval() {}

  /** Removes a name if it leads to a file; returns whether it did. */
  static boolean unlink(SystemCalls calls, String path, FileStatus.Key key) {
    try {
      int descriptor = calls.open(path, false, false);
      boolean same;
      try {
        same = calls.status(descriptor).key().equals(key);
      } finally {
        calls.close(descriptor);
      }
      if (same) {
        calls.unlink(path);
      }
      return same;
    } catch (SystemCallException e) {
      switch (e.errno()) {
        case Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP -> {
          return false;
        }
        case Errno.EACCES, Errno.EPERM, Errno.EROFS, Errno.EBUSY -> {
          HeapAccessDeniedException denied =
              new HeapAccessDeniedException(
                  path + " may not be removed: " + Errno.describe(e.errno()));
          denied.initCause(e);
          throw denied;
        }
        default -> throw e;
      }
    }
  }

  /** Removes a directory that was made for a heap, unless it is gone or others use it. */
  static void removeDirectory(SystemCalls calls, Path directory) {
    try {
      calls.removeDirectory(directory.toString());
    } catch (SystemCallException e) {
      if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTEMPTY) {
        throw e;
      }
    }
  }

  /** Removes a heap by name, once it has shown to be one. */
  static void remove(Path path) {
    SystemCalls calls = SystemCalls.host();
    boolean ownDirectory;
    FileStatus.Key key;
    try (HeapFile file = HeapFile.open(calls, path, false, true)) {
      Header header = file.header(false);
      key = file.status().key();
      ownDirectory =
          header.generatedDirectory()
              || header.plain()
                  && path.getFileName().toString().equals("0")
                  && DEFAULT_DIRECTORY.matcher(path.getParent().getFileName().toString()).matches();
    }
    unlink(calls, path.toString(), key);
    if (ownDirectory) {
      removeDirectory(calls, path.getParent());
    }
  }
}
