package dev.rszshm.heap.sync;

/**
 * An event.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    4 1: set, 0: not set
 *      4    4 event count (EventCountLayout): it was set
 * </pre>
 */
final class EventLayout {
  static final int STATE = 0;
  static final int EVENTS = 4;
  static final int LENGTH = 8;

  private EventLayout() {}
}
