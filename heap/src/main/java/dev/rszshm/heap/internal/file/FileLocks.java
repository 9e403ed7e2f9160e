package dev.rszshm.heap.internal.file;

import dev.rszshm.heap.internal.os.ProcFile;
import dev.rszshm.heap.spi.FileStatus;
import java.io.IOException;
import java.util.Locale;

/** Who holds the flock of a file, as the kernel tells in {@code /proc/locks}. */
public final class FileLocks {
  private FileLocks() {}

  /**
   * Describes the holder for a message. A line reads {@code 1: FLOCK ADVISORY WRITE 12 00:1a:7 …}.
   */
  public static String holder(FileStatus.Key key) {
    String file =
        String.format(
            Locale.ROOT,
            "%02x:%02x:%d",
            key.device() >>> 32,
            key.device() & 0xffff_ffffL,
            key.inode());
    String sameNumber = ":" + key.inode();
    String likely = null;
    try {
      for (String line : ProcFile.lines("/proc/locks")) {
        String[] fields = line.trim().split(" +");
        if (fields.length > 5 && fields[1].equals("FLOCK")) {
          if (fields[5].equals(file)) {
            return "process " + fields[4];
          }
          // Some file systems, such as btrfs, tell another device here than by stat.
          likely = fields[5].endsWith(sameNumber) ? fields[4] : likely;
        }
      }
    } catch (IOException | RuntimeException e) {
      return "a process that could not be found";
    }
    return likely == null ? "a process that is not visible here" : "probably process " + likely;
  }
}
