package dev.rszshm.heap.internal.file;

import dev.rszshm.heap.AnonymousMemory;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.errors.UnsupportedPlatformException;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.SystemCalls;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Makes the files of heaps that have no name.
 *
 * Protocol
 * --------
 * MEMFD: 1 memfd_create, close-on-exec, sealable. It is sealed when the heap is complete.
 * UNLINKED_FILE, in the first directory that will do:
 *  1 make a file without a name (O_TMPFILE); where there is no such thing
 *  2 make one under a hidden name that nobody has, and 3 remove the name at once.
 *
 * If a process dies here
 * ----------------------
 * After 1: nothing is left, the system gives the file back. Between 2 and 3: an empty file
 * ".rszshm.….tmp" is left.
 */
public record AnonymousFile(HeapFile file, AnonymousMemory kind) {
  /** The call is not there, or a rule of the system or of a container forbids it. */
  private static final Set<Integer> NOT_SUPPORTED =
      Set.of(Errno.ENOSYS, Errno.EPERM, Errno.EACCES, Errno.EINVAL, Errno.EOPNOTSUPP);

  /** A directory in which no file can be made. */
  private static final Set<Integer> NO_DIRECTORY =
      Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES, Errno.EPERM, Errno.EROFS);

  private static final Set<Integer> NEEDS_A_NAME =
      Set.of(Errno.EOPNOTSUPP, Errno.EISDIR, Errno.EINVAL);

  /**
   * Makes a file of the best kind that there is.
   *
   * @param wanted the kind, or null for the best
   * @param name what the system shows
   * @throws UnsupportedPlatformException if there is none
   */
  public static AnonymousFile create(
      SystemCalls calls, @Nullable AnonymousMemory wanted, String name, int mode) {
    List<AnonymousMemory> kinds =
        wanted == null ? List.of(AnonymousMemory.values()) : List.of(wanted);
    UnsupportedPlatformException none =
        new UnsupportedPlatformException(
            "no heap without a name can be made here, for this system refuses "
                + (wanted == null ? "every kind of memory for it" : wanted)
                + ": let this process call memfd_create, give it a /dev/shm that it may write, or"
                + " make a heap with a name");
    for (AnonymousMemory kind : kinds) {
      try {
        return new AnonymousFile(HeapFile.adopt(calls, make(calls, kind, name, mode)), kind);
      } catch (SystemCallException e) {
        if (!isRefusal(kind, e)) {
          throw e;
        }
        none.addSuppressed(e);
      }
    }
    throw none;
  }

  /** Returns whether files of a kind can be made, by making one. */
  public static boolean isSupported(SystemCalls calls, AnonymousMemory kind) {
    try {
      calls.close(make(calls, kind, "rszshm-test", 0600));
      return true;
    } catch (SystemCallException e) {
      if (isRefusal(kind, e)) {
        return false;
      }
      throw e;
    }
  }

  private static boolean isRefusal(AnonymousMemory kind, SystemCallException e) {
    return (kind == AnonymousMemory.MEMFD ? NOT_SUPPORTED : NO_DIRECTORY).contains(e.errno());
  }

  private static int make(SystemCalls calls, AnonymousMemory kind, String name, int mode) {
    return kind == AnonymousMemory.MEMFD ? calls.createInMemory(name) : unlinked(calls, mode);
  }

  private static int unlinked(SystemCalls calls, int mode) {
    SystemCallException last = null;
    for (String directory : directories()) {
      try {
        return unlinkedIn(calls, directory, mode);
      } catch (SystemCallException e) {
        if (!NO_DIRECTORY.contains(e.errno())) {
          throw e;
        }
        last = e;
      }
    }
    throw last;
  }

  private static Set<String> directories() {
    Set<String> directories = new LinkedHashSet<>();
    directories.add("/dev/shm");
    directories.add(System.getProperty("java.io.tmpdir", "/tmp"));
    return directories;
  }

  private static int unlinkedIn(SystemCalls calls, String directory, int mode) {
    try {
      return calls.createUnnamed(directory, mode);
    } catch (SystemCallException e) {
      if (!NEEDS_A_NAME.contains(e.errno())) {
        throw e;
      }
    }
    String random = Long.toString(calls.random() >>> 1, 36);
    String hidden = Path.of(directory, ".rszshm." + random + ".tmp").toString();
    int descriptor = calls.createExclusive(hidden, mode);
    try {
      calls.unlink(hidden);
      return descriptor;
    } catch (Throwable e) {
      closeAfter(calls, descriptor, e);
      throw e;
    }
  }

  private static void closeAfter(SystemCalls calls, int descriptor, Throwable failure) {
    try {
      calls.close(descriptor);
    } catch (HeapException e) {
      failure.addSuppressed(e);
    }
  }
}
