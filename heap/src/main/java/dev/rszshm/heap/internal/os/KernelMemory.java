package dev.rszshm.heap.internal.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of the memory of this machine. */
public final class KernelMemory {
  private static final String HUGE_PAGE_SIZE = "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size";
  private static final String NODES = "/sys/devices/system/node/online";

  private KernelMemory() {}

  /** The bytes of a transparent huge page; 0 if there are none. */
  public static long hugePageSize() {
    try {
      return Long.parseLong(ProcFile.read(HUGE_PAGE_SIZE).strip());
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  /** Whether a file lies on hugetlbfs, by the directory it is in. */
  public static boolean isHugetlbfs(Path file) {
    try {
      Path directory = file.toAbsolutePath().getParent();
      return directory != null && Files.getFileStore(directory).type().equals("hugetlbfs");
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /** The NUMA nodes, as in "0-3"; one if the kernel does not know of nodes. */
  public static String nodes() {
    try {
      return ProcFile.read(NODES).strip();
    } catch (IOException e) {
      return "0";
    }
  }
}
