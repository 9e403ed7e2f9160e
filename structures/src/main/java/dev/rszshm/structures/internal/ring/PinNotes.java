package dev.rszshm.structures.internal.ring;

/**
 * Pins of this process that nobody holds any more, because something was thrown. They are noted by
 * storing into fields, which needs no call: there may be no stack for one. The next call of anybody
 * in this process gives them back.
 */
public final class PinNotes {
  /** Which pins are noted; true is stored before {@link #any}. */
  public final boolean[] pins = new boolean[RingLayout.PIN_COUNT];

  /** Whether there may be one. */
  public volatile boolean any;
}
