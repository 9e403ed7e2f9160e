package dev.rszshm.structures.sorted;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.internal.process.SettledSlot;

/*
 * A change of the tree, so that all of it happens or nothing: nodes that are made and come into the tree, nodes and a
 * value that come out of it, and the number of entries.
 *
 * Layout
 * ------
 * SortedMapLayout: the state, the change, and the slots. The map's lock excludes all others.
 *
 * Protocol
 * --------
 * 1 state := 1, with no slot in use;
 * 2 each new node: the spare one is taken first; others are allocated, each into a new slot, whose number is
 *   raised before, and which is settled then (SettledSlot), since the tree has clean references. A node is written, and then its stamp. So is a new value outside;
 * 3 copy the references of all nodes that come out of the tree into old slots, and so for the old value; say what place is
 *   to become what, and how many entries there are then; state := 2;
 * 4 place := the new word, volatile: this is when it happens;
 * 5 the stamp of each old node := 0, so that no reader relies on it (Descent); number of entries; the first
 *   old node into the slot of the spare one, if that was taken, or, when all is cleared, into the one for garbage; the new
 *   slots := 0: the tree has what they had;
 * 6 state := 3: the old slots have what the tree had; free from each of them (Allocator.freeFrom); state := 0.
 * A change that takes out an entry needs no memory but the spare node if it leaves its neighbors as they are. The first
 * entry of a map takes two nodes for that. So what is in the map can always be removed or replaced by something as long, with a heap that is full.
 *
 * If a process dies here
 * ----------------------
 * Whoever has the lock next has it after the lanes of the dead were recovered, so that each slot says what it has, and
 * looks at the state. 1, or 2 and the place does not have the new word: nothing has happened; free from the new
 * slots, state := 0. 2 and it has it: 5, which can be done again: an old slot that was given on is 0 and is left alone; then 6. 3: 6. The new word
 * is never what was there before: both blocks are in use at once, or one of the words is 0.
 * An error in this process is settled in the same way.
 */
final class TreeChange {
  static final int NONE = 0;
  static final int BUILDING = 1;
  static final int READY = 2;
  static final int FREEING = 3;

  private final SortedTable table;
  private final Allocator allocator;
  private final Heap heap;
  private final Memory memory;
  private final long at;

  /** What the record of this change says, for the one who has the lock. */
  private int newNodes;

  private int oldNodes;
  private boolean tookSpare;

  TreeChange(SortedTable table) {
    this.table = table;
    this.allocator = table.allocator;
    this.heap = table.heap;
    this.memory = RawAccess.of(heap, TreeChange.class);
    this.at = table.at;
  }

  private long get(long offset) {
    return heap.getLongAcquire(at + offset);
  }

  private void put(long offset, long word) {
    heap.putLongRelease(at + offset, word);
  }

  boolean isUnsettled() {
    return get(SortedMapLayout.STATE) != NONE;
  }

  // Building.

  void begin() {
    newNodes = 0;
    oldNodes = 0;
    tookSpare = false;
    put(SortedMapLayout.CHANGE_NEW, 0);
    put(SortedMapLayout.CHANGE_OLD, 0);
    put(SortedMapLayout.STATE, BUILDING);
  }

  /** Lets there be a spare node. */
  void ensureSpare() {
    if (get(SortedMapLayout.SPARE) == 0) {
      allocate(SortedMapLayout.SPARE, table.nodeLength);
    }
  }

  private long allocate(long slot, long bytes) {
    long block = allocator.allocateInto(at + slot, bytes);
    if (block == 0) {
      throw table.damaged(at + slot, get(slot), "0");
    }
    SettledSlot.settle(allocator, at + slot);
    return block;
  }

  /** Makes a node; returns its reference. */
  long make(byte[] node, boolean maySpare) {
    long slot = SortedMapLayout.SPARE;
    if (!maySpare || tookSpare || get(slot) == 0) {
      slot = SortedMapLayout.newNode(newNodes);
      newNodes = requireSlot(newNodes + 1);
      put(SortedMapLayout.CHANGE_NEW, newNodes);
      allocate(slot, table.nodeLength);
    } else {
      tookSpare = true;
    }
    long word = get(slot);
    long block = table.requireBlock(at + slot, word, table.nodeLength);
    long stamps = get(SortedMapLayout.STAMPS) + 1;
    put(SortedMapLayout.STAMPS, stamps);
    memory.releaseFence(); // so that a reader who sees any of this sees that it was taken out
    heap.putArray(block + Long.BYTES, node, Long.BYTES, node.length - Long.BYTES);
    long stamp = stamps ^ table.seed;
    heap.putLongRelease(block, stamp == 0 ? table.seed : stamp); // 0 would be one that is out
    return word;
  }

  /** Makes a value outside; returns its reference. */
  long makeValue(byte[] value) {
    long block = allocate(SortedMapLayout.NEW_VALUE, value.length);
    heap.putBytes(block, value);
    long word = get(SortedMapLayout.NEW_VALUE);
    table.requireBlock(at + SortedMapLayout.NEW_VALUE, word, value.length);
    return word;
  }

