package dev.rszshm.structures.channel;

import dev.rszshm.structures.internal.ring.Pins;
import dev.rszshm.structures.internal.ring.Ring;

/**
 * Messages in a row that were received with one receipt, and are where they were sent. One pin, at
 * the first of them, keeps the room of all until they are handled.
 */
final class MessageRow {
  private final Ring ring;
  final Pins pins;

  /** How many may be received. */
  int most;

  long position;
  long end;
  int pin;

  /** Whether they were received, and are not handled: their pin is to be given back. */
  boolean isReceived;

  MessageRow(Ring ring, int most) {
    this.ring = ring;
    this.pins = ring.pins();
    this.most = most;
  }

  /**
   * Passes each message to a handler, and then gives their room back. Nobody else gets a message of
   * the row: so what the handler throws for one is thrown when all have been handled.
   *
   * @return how many there are
   */
  int handle(MessageHandler handler) {
    int count = 0;
    Throwable first = null;
    try {
      for (long at = position; at < end; count++) {
        ring.enter();
        long message = at;
        long header = ring.header(message);
        at = ring.behind(message, header);
        int length = ring.length(message, header);
        try {
          handler.handle(ring.payloadOffset(message), length);
        } catch (Throwable thrown) { // a checked one, too, of another language
          if (first == null) {
            first = thrown; // no call: there may be no stack for one
          } else {
            suppress(first, thrown);
          }
        }
      }
    } catch (Throwable thrown) { // such as of a handler that closes the heap
      first = first == null ? thrown : first;
    } finally {
      isReceived = false;
      pins.unreleased.slots[pin] = true; // no call, as above
      pins.unreleased.any = true;
      if (ring.heap.isOpen()) {
        pins.releaseNoted();
        ring.notFull.signalAll();
      }
    }
    if (first != null) {
      throw MessageRow.<RuntimeException>asThrown(first);
    }
    return count;
  }

  private static void suppress(Throwable first, Throwable other) {
    try {
      if (other != first) {
        first.addSuppressed(other);
      }
    } catch (Throwable none) {
      // There is no memory or no stack to keep it; the first is thrown all the same.
    }
  }

  /** Throws it as it is, whatever its type. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T asThrown(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
