package dev.rszshm.structures.internal.ring;

/** The receipt of a message that is lost if its receiver dies. */
public final class PinnedReceipt extends Receipt {
  private final Ring ring;
  private final Pins pins;
  private final long position;
  private final int length;

  /**
   * Makes one.
   *
   * @param ring the ring with the message
   * @param pin the number of the pin that keeps it
   */
  public PinnedReceipt(Ring ring, int pin, long position, int length) {
    super(ring.pins().unreleased, pin);
    this.ring = ring;
    this.pins = ring.pins();
    this.position = position;
    this.length = length;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int deliveries() {
    return 1;
  }

  @Override
  public void done() {
    ring.enter();
    pins.free(pin);
    ended = true;
    ring.notFull.signalAll();
  }

  @Override
  public void close() {
    done();
  }
}
