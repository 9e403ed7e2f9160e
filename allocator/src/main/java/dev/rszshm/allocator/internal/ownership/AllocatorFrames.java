package dev.rszshm.allocator.internal.ownership;

/**
 * Tells whether a thread is in the allocator. The way that is taken most writes nothing down when
 * it begins or ends, so that the stack is the only one to know.
 */
final class AllocatorFrames {
  private static final String PACKAGE = "dev.rszshm.allocator.";

  private AllocatorFrames() {}

  /**
   * Whether a method of the allocator is on the stack of another thread. If not, the thread has
   * made all stores of its calls so far, and its next call sees all that the current thread has
   * stored: both meet for a trace of the stack.
   */
  static boolean areOnStackOf(Thread thread) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getClassName().startsWith(PACKAGE)) {
        return true;
      }
    }
    return false;
  }
}
