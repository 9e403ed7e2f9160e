package dev.rszshm.sync.internal;

/**
 * A monitor.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 lock word (LockLayout)
 *      8    4 reserved
 *     12    4 how often the holder has taken it again; 0 whenever the lock word is 0
 * </pre>
 */
public final class MonitorLayout {
  public static final int REENTRIES = 12;
  public static final int LENGTH = 16;

  private MonitorLayout() {}
}
