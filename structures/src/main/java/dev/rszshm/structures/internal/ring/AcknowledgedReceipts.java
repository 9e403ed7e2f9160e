package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.errors.DamagedChannelException;
import dev.rszshm.sync.Deadline;
import org.jspecify.annotations.Nullable;

/*
 * Receives messages that are acknowledged: what a receiver has not acknowledged when it dies, or gives
 * back, is received again by somebody else.
 *
 * Layout
 * ------
 * The pins of RingLayout, with words as PinLayout says. A pin *has* a message if its position is the one
 * of a granule whose header says TAKEN, in the lap of that position, by this pin. All receivers of the
 * channel use this protocol, and none moves the head over a message in another way. How many pins were
 * ever used is written down before the first use of each, so that nobody looks at the others.
 *
 * Protocol
 * --------
 * receive:
 *  1 does a pin of nobody, or of a dead one, have a message? Of several, the oldest: make the pin one's
 *    own, by compare-and-set of the word, one delivery more. This is the receipt: done;
 *  2 take a pin that has none: its word from 0, or from that of a dead one, to the own tag, by
 *    compare-and-set. If it has a message all the same, that is the receipt: as at 1;
 *  3 with a pin of one's own, read the head, and the header there: MESSAGE, or go on as Ring says;
 *  4 word of the pin: tag, length of the message, one delivery; then its position;
 *  5 header: from MESSAGE to TAKEN by this pin, by compare-and-set. This is the receipt. If somebody else
 *    was faster: go on at 3;
 *  6 move the head behind the message. Whoever meets a TAKEN header at the head does it too.
 * acknowledge: 7 position 0. This ends it; 8 word 0; 9 wake the senders.
 * give back: 10 word 0; the position stays, and so the pin has the message; 11 wake a receiver.
 * The header is read at 3 after the pin is one's own: so the message at 5 cannot be one that an earlier
 * holder of the pin has received, and a pin has a message if and only if that was received through it
 * and not acknowledged.
 * Whoever looks for room reads the head first and then the positions: a pin that has a message keeps its
 * room, and all behind it, whoever holds the pin. A message before the head was TAKEN before the head has
 * moved, and its position was written before that.
 *
 * Which pins are of the dead costs a system call for each: it is asked when there is nothing at the head,
 * and every 10 ms otherwise.
 *
 * If a process dies here
 * ----------------------
 * 1: the pin is of another dead one, and has the message. 2-5: a pin of the dead without a message, which
 * whoever needs one takes. 5-7: a pin of the dead that has a message, for the next at 1. 7-8: one without.
 * 10: the message is of nobody, and received at 1. Before 9 or 11: others look again within 50 ms.
 *
 * If something is thrown here, the pin is noted with no call, because there may be no stack for one. The
 * next call of this process gives it back: 10.
 */

/** The receipts of a channel whose receivers acknowledge messages. */
public final class AcknowledgedReceipts {
  /** How long messages of the dead may wait while there are others. */
  private static final long QUESTION_NANOS = 10_000_000;

  private final Ring ring;
  private final Heap heap;
  private final AcknowledgmentPins pins;
  private volatile Deadline question;

  AcknowledgedReceipts(Ring ring) {
    this.ring = ring;
    this.heap = ring.heap;
    this.pins = new AcknowledgmentPins(ring);
    this.question = Deadline.after(heap, 0);
  }

  /** An attempt to receive a message, and the receipt if it was DONE. */
  public final class Reach implements Attempt {
    private @Nullable Receipt receipt;

    /** Returns the receipt of a message that was received; null if none was. */
    public @Nullable Receipt receipt() {
      return receipt;
    }

    @Override
    public Outcome make() {
      receipt = null;
      return receive(this);
    }
  }

  /** Returns an attempt to receive a message. */
  public Reach reach() {
    return new Reach();
  }

  private Outcome receive(Reach reach) {
    ring.enter();
    pins.releaseNoted();
    boolean late = question.hasPassed();
    reach.receipt = receiveAgain(late);
    if (reach.receipt != null) {
      return Outcome.DONE;
    }
    if (late) {
      question = Deadline.after(heap, QUESTION_NANOS);
    }
    Outcome outcome = receiveNext(reach);
    if (outcome != Outcome.DONE && !late) {
      reach.receipt = receiveAgain(true);
      if (reach.receipt != null) {
        return Outcome.DONE;
      }
    }
    return outcome == Outcome.SHUTDOWN && pins.isAnyInOtherHands() ? Outcome.NOT_YET : outcome;
  }

  /** Receives the oldest message that a pin of nobody, or of a dead one, has; null if none has. */
  private @Nullable Receipt receiveAgain(boolean alsoOfTheDead) {
    for (int i = 0; i < RingLayout.PIN_COUNT; i++) {
      int pin = oldestToGiveAgain(alsoOfTheDead);
      if (pin == AcknowledgmentPins.NONE) {
        return null;
      }
      long found = pins.word(pin);
      if (pins.isOfNobody(found, alsoOfTheDead) && pins.has(pin, pins.position(pin))) {
        Receipt receipt = takeOver(pin, found);
        if (receipt != null) {
          return receipt;
        }
      }
    }
    return null;
  }

