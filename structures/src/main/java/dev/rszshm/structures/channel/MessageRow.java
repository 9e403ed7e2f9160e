package dev.rszshm.structures.channel;

import dev.rszshm.structures.internal.ring.Pins;
import dev.rszshm.structures.internal.ring.Ring;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Messages in a row that were received with one receipt, and are where they were sent. One pin, at
 * the first of them, keeps the room of all until they are handled.
 */
final class MessageRow {
  private final Ring ring;
  private final Pins pins;

  /** How many may be received. */
  int most;

  long position;
  long end;
  int pin;

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
    @Nullable Throwable first = null;
    try {
      for (long at = position; at != end; count++) {
        ring.enter();
        long message = at;
        long header = ring.header(message);
        at = ring.behind(message, header);
        try {
          handler.handle(ring.payloadOffset(message), ring.length(message, header));
        } catch (RuntimeException | Error thrown) {
          first = withSuppressed(first, thrown);
        }
      }
    } catch (RuntimeException | Error thrown) { // such as of a handler that closes the heap
      first = withSuppressed(thrown, first);
    } finally {
      pins.unreleased.slots[pin] = true; // no call: there may be no stack for one
      pins.unreleased.any = true;
      if (ring.heap.isOpen()) {
        pins.releaseNoted();
        ring.notFull.signalAll();
      }
    }
    if (first instanceof RuntimeException refused) {
      throw refused;
    }
    if (first instanceof Error failed) {
      throw failed;
    }
    return count;
  }

  private static Throwable withSuppressed(@Nullable Throwable first, @Nullable Throwable other) {
    if (first == null) {
      return Objects.requireNonNull(other);
    }
    if (other != null && other != first) {
      first.addSuppressed(other);
    }
    return first;
  }
}
