package dev.rszshm.heap.internal.os;

import dev.rszshm.heap.errors.UnsupportedPlatformException;
import java.nio.ByteOrder;
import java.util.Set;

/** What machine this is, and whether a heap can live on it. */
final class HostPlatform {
  private static final String ARCHITECTURE = System.getProperty("os.arch", "");
  private static final Set<String> X86 = Set.of("amd64", "x86_64");
  private static final Set<String> OTHERS = Set.of("aarch64", "riscv64");

  private HostPlatform() {}

  /** Whether this is an x86-64 processor. */
  static boolean isX86() {
    return X86.contains(ARCHITECTURE);
  }

  /**
   * Makes sure that this is a machine rszshm knows.
   *
   * @throws UnsupportedPlatformException if it is not a 64-bit little-endian Linux
   */
  static void check() {
    check(System.getProperty("os.name", ""), ARCHITECTURE, ByteOrder.nativeOrder());
  }

  static void check(String system, String architecture, ByteOrder order) {
    if (!system.equals("Linux")) {
      throw new UnsupportedPlatformException(
          "this system is "
              + system
              + "; rszshm needs Linux, because it uses futexes, open-file-description locks and"
              + " MAP_FIXED_NOREPLACE");
    }
    if (!(X86.contains(architecture) || OTHERS.contains(architecture))
        || order != ByteOrder.LITTLE_ENDIAN) {
      throw new UnsupportedPlatformException(
          "this JVM runs on "
              + architecture
              + " ("
              + order
              + "); rszshm needs a 64-bit little-endian JVM on x86-64, arm64 or riscv64");
    }
  }
}