  private int requireSlot(int used) {
    if (used > SortedMapLayout.SLOTS) {
      throw table.damaged(at, used, "a tree of a height that can be");
    }
    return used;
  }

  /** Says that a node comes out of the tree. */
  void takeOut(long word) {
    put(SortedMapLayout.oldNode(oldNodes), word);
    oldNodes = requireSlot(oldNodes + 1);
  }

  // Swapping.

  /**
   * Lets it happen.
   *
   * @param place offset of the place that changes
   * @param oldValue the reference of the value outside that comes out of the tree; 0: none
   */
  void swap(long place, long word, long count, long oldValue) {
    finish(place, word, count, oldValue, tookSpare ? at + SortedMapLayout.SPARE : 0);
  }

  /** Lets the whole tree be garbage. */
  void clear(long root) {
    takeOut(root);
    finish(at + SortedMapLayout.ROOT, 0, 0, 0, at + SortedMapLayout.GARBAGE);
  }

  private void finish(long place, long word, long count, long oldValue, long keep) {
    put(SortedMapLayout.OLD_VALUE, oldValue);
    put(SortedMapLayout.CHANGE_OLD, oldNodes);
    put(SortedMapLayout.CHANGE_PLACE, place);
    put(SortedMapLayout.CHANGE_WORD, word);
    put(SortedMapLayout.CHANGE_COUNT, count);
    put(SortedMapLayout.CHANGE_KEEP, keep);
    put(SortedMapLayout.STATE, READY);
    heap.putLongVolatile(place, word);
    complete(count, keep, newNodes, oldNodes);
    free(oldNodes);
  }

  private void complete(long count, long keep, int made, int out) {
    for (int i = 0; i < out; i++) {
      long slot = SortedMapLayout.oldNode(i);
      long word = get(slot);
      if (word != 0) {
        heap.putLongRelease(table.requireBlock(at + slot, word, table.nodeLength), 0);
      }
    }
    put(SortedMapLayout.COUNT, count);
    long first = out == 0 ? 0 : get(SortedMapLayout.oldNode(0));
    if (keep != 0 && first != 0) {
      heap.putLongRelease(keep, first);
      put(SortedMapLayout.oldNode(0), 0);
    }
    for (int i = 0; i < made; i++) {
      put(SortedMapLayout.newNode(i), 0);
    }
    if (get(SortedMapLayout.NEW_VALUE) != 0) {
      put(SortedMapLayout.NEW_VALUE, 0);
    }
    put(SortedMapLayout.STATE, FREEING);
  }

  private void free(int out) {
    for (int i = 0; i < out; i++) {
      freeFrom(SortedMapLayout.oldNode(i));
    }
    freeFrom(SortedMapLayout.OLD_VALUE);
    put(SortedMapLayout.STATE, NONE);
  }

  private void freeFrom(long slot) {
    SettledSlot.free(allocator, at + slot);
  }

  // What somebody has left.

  /** Ends what somebody has left, or undoes it. */
  void settle() {
    long state = get(SortedMapLayout.STATE);
    if (state == NONE) {
      return;
    }
    if (state < 0 || state > FREEING) {
      throw table.damaged(at + SortedMapLayout.STATE, state, "0 to 3");
    }
    int out = number(SortedMapLayout.CHANGE_OLD);
    if (state == READY) {
      long place = get(SortedMapLayout.CHANGE_PLACE);
      long keep = get(SortedMapLayout.CHANGE_KEEP);
      if (!table.isWithin(place, Long.BYTES)
          || (keep != 0
              && keep != at + SortedMapLayout.SPARE
              && keep != at + SortedMapLayout.GARBAGE)) {
        throw table.damaged(at + SortedMapLayout.CHANGE_PLACE, place, "a place, and a slot");
      }
      if (heap.getLongAcquire(place) == get(SortedMapLayout.CHANGE_WORD)) {
        int made = number(SortedMapLayout.CHANGE_NEW);
        complete(get(SortedMapLayout.CHANGE_COUNT), keep, made, out);
        state = FREEING;
      }
    }
    if (state == FREEING) {
      free(out);
    } else {
      undo();
    }
  }

  private void undo() {
    int made = number(SortedMapLayout.CHANGE_NEW);
    for (int i = 0; i < made; i++) {
      freeFrom(SortedMapLayout.newNode(i));
    }
    freeFrom(SortedMapLayout.NEW_VALUE);
    long spare = get(SortedMapLayout.SPARE);
    if (spare != 0 && !SortedMapLayout.isReference(spare)) {
      SettledSlot.free(allocator, at + SortedMapLayout.SPARE); // its allocation was cut short
    }
    put(SortedMapLayout.STATE, NONE);
  }

  private int number(long offset) {
    long number = get(offset);
    if (number < 0 || number > SortedMapLayout.SLOTS) {
      throw table.damaged(at + offset, number, "0 to " + SortedMapLayout.SLOTS);
    }
    return (int) number;
  }
}
