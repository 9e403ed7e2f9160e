package dev.rszshm.heap.internal.os;

import dev.rszshm.heap.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** What {@code /proc} says of this process. */
final class CurrentProcess {
  private static final UUID UNKNOWN = new UUID(0, 0);

  private CurrentProcess() {}

  /** Returns the identity of this process; a part that {@code /proc} does not tell is zero. */
  static ProcessIdentity identity() {
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
