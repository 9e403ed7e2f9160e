package dev.rszshm.heap.sync;

/**
 * A monitor.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 lock word (LockLayout)
 *      8    4 how often the holder has it
 *     12    4 reserved
 * </pre>
 */
final class MonitorLayout {
  static final int DEPTH = 8;
  static final int LENGTH = 16;

  private MonitorLayout() {}
}
