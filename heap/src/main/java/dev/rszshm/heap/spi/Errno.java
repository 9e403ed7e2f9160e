package dev.rszshm.heap.spi;

import java.util.Map;

/** The error numbers this project decides by, and the text for those it reports. */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int EBADF = 9;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int ENFILE = 23;
  public static final int EMFILE = 24;
  public static final int EFBIG = 27;
  public static final int ENOSPC = 28;
  public static final int EROFS = 30;
  public static final int EPIPE = 32;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOSYS = 38;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;
  public static final int EOVERFLOW = 75;
  public static final int ENOTSOCK = 88;
  public static final int EOPNOTSUPP = 95;
  public static final int ECONNRESET = 104;
  public static final int ENOTCONN = 107;
  public static final int ETOOMANYREFS = 109;
  public static final int ETIMEDOUT = 110;
  public static final int EDQUOT = 122;

  private static final Map<Integer, String> MEANINGS =
      Map.ofEntries(
          Map.entry(EPERM, "EPERM (operation not permitted)"),
          Map.entry(ENOENT, "ENOENT (no such file or directory)"),
          Map.entry(EINTR, "EINTR (interrupted system call)"),
          Map.entry(EBADF, "EBADF (bad file descriptor)"),
          Map.entry(EAGAIN, "EAGAIN (resource temporarily unavailable)"),
          Map.entry(ENOMEM, "ENOMEM (cannot allocate memory)"),
          Map.entry(EACCES, "EACCES (permission denied)"),
          Map.entry(EBUSY, "EBUSY (device or resource busy)"),
          Map.entry(EEXIST, "EEXIST (file exists)"),
          Map.entry(ENODEV, "ENODEV (no such device)"),
          Map.entry(ENOTDIR, "ENOTDIR (not a directory)"),
          Map.entry(EISDIR, "EISDIR (is a directory)"),
          Map.entry(EINVAL, "EINVAL (invalid argument)"),
          Map.entry(ENFILE, "ENFILE (too many open files in the system)"),
          Map.entry(EMFILE, "EMFILE (too many open files in this process)"),
          Map.entry(EFBIG, "EFBIG (file too large)"),
          Map.entry(ENOSPC, "ENOSPC (no space left on device)"),
          Map.entry(EROFS, "EROFS (read-only file system)"),
          Map.entry(EPIPE, "EPIPE (broken pipe)"),
          Map.entry(ENAMETOOLONG, "ENAMETOOLONG (file name too long)"),
          Map.entry(ENOSYS, "ENOSYS (the kernel lacks this system call)"),
          Map.entry(ENOTEMPTY, "ENOTEMPTY (directory not empty)"),
          Map.entry(ELOOP, "ELOOP (symbolic link, or too many of them)"),
          Map.entry(EOVERFLOW, "EOVERFLOW (value too large)"),
          Map.entry(ENOTSOCK, "ENOTSOCK (not a socket)"),
          Map.entry(EOPNOTSUPP, "EOPNOTSUPP (operation not supported)"),
          Map.entry(ECONNRESET, "ECONNRESET (connection reset by peer)"),
          Map.entry(ENOTCONN, "ENOTCONN (not connected)"),
          Map.entry(ETOOMANYREFS, "ETOOMANYREFS (too many descriptors on their way)"),
          Map.entry(ETIMEDOUT, "ETIMEDOUT (timed out)"),
          Map.entry(EDQUOT, "EDQUOT (disk quota exceeded)"));

  private Errno() {}

  /**
   * Returns the name and the meaning of an error number, or the number alone if it is a rare one.
   */
  public static String describe(int errno) {
    return MEANINGS.getOrDefault(errno, "errno " + errno);
  }
}
