package dev.rszshm.structures.map;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.structures.internal.process.Unreleased;
import dev.rszshm.structures.map.errors.TooManyReadersException;

/*
 * Entries that are read where they are.
 *
 * Layout
 * ------
 * MapLayout: 64 pins, each with the tag of its holder and a block; and how many of them were ever used.
 *
 * Protocol
 * --------
 * read in place (Reads):
 *  1 take a pin: its tag from 0, by compare-and-set; raise the number of pins that were used;
 *  2 the pin's block := the block, volatile; 3 read the place again, volatile, and the stamp. Not the same: another
 *    block, or none; 4 read; 5 block := 0; 6 tag := 0; 7 if something is retired, and nobody may come by soon who
 *    frees it: try to (Disposal).
 * free what was taken out of a place (Disposal):
 *  a it is out: that store was volatile; b look at the pins: none has the block: free it. One has it: retire it.
 * 2 before 3 and a before b, all volatile: of a reader that goes on at 4 and somebody who takes the entry
 * out, b sees the pin, or 3 sees that it is out. A pin that is set later names a block that is out, and its
 * reader gives it up at 3 without having read.
 * So a reader that stands still keeps one block from being freed, for each of its pins, whatever the others do.
 *
 * If a process dies here
 * ----------------------
 * Its pins are those of the dead: whoever finds a block in one, or needs a pin, takes it: tag to its own, by
 * compare-and-set, and then 5 and 6. What it kept from being freed is freed by the next one who changes the shard.
 */
final class Pins {
  private final Heap heap;
  private final long at;
  private final long tag;

  /** Pins whose release something thrown has ended. */
  private final Unreleased unreleased;

  Pins(Heap heap, long map) {
    this.heap = heap;
    this.at = map;
    this.tag = heap.self().map(Participant::tag).orElse(0);
    this.unreleased = Unreleased.of(heap, map + MapLayout.PINS, MapLayout.PIN_COUNT);
  }

  private long pin(int number) {
    return at + MapLayout.PINS + (long) number * MapLayout.PIN_LENGTH;
  }

  /**
   * Takes a pin.
   *
   * @throws TooManyReadersException if all are in use by the living
   */
  int take() {
    heap.requireWritable();
    if (unreleased.any) {
      releaseAgain();
    }
    for (int number = 0; number < MapLayout.PIN_COUNT; number++) {
      if (heap.getLongVolatile(pin(number)) == 0 && heap.compareAndSetLong(pin(number), 0, tag)) {
        raise(number + 1);
        return number;
      }
    }
    for (int number = 0; number < MapLayout.PIN_COUNT; number++) {
      if (takeFromTheDead(number)) {
        return number;
      }
    }
    throw new TooManyReadersException(
        MapLayout.PIN_COUNT
            + " threads read values of the map at offset "
            + at
            + " of "
            + heap.path()
            + " in place, which is all that can: copy the value, or read for a shorter time");
  }

  private void raise(int used) {
    int found = heap.getIntVolatile(at + MapLayout.PINS_USED);
    while (found < used) {
      found = heap.compareAndExchangeInt(at + MapLayout.PINS_USED, found, used);
    }
  }

  private boolean takeFromTheDead(int number) {
    long holder = heap.getLongVolatile(pin(number));
    if (holder == 0
        || heap.isAlive((int) holder)
        || !heap.compareAndSetLong(pin(number), holder, tag)) {
      return false;
    }
    heap.putLongVolatile(pin(number) + MapLayout.PIN_BLOCK, 0);
    return true;
  }

  void set(int number, long block) {
    heap.putLongVolatile(pin(number) + MapLayout.PIN_BLOCK, block);
  }

  /** Gives a pin back; if something is thrown, whoever needs one next does it again. */
  void release(int number) {
    boolean released = false;
    try {
      free(number);
      released = true;
    } finally {
      if (!released) {
        unreleased.slots[number] = true; // no call: there may be no stack for one
        unreleased.any = true;
      }
    }
  }

  private void free(int number) {
    heap.putLongVolatile(pin(number) + MapLayout.PIN_BLOCK, 0);
    heap.putLongVolatile(pin(number), 0);
  }

  private void releaseAgain() {
    unreleased.release(number -> set(number, 0), number -> heap.putLongVolatile(pin(number), 0));
  }

  private int used() {
    return Math.max(
        0, Math.min(MapLayout.PIN_COUNT, heap.getIntVolatile(at + MapLayout.PINS_USED)));
  }

  /** Whether somebody alive reads a block in place. */
  boolean isPinned(long block) {
    int used = used();
    if (used != 0 && unreleased.any) {
      releaseAgain();
    }
    for (int number = 0; number < used; number++) {
      if (heap.getLongVolatile(pin(number) + MapLayout.PIN_BLOCK) == block) {
        if (!takeFromTheDead(number)) {
          return true;
        }
        release(number);
      }
    }
    return false;
  }

  /** The number of pins with a block. */
  int count() {
    int count = 0;
    for (int number = 0; number < used(); number++) {
      count += heap.getLongVolatile(pin(number) + MapLayout.PIN_BLOCK) == 0 ? 0 : 1;
    }
    return count;
  }
}
