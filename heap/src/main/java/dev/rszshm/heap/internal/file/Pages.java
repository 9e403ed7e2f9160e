package dev.rszshm.heap.internal.file;

/** Whole pages. */
public final class Pages {
  private Pages() {}

  /** The next multiple of the page size; negative if there is none below 2^63. */
  public static long roundUp(long length, int pageSize) {
    return (length + pageSize - 1) & -(long) pageSize;
  }
}
