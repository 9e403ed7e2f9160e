package dev.rszshm.heap.internal.file;

import dev.rszshm.heap.Backing;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.OutOfSpaceException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Makes the file of a heap longer. It never makes one shorter. */
public final class Storage {
  private static final int ZEROS_LENGTH = 1 << 20;
  private static final long MAX_PIECE = 64 << 20;
  private static final long MIN_PIECE = 1 << 20;

  /** Of one piece, one after the other. */
  private static final int MAX_INTERRUPTIONS = 1000;

  private final SystemCalls calls;
  private final String path;
  private final int descriptor;
  private final Backing backing;

  public Storage(SystemCalls calls, String path, int descriptor, Backing backing) {
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
  public void extend(long from, long to) {
    extend(from, to, backing);
  }

  /** As {@link #extend(long, long)}, with another backing than that of the attachment. */
  public void extend(long from, long to, Backing how) {
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
   * @return whether the file has them now
   * @throws OutOfSpaceException if the file system has no room for them
   */
  public boolean back(long offset, long length) {
    if (backing == Backing.SPARSE) {
      return false;
    }
    try {
      allocateInPieces(offset, length);
      return true;
    } catch (SystemCallException e) {
      if (e.errno() != Errno.EOPNOTSUPP) {
        throw explain(e, () -> "back " + length + " bytes at " + offset);
      }
      return false;
    }
  }

  /** Gives the blocks of a range back, which reads as zeros from then on. */
  public void discard(long offset, long length) {
    try {
      inPieces(offset, length, (from, size) -> calls.discard(descriptor, from, size));
    } catch (SystemCallException e) {
      if (e.errno() != Errno.EOPNOTSUPP) {
        throw e;
      }
      writeZeros(offset, offset + length);
    }
  }

  private void allocate(long from, long to) {
    try {
      allocateInPieces(from, to - from);
    } catch (SystemCallException e) {
      if (e.errno() != Errno.EOPNOTSUPP) {
        giveBack(from, to, e);
        throw e;
      }
      writeZeros(from, to);
    }
  }

  /**
   * A file system in memory that is as large as the memory would give piece after piece until the
   * kernel kills somebody. So what it can never hold is not begun.
   */
  private void allocateInPieces(long offset, long length) {
    if (length > MAX_PIECE) {
      long capacity = calls.capacity(descriptor);
      if (length > capacity) {
        throw new SystemCallException(
            "fallocate(offset " + offset + ", length " + length + ")",
            Errno.ENOSPC,
            "its file system holds " + capacity + " bytes");
      }
    }
    inPieces(offset, length, (from, size) -> calls.allocate(descriptor, from, size));
  }

  /** The pieces that could be had are of no use to anybody, and the file system lacks them. */
  private void giveBack(long from, long to, SystemCallException failure) {
    try {
      calls.discard(descriptor, from, to - from);
    } catch (SystemCallException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * For file systems that cannot allocate: nobody uses these bytes before the growth is published.
   */
  private void writeZeros(long from, long to) {
    inPieces(from, to - from, ZEROS_LENGTH, this::writeZerosOnce);
  }

  private void writeZerosOnce(long offset, long length) {
    long done = 0;
    while (done < length) {
      int written = calls.write(descriptor, new byte[(int) (length - done)], offset + done);
      if (written <= 0) {
        throw new SystemCallException(
            "pwrite(zeros at " + (offset + done) + ")", Errno.ENOSPC, "nothing was written");
      }
      done += written;
    }
  }

  /** The lock for growing keeps others out between the look and the change. */
  private void extendSparsely(long to) {
    if (calls.status(descriptor).length() < to) {
      inPieces(0, to, to, (at, size) -> calls.truncate(descriptor, size));
    }
  }

  private static void inPieces(long offset, long length, Call call) {
    inPieces(offset, length, MAX_PIECE, call);
  }

  /**
   * Makes a call for one piece of a range after the other. A signal may end a call, which then has
   * done nothing; where signals come faster than a piece takes, pieces become smaller, and if not
   * even the smallest is ever done, that is a failure.
   */
  private static void inPieces(long offset, long length, long greatest, Call call) {
    long piece = greatest;
    int interruptions = 0;
    long done = 0;
    while (done < length) {
      long size = Math.min(piece, length - done);
      try {
        call.make(offset + done, size);
        done += size;
        interruptions = 0;
      } catch (SystemCallException e) {
        if (e.errno() != Errno.EINTR || ++interruptions == MAX_INTERRUPTIONS) {
          throw e;
        }
        piece = greatest == length ? piece : Math.max(MIN_PIECE, piece / 2);
      }
    }
  }

  /** A system call for a part of the file. */
  private interface Call {
    void make(long offset, long length);
  }

  /** An exception for a full file system; any other failure as it is. */
  private HeapException explain(SystemCallException e, Supplier<String> what) {
    if (e.errno() == Errno.ENOMEM) {
      return outOfSpace(
          e, what, ": the system or the memory limit of this process's group has no room for it");
    }
    if (e.errno() != Errno.ENOSPC && e.errno() != Errno.EDQUOT && e.errno() != Errno.EFBIG) {
      return e;
    }
    return outOfSpace(e, what, ": " + Errno.describe(e.errno()) + usable());
  }

  private HeapException outOfSpace(SystemCallException e, Supplier<String> what, String why) {
    OutOfSpaceException explained =
        new OutOfSpaceException(
            path
                + " cannot "
                + what.get()
                + why
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
