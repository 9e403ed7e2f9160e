package dev.rszshm.heap.internal.file;

import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.FileStatus;
import dev.rszshm.heap.spi.SystemCalls;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Removes the files of heaps, and only those. */
public final class HeapRemoval {
  /** What {@link HeapBuilder#create()} makes; a plain file cannot say so itself. */
  private static final Pattern DEFAULT_DIRECTORY = Pattern.compile("rszshm_[A-Za-z0-9]{6}");

  private static final int ROOT = 0;

  private HeapRemoval() {}

  /**
   * Removes a name if it leads to a file; returns whether it did.
   *
   * @throws HeapAccessDeniedException if the file belongs to another user
   */
  public static boolean unlink(SystemCalls calls, String path, FileStatus.Key key) {
    try {
      FileStatus found = statusOf(calls, path);
      boolean same = found.key().equals(key);
      if (same) {
        requireOwner(calls, path, found.owner());
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

  /** The file system lets everybody remove it who may write to the directory. */
  private static void requireOwner(SystemCalls calls, String path, int owner) {
    int user = calls.effectiveUser();
    if (user != owner && user != ROOT) {
      throw new HeapAccessDeniedException(
          path
              + " may not be removed: it belongs to user "
              + owner
              + ", and this process is user "
              + user
              + ". The user who made a heap removes it, or root");
    }
  }

  /** The identity of what a name leads to, a file or a directory. */
  public static FileStatus.Key keyOf(SystemCalls calls, String path) {
    return statusOf(calls, path).key();
  }

  private static FileStatus statusOf(SystemCalls calls, String path) {
    int descriptor = calls.open(path, false, false);
    try {
      return calls.status(descriptor);
    } finally {
      calls.close(descriptor);
    }
  }

  /**
   * Removes the directory that was made for a heap, unless it is gone or others use it.
   *
   * @param inode that of the directory, or 0 if none was made; the heap may lie in another by now
   */
  public static void removeDirectory(SystemCalls calls, @Nullable Path directory, long inode) {
    try {
      if (inode != 0 && directory != null && keyOf(calls, directory.toString()).inode() == inode) {
        calls.removeDirectory(directory.toString());
      }
    } catch (SystemCallException e) {
      if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTEMPTY) {
        throw e;
      }
    }
  }

  /** Removes a heap by name, once it has shown to be one. */
  public static void remove(SystemCalls calls, Path path) {
    Path directory = path.getParent();
    long inode;
    FileStatus.Key key;
    try (HeapFile file = HeapFile.open(calls, path, false, true)) {
      Header header = file.header(false);
      key = file.status().key();
      inode = header.plain() ? plainDirectory(calls, path) : header.directory();
    }
    unlink(calls, path.toString(), key);
    removeDirectory(calls, directory, inode);
  }

  /** A plain file cannot say that its directory was made for it; the names do. */
  private static long plainDirectory(SystemCalls calls, Path path) {
    Path directory = path.getParent();
    boolean generated =
        path.getFileName().toString().equals("0")
            && directory != null
            && directory.getFileName() != null
            && DEFAULT_DIRECTORY.matcher(directory.getFileName().toString()).matches();
    return generated && directory != null ? keyOf(calls, directory.toString()).inode() : 0;
  }
}
