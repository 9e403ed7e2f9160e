package dev.rszshm.heap.internal.passing;

import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.heap.errors.UnsealedHeapException;
import dev.rszshm.heap.internal.file.DescriptorPath;
import dev.rszshm.heap.internal.file.HeapFile;
import dev.rszshm.heap.spi.DescriptorCalls;

/** What is forbidden for good with a file that lives in memory. */
public final class Seals {
  private static final int SHRINK = 2;
  private static final int GROW = 4;
  private static final int WRITE = 8;
  private static final int FUTURE_WRITE = 16;

  private Seals() {}

  /** Whether nobody can make the file shorter. */
  public static boolean forbidShrinking(DescriptorCalls calls, int descriptor) {
    return (calls.seals(descriptor).orElse(0) & SHRINK) != 0;
  }

  /**
   * Throws an exception unless a file that somebody else has made may be mapped. Files with names
   * cannot be sealed: those are taken as they are.
   *
   * @throws UnsealedHeapException if it lives in memory, and could be made shorter
   * @throws HeapAccessDeniedException if it is to be written and its seals do not allow that
   */
  public static void require(DescriptorCalls calls, HeapFile file, boolean writing) {
    int descriptor = file.descriptor();
    int seals = calls.seals(descriptor).orElse(0);
    if ((seals & SHRINK) == 0 && DescriptorPath.isInMemory(descriptor)) {
      throw new UnsealedHeapException(
          file.path()
              + " is not sealed: who has it could make it shorter, and an access to what is missing"
              + " would be a fault. Let its maker seal it with F_SEAL_SHRINK, as createAnonymous"
              + " does");
    }
    if (writing && (seals & (GROW | WRITE | FUTURE_WRITE)) != 0) {
      throw new HeapAccessDeniedException(
          file.path()
              + " is sealed against "
              + ((seals & GROW) != 0 ? "growing" : "writing")
              + ", found seals "
              + seals
              + ": attach for reading only");
    }
  }
}
