package dev.rszshm.heap.internal.file;

import dev.rszshm.heap.errors.FileNameException;
import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.HeapExistsException;
import dev.rszshm.heap.errors.HeapNotReadyException;
import dev.rszshm.heap.errors.NoSuchHeapException;
import dev.rszshm.heap.errors.NotAHeapException;
import dev.rszshm.heap.errors.OutOfSpaceException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.errors.TruncatedHeapException;
import dev.rszshm.heap.errors.UnsupportedPlatformException;
import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.internal.format.HeaderCheck;
import dev.rszshm.heap.internal.format.HeaderLayout;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.FileStatus;
import dev.rszshm.heap.spi.SystemCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The open file of a heap, before anything of it is mapped. */
public final class HeapFile implements AutoCloseable {
  /** A heap is not made shorter so often while it is attached. */
  private static final int MAX_READS = 100;

  private final SystemCalls calls;
  private final String path;
  private int descriptor;

  private HeapFile(SystemCalls calls, String path, int descriptor) {
    this.calls = calls;
    this.path = path;
    this.descriptor = descriptor;
  }

  /**
   * Opens a file that may be a heap.
   *
   * @param foreignOwner whether the file may belong to somebody else than the user or root
   * @throws NoSuchHeapException if there is none
   * @throws HeapAccessDeniedException if it may not be opened, or should not be trusted
   * @throws NotAHeapException if it is no regular file
   */
  public static HeapFile open(SystemCalls calls, Path path, boolean writing, boolean foreignOwner) {
    String name = path.toString();
    int descriptor;
    try {
      descriptor = calls.open(name, writing, isLink(path));
    } catch (SystemCallException e) {
      throw explainOpen(name, writing, e);
    }
    // A link leads through a process that may end; that of this process is there as long as the
    // file.
    String own = isLink(path) ? DescriptorPath.nameOf(calls, descriptor) : name;
    return trusted(new HeapFile(calls, own, descriptor), foreignOwner);
  }

  /**
   * Opens the file of a descriptor that this process has already. It is opened anew, because all
   * descriptors that were passed, inherited or duplicated are one to the locks of the system: the
   * death of their one owner could not be told, and two could grow the heap at once.
   *
   * @param given the descriptor, which stays open
   * @throws NotAHeapException if it is no regular file
   * @throws NoSuchHeapException if it is not open
   * @throws HeapAccessDeniedException if the file may not be opened, or should not be trusted
   */
  public static HeapFile open(SystemCalls calls, int given, boolean writing, boolean foreignOwner) {
    String name = DescriptorPath.of(given).toString();
    FileStatus status;
    try {
      status = calls.status(given);
    } catch (SystemCallException e) {
      if (e.errno() != Errno.EBADF) {
        throw e;
      }
      NoSuchHeapException missing =
          new NoSuchHeapException(
              "there is no heap behind descriptor " + given + ": it is not open in this process");
      missing.initCause(e);
      throw missing;
    }
    if (!status.regular()) { // before it is opened: with a device, that alone may do something
      throw noRegularFile(name);
    }
    int descriptor;
    try {
      descriptor = calls.open(DescriptorPath.own(given).toString(), writing, true);
    } catch (SystemCallException e) {
      throw explainOpen(name, writing, e);
    }
    HeapFile file = trusted(new HeapFile(calls, name, descriptor), foreignOwner);
    if (!file.status().key().equals(status.key())) {
      NoSuchHeapException changed =
          new NoSuchHeapException(
              "descriptor " + given + " was closed or replaced while its heap was attached");
      file.closeAfter(changed);
      throw changed;
    }
    return file;
  }

  private static HeapFile trusted(HeapFile file, boolean foreignOwner) {
    try {
      file.requireTrustworthy(foreignOwner);
      return file;
    } catch (Throwable e) {
      file.closeAfter(e);
      throw e;
    }
  }

  /**
   * Opens a file of any content and owner; links are followed.
   *
   * @throws NoSuchHeapException if there is none
   * @throws HeapAccessDeniedException if it may not be opened
   * @throws NotAHeapException if it is no regular file
   */
  public static HeapFile openAny(SystemCalls calls, Path path, boolean writing) {
    String name = path.toString();
    HeapFile file;
    try {
      file = new HeapFile(calls, name, calls.open(name, writing, true));
    } catch (SystemCallException e) {
      throw explainOpenAny(name, writing, e);
    }
    try {
      if (!file.status().regular()) {
        throw cannotBeMapped(name);
      }
      return file;
    } catch (Throwable e) {
      file.closeAfter(e);
      throw e;
    }
  }

