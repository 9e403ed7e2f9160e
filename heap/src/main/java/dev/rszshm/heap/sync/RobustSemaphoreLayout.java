package dev.rszshm.heap.sync;

/**
 * A robust semaphore.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 number of permits; 0: not made yet
 *      8    4 event count (EventCountLayout): a permit was released
 *     12    4 reserved
 *     16    … for each permit 4 bytes: the tag of the participant that has it; 0: nobody
 * </pre>
 */
final class RobustSemaphoreLayout {
  static final int EVENTS = 8;
  static final int HOLDERS = 16;
  static final int MAX_PERMITS = 1 << 20;

  static long holder(int permit) {
    return HOLDERS + (long) permit * Integer.BYTES;
  }

  private RobustSemaphoreLayout() {}
}
