package dev.rszshm.sync.internal;

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
public final class OnceLayout {
  public static final int DONE = 8;
  public static final int LENGTH = 16;

  private OnceLayout() {}
}
