package dev.rszshm.heap;

/** When the file system gives a heap the memory it grows by: decided when the heap is made. */
public enum Backing {
  /**
   * At once: growth takes the blocks, and fails with an exception if there are not enough. What has
   * grown can be written. The default.
   */
  ALLOCATED,

  /**
   * At the first write to each page. Growth costs nothing, but where the file system is full by
   * then, <b>the write fails</b>: an {@link InternalError} at best, the end of the process at
   * worst. For heaps of which only a small part is ever touched, by those who accept that.
   */
  SPARSE
}
