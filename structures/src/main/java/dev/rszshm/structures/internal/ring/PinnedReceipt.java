package dev.rszshm.structures.internal.ring;

/**
 * The receipt of a message that is lost if its receiver dies.
 *
 * @param ring the ring with the message
 * @param pin the number of the pin that keeps it
 */
public record PinnedReceipt(Ring ring, int pin, long position, int length) implements Receipt {
  @Override
  public int deliveries() {
    return 1;
  }

  @Override
  public void done() {
    ring.enter();
    ring.pins().release(pin);
    ring.notFull.signalAll();
  }

  @Override
  public void close() {
    done();
  }
}
