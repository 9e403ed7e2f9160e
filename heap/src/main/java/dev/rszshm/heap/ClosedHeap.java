package dev.rszshm.heap;

/**
 * What those get who use a heap that is closed. In a class of its own, so that {@link RetiredSpans}
 * can tell a thread that is about to throw this from one that is about to touch memory.
 */
final class ClosedHeap {
  private ClosedHeap() {}

  static IllegalStateException error(String path) {
    return new IllegalStateException(path + " is closed in this process: attach it again");
  }
}
