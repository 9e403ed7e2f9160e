package dev.rszshm.sync.internal;

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
public final class RobustSemaphoreLayout {
  public static final int EVENTS = 8;
  static final int HOLDERS = 16;
  public static final int MAX_PERMITS = 1 << 20;

  public static long holder(int permit) {
    return HOLDERS + (long) permit * Integer.BYTES;
  }

  private RobustSemaphoreLayout() {}
}
