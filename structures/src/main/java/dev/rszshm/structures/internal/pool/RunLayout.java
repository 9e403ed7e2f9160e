package dev.rszshm.structures.internal.pool;

/**
 * A run record: one thread of a worker, and the blocks of the task that it runs.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 tag of the worker, or of who recovers what it left; 0: free
 *      8    8 bits 0-31 number of the task slot whose argument it may be reading, and 1; 0: none;
 *             bit 32: it has not begun that task, and waits to be alone with it or to give it back
 *     16    8 slot: a block with more slots
 *     24  232 29 slots: blocks that the task has allocated
 *
 * a block with more slots:
 *      0    8 slot: the next such block
 *      8 1016 127 slots
 * </pre>
 */
final class RunLayout {
  static final int LENGTH = 256;

  static final int TAG = 0;
  static final int TASK = 8;
  static final int MORE = 16;
  static final int OWNED = 24;
  static final int OWNED_COUNT = (LENGTH - OWNED) / Long.BYTES;

  static final int CHUNK_NEXT = 0;
  static final int CHUNK_OWNED = 8;
  static final int CHUNK_COUNT = 127;
  static final int CHUNK_LENGTH = CHUNK_OWNED + CHUNK_COUNT * Long.BYTES;

  private static final long HELD = 1L << Integer.SIZE;

  static long task(int slot, boolean isHeld) {
    return slot + 1L | (isHeld ? HELD : 0);
  }

  /** The task slot of a run; -1 if there is none. */
  static int slot(long task) {
    return (int) task - 1;
  }

  static boolean isHeld(long task) {
    return (task & HELD) != 0;
  }

  private RunLayout() {}
}
