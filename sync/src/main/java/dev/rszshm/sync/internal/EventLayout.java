package dev.rszshm.sync.internal;

/**
 * An event.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    4 1: set, 0: not set
 *      4    4 event count (EventCountLayout): it was set
 * </pre>
 */
public final class EventLayout {
  public static final int STATE = 0;
  public static final int EVENTS = 4;
  public static final int LENGTH = 8;

  private EventLayout() {}
}
