package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.process.ProcessState;
import dev.rszshm.structures.internal.process.Unreleased;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The pins through which messages are received that are to be acknowledged; {@link
 * AcknowledgedReceipts} says what they are for. All is read and written through checked accessors.
 */
final class AcknowledgmentPins {
  static final int NONE = -1;

  private final Ring ring;
  private final Heap heap;
  private final long pins;
  private final long pinned;
  private final int tag;

  /** Pins of this process that no receipt holds, because something was thrown. */
  final Unreleased unreleased;

  /** Which threads of this process have the messages of which pins. */
  private final Holders holders;

  private static final class Holders {
    final AtomicReferenceArray<@Nullable Thread> threads =
        new AtomicReferenceArray<>(RingLayout.PIN_COUNT);
  }

  AcknowledgmentPins(Ring ring) {
    this.holders = ProcessState.of(ring.heap, ring.offset, Holders.class, Holders::new);
    this.ring = ring;
    this.heap = ring.heap;
    this.pins = ring.offset + RingLayout.PINS;
    this.pinned = ring.offset + RingLayout.PINNED;
    this.tag = ring.tag();
    this.unreleased = Unreleased.of(heap, pins, RingLayout.PIN_COUNT);
  }

  private long wordOffset(int pin) {
    return pins + (long) pin * RingLayout.PIN_LENGTH;
  }

  private long positionOffset(int pin) {
    return wordOffset(pin) + Long.BYTES;
  }

  long word(int pin) {
    return heap.getLongVolatile(wordOffset(pin));
  }

  long position(int pin) {
    return heap.getLongVolatile(positionOffset(pin));
  }

  /**
   * Whether the message at a position was received through a pin, and the room is not used again.
   */
  boolean has(int pin, long position) {
    return ring.isTakenBy(position, pin);
  }

  boolean isOfNobody(long word, boolean alsoOfTheDead) {
    int holder = PinLayout.tag(word);
    return holder == 0 || alsoOfTheDead && holder != tag && !heap.isAlive(holder);
  }

  /** Takes a pin that has no message; if it has one after all, the caller receives that. */
  int take() {
    int used = used();
    for (int pin = 0; pin < RingLayout.PIN_COUNT; pin++) {
      if (pin >= used) {
        heap.compareAndSetInt(pinned, pin, pin + 1);
        used = used();
      }
      long found = word(pin);
      if (PinLayout.tag(found) == 0 && tryTake(pin, found)) {
        return pin;
      }
    }
    for (int pin = 0; pin < RingLayout.PIN_COUNT; pin++) {
      long found = word(pin);
      if (isOfNobody(found, true) && tryTake(pin, found)) {
        return pin;
      }
    }
    return NONE;
  }

  /** Pins from this on were never used. */
  int used() {
    return Math.max(0, Math.min(RingLayout.PIN_COUNT, heap.getIntVolatile(pinned)));
  }

  private boolean tryTake(int pin, long found) {
    long own = PinLayout.word(tag, PinLayout.length(found), PinLayout.deliveries(found));
    return heap.compareAndSetLong(wordOffset(pin), found, own);
  }

  void set(int pin, long position, int length) {
    heap.putLongVolatile(wordOffset(pin), PinLayout.word(tag, length, 1));
    heap.putLongVolatile(positionOffset(pin), position);
  }

  /** Gives up a pin, with what it has. */
  void release(int pin) {
    try {
      free(pin);
    } catch (Throwable thrown) {
      unreleased.slots[pin] = true; // no call: there may be no stack for one
      unreleased.any = true;
      throw thrown;
    }
  }

  /** As {@link #release}, but if something is thrown, the caller has the pin still. */
  void free(int pin) {
    long found = word(pin);
    heap.putLongVolatile(
        wordOffset(pin), PinLayout.word(0, PinLayout.length(found), PinLayout.deliveries(found)));
  }

  /** Gives up a pin and drops what it has; if something is thrown, the caller has it still. */
  void drop(int pin) {
    heap.putLongVolatile(positionOffset(pin), 0);
    heap.putLongVolatile(wordOffset(pin), 0);
  }

  void acknowledge(int pin) {
    try {
      drop(pin);
    } catch (Throwable thrown) {
      unreleased.slots[pin] = true; // no call: there may be no stack for one
      unreleased.any = true;
      throw thrown;
    }
    signalDropped();
  }

  /** Wakes who waits for a message to be acknowledged. */
  void signalDropped() {
    ring.notFull.signalAll();
    if (ring.notEmpty.mayHaveSleepers() && ring.isShutdown()) {
      ring.notEmpty.signalAll(); // receivers wait for the last acknowledgment
    }
  }

  void releaseNoted() {
    if (!unreleased.any) {
      return;
    }
    unreleased.release(
        pin -> {},
        pin -> {
          if (PinLayout.tag(word(pin)) == tag) {
            free(pin);
          }
        });
    ring.notEmpty.signalAll();
  }

  /** Returns the oldest position whose room is in use. */
  long oldest(long head) {
    long oldest = head;
    int used = used();
    for (int pin = 0; pin < used; pin++) {
      long position = position(pin);
      if (position > 0 && position < oldest && has(pin, position)) {
        oldest = position;
      }
    }
    return oldest;
  }

  /** Makes a pin with a word that was found one's own, for one delivery more. */
  boolean takeOver(int pin, long found) {
    int deliveries = PinLayout.deliveries(found) + 1;
    return heap.compareAndSetLong(
        wordOffset(pin), found, PinLayout.word(tag, PinLayout.length(found), deliveries));
  }

  /** Notes that the current thread has a message. */
  void hold(int pin) {
    holders.threads.set(pin, Thread.currentThread());
  }

  /** The thread of this process that has a message; null if none is known. */
  @Nullable Thread holder(int pin) {
    return holders.threads.get(pin);
  }

  /** Notes that a thread has a message no more, unless another has the pin by now. */
  void letGo(int pin, @Nullable Thread holder) {
    holders.threads.compareAndSet(pin, holder, null);
  }

  /**
   * Whether somebody else has a message, who may give it back: nobody yet, another process, or
   * another thread of this one that lives.
   */
  boolean isAnyInOtherHands() {
    int used = used();
    for (int pin = 0; pin < used; pin++) {
      if (has(pin, position(pin))) {
        Thread holder = holders.threads.get(pin);
        boolean another = holder != null && holder != Thread.currentThread() && holder.isAlive();
        if (another || PinLayout.tag(word(pin)) != tag) {
          return true;
        }
      }
    }
    return false;
  }
}
