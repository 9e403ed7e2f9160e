package dev.rszshm.sync.internal;

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
public final class MonitorLayout {
  public static final int DEPTH = 8;
  public static final int LENGTH = 16;

  private MonitorLayout() {}
}
