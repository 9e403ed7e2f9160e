package dev.rszshm.heap;

import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.OutOfSpaceException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.os.Errno;
import dev.rszshm.heap.os.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Makes the file of a heap longer. It never makes one shorter. */
final class Storage {
  private static final int ZEROS_LENGTH = 1 << 20;

  private final SystemCalls calls;
  private final String path;
  private final int descriptor;
  private final Backing backing;

  Storage(SystemCalls calls, String path, int descriptor, Backing backing) {
    this.calls = calls;
    this.path = path;
    this.descriptor = descriptor;
    this.backing = backing;
  }

  /**
   * Extends the file so that bytes from an offset to a new length exist.
   *
   * @throws OutOfSpaceException if the file system has no room for them
   */
  void extend(long from, long to) {
    extend(from, to, backing);
  }

  /** As {@link #extend(long, long)}, with another backing than that of the attachment. */
  void extend(long from, long to, Backing how) {
    try {
      if (how == Backing.SPARSE) {
        extendSparsely(to);
      } else {
        allocate(from, to);
      }
    } catch (SystemCallException e) {
      throw explain(e, () -> "grow by " + (to - from) + " bytes to " + to);
    }
  }

  /**
   * Lets the file have blocks for a range it may have none for. What is there stays. A file system
   * that cannot do that gives them when they are written to.
   *
   * @throws OutOfSpaceException if the file system has no room for them
   */
  void back(long offset, long length) {
    if (backing == Backing.SPARSE) {
      return;
    }
    try {
      uninterrupted(() -> calls.allocate(descriptor, offset, length));
    } catch (SystemCallException e) {
      if (e.errno() != Errno.EOPNOTSUPP) {
        throw explain(e, () -> "back " + length + " bytes at " + offset);
      }
    }
  }

  /** Gives the blocks of a range back, which reads as zeros from then on. */
  void discard(long offset, long length) {
    try {
      uninterrupted(() -> calls.discard(descriptor, offset, length));
    } catch (SystemCallException e) {
      if (e.errno() != Errno.EOPNOTSUPP) {
        throw e;
      }
      writeZeros(offset, offset + length);
    }
  }

  private void allocate(long from, long to) {
    try {
      uninterrupted(() -> calls.allocate(descriptor, from, to - from));
    } catch (SystemCallException e) {
      if (e.errno() != Errno.EOPNOTSUPP) {
        throw e;
      }
      writeZeros(from, to);
    }
  }

  /**
   * For file systems that cannot allocate: nobody uses these bytes before the growth is published.
   */
  private void writeZeros(long from, long to) {
    long offset = from;
    while (offset < to) {
      byte[] zeros = new byte[(int) Math.min(ZEROS_LENGTH, to - offset)];
      offset += calls.write(descriptor, zeros, offset);
    }
  }

  /** The lock for growing keeps others out between the look and the change. */
  private void extendSparsely(long to) {
    if (calls.status(descriptor).length() < to) {
      uninterrupted(() -> calls.truncate(descriptor, to));
    }
  }

  /** Makes a call again when a signal has ended it. */
  private static void uninterrupted(Runnable call) {
    while (true) {
      try {
        call.run();
        return;
      } catch (SystemCallException e) {
        if (e.errno() != Errno.EINTR) {
          throw e;
        }
      }
    }
  }

  /** An exception for a full file system; any other failure as it is. */
  private HeapException explain(SystemCallException e, Supplier<String> what) {
    if (e.errno() != Errno.ENOSPC && e.errno() != Errno.EDQUOT && e.errno() != Errno.EFBIG) {
      return e;
    }
    OutOfSpaceException explained =
        new OutOfSpaceException(
            path
                + " cannot "
                + what.get()
                + ": "
                + Errno.describe(e.errno())
                + usable()
                + ". The heap is as it was; free some space or ask for less");
    explained.initCause(e);
    return explained;
  }

  private String usable() {
    Path directory = Path.of(path).toAbsolutePath().getParent();
    try {
      return ", its file system has " + Files.getFileStore(directory).getUsableSpace() + " left";
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }
}