  private static HeapException explainOpenAny(String path, boolean writing, SystemCallException e) {
    if (e.errno() == Errno.EISDIR) {
      return cannotBeMapped(path);
    }
    if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR) {
      return explainOpen(path, writing, e);
    }
    NoSuchHeapException missing =
        new NoSuchHeapException("there is no file " + path + ": check the name, or create it");
    missing.initCause(e);
    return missing;
  }

  private static NotAHeapException cannotBeMapped(String path) {
    return new NotAHeapException(
        path + " is not a regular file but a directory, a pipe or a device, and cannot be mapped");
  }

  private static NotAHeapException noRegularFile(String path) {
    return new NotAHeapException(path + " is not a heap: it is not a regular file");
  }

  /**
   * Returns where a range ends that lies within the file.
   *
   * @param length empty for all that follows
   * @throws HeapNotReadyException if the whole file is wanted and it is empty
   * @throws IndexOutOfBoundsException if a part of the range lies outside
   */
  public long requireContent(long offset, OptionalLong length) {
    long fileLength = status().length();
    if (fileLength == 0 && length.isEmpty()) {
      throw new HeapNotReadyException(
          path + " is empty, so there is nothing to map: write to it first, or make it longer");
    }
    if (offset > fileLength - length.orElse(1)) {
      throw new IndexOutOfBoundsException(
          "offset "
              + offset
              + " with "
              + length.orElse(1)
              + " bytes lies outside "
              + path
              + ", which has "
              + fileLength
              + " bytes: make it longer first");
    }
    return length.isPresent() ? offset + length.getAsLong() : fileLength;
  }

  /** The link of an in-memory heap can only be followed; nobody can plant one in /proc. */
  private static boolean isLink(Path path) {
    return path.normalize().startsWith("/proc");
  }

  /** Whether the name is the link of an in-memory heap, which is to be followed. */
  boolean isLink() {
    return isLink(Path.of(path));
  }

  private static HeapException explainOpen(String path, boolean writing, SystemCallException e) {
    HeapException explained =
        switch (e.errno()) {
          case Errno.ENOENT, Errno.ENOTDIR ->
              new NoSuchHeapException(
                  "there is no heap " + path + ": check the name, or create it");
          case Errno.ELOOP ->
              new HeapAccessDeniedException(
                  path + " is a symbolic link, which is not followed: name the heap itself");
          case Errno.EISDIR -> new NotAHeapException(path + " is not a heap: it is a directory");
          case Errno.ENAMETOOLONG -> tooLong(path);
          case Errno.EACCES, Errno.EPERM, Errno.EROFS ->
              new HeapAccessDeniedException(
                  path
                      + " may not be opened for "
                      + (writing ? "writing" : "reading")
                      + ": "
                      + Errno.describe(e.errno())
                      + (writing ? ". Change its permissions, or attach for reading only" : ""));
          default -> null;
        };
    if (explained == null) {
      return e;
    }
    explained.initCause(e);
    return explained;
  }

  private void requireTrustworthy(boolean foreignOwner) {
    FileStatus status = calls.status(descriptor);
    if (!status.regular()) {
      throw noRegularFile(path);
    }
    int user = calls.effectiveUser();
    if (!foreignOwner && status.owner() != user && status.owner() != 0) {
      throw new HeapAccessDeniedException(
          path
              + " belongs to user "
              + status.owner()
              + ", not to user "
              + user
              + " or root, and could have been put there to mislead this process. If you trust"
              + " it, attach with foreignOwner()");
    }
  }

  private static FileNameException tooLong(String path) {
    return new FileNameException(
        path
            + " is too long for the name of a file: a part may have 255 bytes, and the whole 4095."
            + " Choose a shorter name, or one from another working directory");
  }

  /**
   * A new file without a name, in the directory where it will get one; null if none can be made.
   */
  public static @Nullable HeapFile createUnnamed(SystemCalls calls, Path path, int mode) {
    Path directory =
        Objects.requireNonNull(path.getParent(), "a name without a directory was refused before");
    try {
      return new HeapFile(calls, path.toString(), calls.createUnnamed(directory.toString(), mode));
    } catch (SystemCallException e) {
      if (e.errno() == Errno.EOPNOTSUPP || e.errno() == Errno.EISDIR || e.errno() == Errno.EINVAL) {
        return null;
      }
      throw explainCreate(path.toString(), e);
    }
  }

  /** A new file under a passing name, where files without one do not exist. */
  public static HeapFile createHidden(SystemCalls calls, Path path, Path hidden, int mode) {
    try {
      return new HeapFile(calls, path.toString(), calls.createExclusive(hidden.toString(), mode));
    } catch (SystemCallException e) {
      throw explainCreate(path.toString(), e);
    }
  }

  /** Takes over a file that has no name; its path is the link of this process to it. */
  static HeapFile adopt(SystemCalls calls, int descriptor) {
    return new HeapFile(calls, DescriptorPath.of(descriptor).toString(), descriptor);
  }

  /** Explains why a file could not be made under a name. */
  public static HeapException explainCreate(String path, SystemCallException e) {
    HeapException explained =
        switch (e.errno()) {
          case Errno.EEXIST ->
              new HeapExistsException(
                  path + " exists already: attach to it, remove it or choose another name");
          case Errno.ENOENT, Errno.ENOTDIR -> explainNoDirectory(path);
          case Errno.EACCES, Errno.EPERM, Errno.EROFS ->
              new HeapAccessDeniedException(
                  path + " may not be created: " + Errno.describe(e.errno()));
          case Errno.ENAMETOOLONG -> tooLong(path);
          case Errno.ENOSPC, Errno.EDQUOT ->
              new OutOfSpaceException(
                  path + " cannot be created: " + Errno.describe(e.errno()) + ". Free some space");
          default -> null;
        };
    if (explained == null) {
      return e;
    }
    explained.initCause(e);
    return explained;
  }

  private static HeapException explainNoDirectory(String path) {
    Path directory = Path.of(path).toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      return new NoSuchHeapException(
          path + " cannot be created, because its directory does not exist: make it first");
    }
    if (!Files.isDirectory(Path.of("/proc/self/fd"))) {
      return new UnsupportedPlatformException(
          path + " cannot be created, because /proc is not there: mount it, heaps need it");
    }
    return new HeapAccessDeniedException(
        path
            + " cannot be created: its file system does not allow files to be made in "
            + directory
            + ". Choose another directory, such as /dev/shm");
  }

  /** Reads and checks the header; again, if the heap was made shorter meanwhile. */
  public Header header(boolean writing) {
    byte[] bytes = new byte[HeaderLayout.HEADER_LENGTH];
    for (int reads = 1; ; reads++) {
      int length = readFully(bytes, 0);
      long before = lengthIn(bytes);
      try {
        return header(bytes, length, writing);
      } catch (TruncatedHeapException e) {
        readFully(bytes, 0);
        if (reads == MAX_READS || lengthIn(bytes) == before) {
          throw e;
        }
      }
    }
  }

  private static long lengthIn(byte[] header) {
    return ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getLong(HeaderLayout.LENGTH);
  }

  private Header header(byte[] bytes, int length, boolean writing) {
    // Read after the header: a growth in between must not look like a truncation.
    long fileLength = calls.status(descriptor).length();
    ByteBuffer header = ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN);
    return new HeaderCheck(path, header, fileLength, calls.pageSize()).check(writing);
  }

  /** Reads until the array is full or the file ends; returns the bytes read. */
  public int readFully(byte[] into, long offset) {
    int done = calls.read(descriptor, into, offset);
    while (done > 0 && done < into.length) {
      byte[] rest = new byte[into.length - done];
      int more = calls.read(descriptor, rest, offset + done);
      if (more <= 0) {
        break;
      }
      System.arraycopy(rest, 0, into, done, more);
      done += more;
    }
    return Math.max(done, 0);
  }

  public String path() {
    return path;
  }

  /**
   * The path of an attachment to this file. A link that was followed may lead through a process
   * that ends; that of this process is there as long as the file is open.
   */
  public String lastingPath() {
    return isLink() ? DescriptorPath.nameOf(calls, descriptor) : path;
  }

  public int descriptor() {
    return descriptor;
  }

  public FileStatus status() {
    return calls.status(descriptor);
  }

  /** Lets somebody else close the descriptor. */
  public int release() {
    int released = descriptor;
    descriptor = -1;
    return released;
  }

  @Override
  public void close() {
    if (descriptor >= 0) {
      calls.close(release());
    }
  }

  /** Closes on the way out of a failure, which stays the one that is thrown. */
  public void closeAfter(Throwable failure) {
    try {
      close();
    } catch (HeapException e) {
      failure.addSuppressed(e);
    }
  }
}
