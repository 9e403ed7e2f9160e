package dev.rszshm.heap.internal.map;

/** The exception for those who use a heap that is closed. */
final class ClosedHeap {
  private ClosedHeap() {}

  static IllegalStateException error(String path) {
    return new IllegalStateException(path + " is closed in this process: attach it again");
  }
}
