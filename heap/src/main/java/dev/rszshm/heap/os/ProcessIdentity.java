package dev.rszshm.heap.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What tells a process from every other, past and future, on this machine. It is for people and
 * diagnostics: whether a participant is alive is decided by its lock alone.
 *
 * @param pid process id in its own pid namespace
 * @param startTime clock ticks since boot
 * @param bootId identity of the boot of the machine
 * @param pidNamespace inode of the pid namespace
 */
public record ProcessIdentity(long pid, long startTime, UUID bootId, long pidNamespace) {
  private static final UUID UNKNOWN = new UUID(0, 0);

  /** The identity of this process; a part that {@code /proc} does not tell is zero. */
  public static ProcessIdentity current() {
    return Holder.CURRENT;
  }

  private static ProcessIdentity read() {
    return new ProcessIdentity(
        ProcessHandle.current().pid(), readStartTime(), readBootId(), readPidNamespace());
  }

  /** The 22nd field; the second, the command in brackets, may itself contain spaces. */
  private static long readStartTime() {
    try {
      String stat = ProcFile.read("/proc/self/stat");
      String[] afterCommand = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Long.parseLong(afterCommand[19]);
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }

  private static UUID readBootId() {
    try {
      return UUID.fromString(ProcFile.read("/proc/sys/kernel/random/boot_id").strip());
    } catch (IOException | RuntimeException e) {
      return UNKNOWN;
    }
  }

  /** The link reads {@code pid:[4026531836]}. */
  private static long readPidNamespace() {
    try {
      String link = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
      return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }

  private static final class Holder {
    static final ProcessIdentity CURRENT = read();
  }
}
