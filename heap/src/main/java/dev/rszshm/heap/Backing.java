package dev.rszshm.heap;

/** Tells when a heap takes the memory that it grows by. It is decided when the heap is made. */
public enum Backing {
  /**
   * At once: growing the heap takes the memory, and throws an exception if there is not enough.
   * What the heap has can be written. This is the default.
   */
  ALLOCATED,

  /**
   * At the first write to each page. Growing the heap costs nothing, but if the file system is full
   * at that write, <b>the write fails</b>: it throws an {@link InternalError} at best, and ends the
   * process at worst. It is meant for heaps of which only a small part is ever used.
   */
  SPARSE
}
