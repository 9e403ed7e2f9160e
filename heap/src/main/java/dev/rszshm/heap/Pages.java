package dev.rszshm.heap;

/** Whole pages. */
final class Pages {
  private Pages() {}

  /** The next multiple of the page size; negative if there is none below 2^63. */
  static long roundUp(long length, int pageSize) {
    return (length + pageSize - 1) & -(long) pageSize;
  }
}
