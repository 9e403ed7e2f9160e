package dev.rszshm.structures.channel;

import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.internal.ring.Outcome;
import dev.rszshm.structures.internal.ring.PartReceiver;
import dev.rszshm.structures.internal.ring.PinnedReceipt;
import dev.rszshm.structures.internal.ring.Pins;
import dev.rszshm.structures.internal.ring.Ring;
import dev.rszshm.structures.internal.ring.RingLayout;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Receives messages where they are, which are lost if their receiver dies. */
final class InPlaceReceiver {
  private static final int NONE = -1;

  private final Ring ring;
  private final @Nullable PartReceiver parts;

  /**
   * Makes one.
   *
   * @param parts receives messages in parts; null if there are none
   */
  InPlaceReceiver(Ring ring, @Nullable PartReceiver parts) {
    this.ring = ring;
    this.parts = parts;
  }

  /** Receives what begins at the head, which a pin keeps. */
  private interface HeadReceipt {
    /** Returns whether nobody else was faster. */
    boolean receive(long position, long header, int pin);
  }

  /** Receives a message, if there is one. */
  Outcome take(Consumer<Message> taken) {
    return receive(
        (position, header, pin) -> {
          int length = ring.length(position, header);
          if (!ring.consume(position, header)) {
            return false;
          }
          taken.accept(new Message(ring, new PinnedReceipt(ring, pin, position, length)));
          return true;
        });
  }

  /** Receives messages in a row with one receipt, if there is one. */
  Outcome take(MessageRow row) {
    return receive(
        (position, header, pin) -> {
          long end = position;
          long next = header;
          for (int i = 0; i < row.most && ring.isMessage(end, next); i++) {
            end = ring.behind(end, next);
            next = ring.header(end);
          }
          if (!ring.consumeUntil(position, end)) {
            row.most = Math.max(1, row.most / 2); // others are at it: fewer are sooner received
            return false;
          }
          row.position = position;
          row.end = end;
          row.pin = pin;
          row.isReceived = true;
          return true;
        });
  }

  private Outcome receive(HeadReceipt receipt) {
    ring.enter();
    Pins pins = ring.pins();
    int pin = NONE;
    Outcome outcome = null;
    try {
      long position = ring.head();
      while (outcome == null) {
        long header = ring.header(position);
        if (ring.isMessage(position, header)) {
          if (pin == NONE) {
            pin = takePin();
          }
          pins.set(pin, position);
          if (receipt.receive(position, header, pin)) {
            return Outcome.DONE;
          }
          position = ring.head();
        } else if (parts != null && ring.isPart(position, header)) {
          outcome = refusePart(parts, position, header) == Outcome.NOT_YET ? Outcome.NOT_YET : null;
          position = ring.head();
        } else {
          position = ring.pass(position, header);
          outcome = position <= 0 ? Outcome.of(position) : null;
        }
      }
    } catch (Throwable thrown) {
      if (pin != NONE) {
        pins.unreleased.slots[pin] = true; // no call: there may be no stack for one
        pins.unreleased.any = true;
        releaseAfter(pins, thrown);
      }
      throw thrown;
    }
    if (pin != NONE) {
      pins.unreleased.slots[pin] = true;
      pins.unreleased.any = true;
      release(pins);
    }
    return outcome;
  }

  private void release(Pins pins) {
    pins.releaseNoted();
    ring.notFull.signalAll();
  }

  private void releaseAfter(Pins pins, Throwable thrown) {
    try {
      if (ring.heap.isOpen()) {
        release(pins);
      }
    } catch (RuntimeException also) {
      thrown.addSuppressed(also);
    }
  }

  private Outcome refusePart(PartReceiver receiver, long position, long header) {
    Outcome outcome = receiver.look(position, header);
    if (outcome == Outcome.DONE) {
      throw new MessageLengthException(
          "the next message is longer than "
              + ring.geometry.longest()
              + " bytes and comes in parts, which are nowhere in a row: it is still there,"
              + " receive it");
    }
    return outcome;
  }

  private int takePin() {
    int pin = ring.pins().take();
    if (pin < 0) {
      throw new IllegalStateException(
          RingLayout.PIN_COUNT
              + " messages of "
              + ring
              + " were taken and not closed, and that is all there can be: close some");
    }
    return pin;
  }
}
