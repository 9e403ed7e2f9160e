package dev.rszshm.sync.internal;

/**
 * The word of an event count.
 *
 * <pre>
 * BITS  DESCRIPTION
 *  0    somebody may be asleep
 *  1-31 number of signals, modulo 2^31
 * </pre>
 */
public final class EventCountLayout {
  public static final int LENGTH = 4;

  public static final int WAITERS = 1;
  public static final int ONE_SIGNAL = 2;

  private EventCountLayout() {}
}
