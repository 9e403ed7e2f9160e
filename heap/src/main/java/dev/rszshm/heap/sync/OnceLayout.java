package dev.rszshm.heap.sync;

/**
 * Something that is done once.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 lock word (LockLayout): who does it
 *      8    4 1: done
 *     12    4 reserved
 * </pre>
 */
final class OnceLayout {
  static final int DONE = 8;
  static final int LENGTH = 16;

  private OnceLayout() {}
}