  private int oldestToGiveAgain(boolean alsoOfTheDead) {
    int oldest = AcknowledgmentPins.NONE;
    long least = Long.MAX_VALUE;
    int used = pins.used();
    for (int pin = 0; pin < used; pin++) {
      long position = pins.position(pin);
      if (position > 0
          && position < least
          && pins.has(pin, position)
          && pins.isOfNobody(pins.word(pin), alsoOfTheDead)) {
        oldest = pin;
        least = position;
      }
    }
    return oldest;
  }

  /** Makes a pin of nobody one's own; null if another was faster, or it has no message. */
  private @Nullable Receipt takeOver(int pin, long found) {
    if (!pins.takeOver(pin, found)) {
      return null;
    }
    int length = PinLayout.length(found);
    int deliveries = PinLayout.deliveries(found) + 1;
    long position;
    boolean has;
    boolean whole;
    try {
      position = pins.position(pin);
      has = pins.has(pin, position);
      whole = has && ring.isWhole(position, length);
      if (whole) {
        return new PinReceipt(
            pin, position, length, Math.min(deliveries, PinLayout.MAX_DELIVERIES));
      }
    } catch (Throwable thrown) {
      pins.unreleased.slots[pin] = true; // no call: there may be no stack for one
      pins.unreleased.any = true;
      throw thrown;
    }
    if (has) {
      pins.acknowledge(pin);
      throw damaged(position, length);
    }
    pins.release(pin);
    return null;
  }

  private DamagedChannelException damaged(long position, int length) {
    heap.requireOpen(); // or what was read is nothing
    return new DamagedChannelException(
        ring
            + " is damaged: found a message of "
            + length
            + " bytes to be given again at position "
            + position
            + ", expected one that fits there. It is dropped");
  }

  /** Receives the message at the head. */
  private Outcome receiveNext(Reach reach) {
    int pin = AcknowledgmentPins.NONE;
    long position = ring.head();
    try {
      while (true) {
        long header = ring.header(position);
        if (!ring.isMessage(position, header)) {
          position = ring.pass(position, header);
          if (position <= 0) {
            return Outcome.of(position);
          }
        } else if (pin == AcknowledgmentPins.NONE) {
          pin = pins.take();
          if (pin == AcknowledgmentPins.NONE) {
            return Outcome.BUSY;
          }
          if (pins.has(pin, pins.position(pin))) {
            int taken = pin;
            pin = AcknowledgmentPins.NONE;
            reach.receipt = takeOver(taken, pins.word(taken));
            if (reach.receipt != null) {
              return Outcome.DONE;
            }
          }
          position = ring.head(); // read again, now that the pin is one's own
        } else {
          int length = ring.length(position, header);
          pins.set(pin, position, length);
          if (ring.take(position, header, pin)) {
            reach.receipt = new PinReceipt(pin, position, length, 1);
            pin = AcknowledgmentPins.NONE;
            return Outcome.DONE;
          }
          position = ring.head();
        }
      }
    } catch (Throwable thrown) {
      if (pin != AcknowledgmentPins.NONE) {
        pins.unreleased.slots[pin] = true; // no call: there may be no stack for one
        pins.unreleased.any = true;
        pin = AcknowledgmentPins.NONE;
      }
      throw thrown;
    } finally {
      if (pin != AcknowledgmentPins.NONE) {
        pins.release(pin);
      }
    }
  }

  /** Says whether something can be received now, and receives nothing. */
  public Outcome look() {
    ring.enter();
    if (oldestToGiveAgain(true) != AcknowledgmentPins.NONE) {
      return Outcome.DONE;
    }
    long position = ring.head();
    while (position > 0) {
      long header = ring.header(position);
      if (!ring.isMessage(position, header)) {
        position = ring.pass(position, header);
      } else if (ring.head() == position) {
        return Outcome.DONE;
      } else {
        position = ring.head();
      }
    }
    Outcome outcome = Outcome.of(position);
    return outcome == Outcome.SHUTDOWN && pins.isAnyInOtherHands() ? Outcome.NOT_YET : outcome;
  }

  /** Returns the oldest position whose room is in use. */
  long oldest(long head) {
    return pins.oldest(head);
  }

  private final class PinReceipt extends Receipt {
    private final long position;
    private final int length;
    private final int deliveries;

    PinReceipt(int pin, long position, int length, int deliveries) {
      super(pins.unreleased, pin);
      this.position = position;
      this.length = length;
      this.deliveries = deliveries;
      pins.hold(pin);
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
      return deliveries;
    }

    @Override
    public void done() {
      ring.enter();
      Thread holder = pins.holder(pin);
      pins.drop(pin);
      ended = true;
      pins.letGo(pin, holder);
      pins.signalDropped();
    }

    @Override
    public void close() {
      ring.enter();
      Thread holder = pins.holder(pin);
      pins.free(pin);
      ended = true;
      pins.letGo(pin, holder);
      ring.notEmpty.signalOne();
    }
  }
}
