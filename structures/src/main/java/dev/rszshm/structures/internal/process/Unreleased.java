package dev.rszshm.structures.internal.process;

import dev.rszshm.heap.Heap;
import java.util.function.IntConsumer;

/**
 * Slots of a table that this process has taken and nobody in it holds any more, because something
 * was thrown. A thread notes one by storing into the fields, which needs no call: there may be no
 * stack for one. Whoever uses the table next in this process, through any handle, releases them.
 */
public final class Unreleased {
  /** Which slots are noted; true is stored before {@link #any}. */
  public final boolean[] slots;

  /** Whether there may be one. */
  public volatile boolean any;

  private Unreleased(int size) {
    this.slots = new boolean[size];
  }

  /**
   * Returns what all handles of this process for a table have in common.
   *
   * @param table the offset of the table in the heap
   * @param size number of its slots
   */
  public static Unreleased of(Heap heap, long table, int size) {
    return ProcessState.of(heap, table, Unreleased.class, size, () -> new Unreleased(size));
  }

  /**
   * Releases the slots that are noted. If something is thrown, those that are left stay noted.
   *
   * @param settle what a slot needs before it can be free; may be done again
   * @param free makes a slot free
   */
  public synchronized void release(IntConsumer settle, IntConsumer free) {
    any = false;
    try {
      for (int slot = 0; slot < slots.length; slot++) {
        if (slots[slot]) {
          settle.accept(slot);
          free(slot, free);
        }
      }
    } catch (Throwable thrown) {
      any = true;
      throw thrown;
    }
  }

  private void free(int slot, IntConsumer free) {
    slots[slot] = false; // before another thread can have it
    try {
      free.accept(slot);
    } catch (Throwable thrown) {
      slots[slot] = true; // no call: there may be no stack for one
      throw thrown;
    }
  }
}
