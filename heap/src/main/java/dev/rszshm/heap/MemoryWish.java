package dev.rszshm.heap;

/**
 * What an attachment may wish of the memory of its heap; see {@link Heap#grants}. A wish concerns
 * what is mapped when the heap is attached, and what it grows by.
 */
public enum MemoryWish {
  /** That it lies in huge pages; see {@link HeapBuilder#hugePages}. */
  HUGE_PAGES,

  /** That it stays in physical memory; see {@link HeapBuilder#lockedInMemory}. */
  LOCKED,

  /** That it is taken from one NUMA node; see {@link HeapBuilder#preferNode}. */
  PREFERRED_NODE
}
