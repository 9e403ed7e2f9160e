package dev.rszshm.structures.internal.pool;

import dev.rszshm.heap.Heap;

/*
 * The order in which tasks are begun.
 *
 * Layout
 * ------
 * PoolLayout: a ring of words, twice as many as there are task slots or more, and the positions of its first word and of
 * the one behind its last. Positions are never used again; a lap is a position divided by the size of the ring.
 *
 * Protocol
 * --------
 * add:
 *  1 read the position behind the last word; 2 its word: from empty, of that lap, to the task slot, by compare-and-set;
 *  3 position: one up, by compare-and-set. Whoever finds at 1 a word that is not empty does 3 first. A word of
 *  an earlier lap: the ring is full.
 * take:
 *  4 read the position of the first word, and the word: the task slot; 5 claim that task, if it is ready
 *  (TaskSlots); 6 word: to empty, of the next lap, by compare-and-set; 7 position: one up, by
 *  compare-and-set. Whoever finds at 4 a word of the next lap does 7 first. Whoever finds at 5 that the task
 *  is not ready, or not any more, goes on with 6 as well.
 * The ring says in which order tasks are looked at, and nothing more: that a task is to be run is said by its own word.
 * A task may be in the ring that is not ready any more, because somebody took it off the queue: the number in the word
 * of the ring says that it is not for the next one of that slot. And one that is ready may not be there: then a word says so (2, full), or whoever has added it has died. Workers that wait look at all tasks.
 *
 * If a process dies here
 * ----------------------
 * Before 2 the task is not in the ring, and is found by a worker that waits. 2-3 and 6-7: the next one moves the position.
 * 5-6: the word stays, and the next one finds that its task is not ready.
 *
 * What wraps
 * ----------
 * Laps, after 2^24, and numbers in words of the ring, after 2^24 tasks of one slot: whoever is late would have to stand still for
 * exactly that long between two steps. An entry that is taken for that of a later task changes the order, and nothing else.
 */
final class ReadyRing {
  private final PoolTables tables;
  private final Heap heap;
  private final long head;
  private final long tail;
  private final int shift;
  private final int steps;

  /** Claims the task of a slot if it is ready, and the one that an entry is for. */
  interface Claimer {
    boolean claim(int slot, long entry);
  }

  ReadyRing(PoolTables tables) {
    this.tables = tables;
    this.heap = tables.heap;
    this.head = tables.at + PoolLayout.HEAD;
    this.tail = tables.at + PoolLayout.TAIL;
    int size = PoolLayout.ringSize(tables.slots);
    this.shift = Integer.numberOfTrailingZeros(size);
    this.steps = 1000 + 4 * size;
  }

  /** Moves a position on, unless somebody has. */
  private void advance(long place, long from) {
    heap.compareAndSetLong(place, from, from + 1);
  }

  /** Adds a task whose word has a number; false if there is no room, or too much is going on. */
  boolean add(int slot, int number) {
    for (int i = 0; i < steps; i++) {
      long position = heap.getLongVolatile(tail);
      long place = tables.ringWord(position);
      long lap = position >>> shift;
      long found = heap.getLongVolatile(place);
      int ahead = PoolLayout.ahead(found, lap);
      if (ahead < 0) {
        return false;
      }
      if (ahead == 0 && PoolLayout.slot(found) < 0) {
        if (heap.compareAndSetLong(place, found, PoolLayout.entry(lap, slot, number))) {
          advance(tail, position);
          return true;
        }
      } else {
        advance(tail, position);
      }
    }
    return false;
  }

  /** Takes tasks off until one can be claimed; false if there is none. */
  boolean take(Claimer claimer) {
    for (int i = 0; i < steps; i++) {
      long position = heap.getLongVolatile(head);
      long place = tables.ringWord(position);
      long lap = position >>> shift;
      long found = heap.getLongVolatile(place);
      int slot = PoolLayout.slot(found);
      int ahead = PoolLayout.ahead(found, lap);
      if (ahead > 0) {
        advance(head, position);
      } else if (ahead == 0 && slot >= 0) {
        boolean claimed = slot < tables.slots && claimer.claim(slot, found);
        if (heap.compareAndSetLong(place, found, PoolLayout.empty(lap + 1))) {
          advance(head, position);
        }
        if (claimed) {
          return true;
        }
      } else {
        return false; // empty, or of a lap that this one has not come to: damaged, and skipped
      }
    }
    return false;
  }

  /** About how many tasks are in it. */
  long size() {
    return Math.max(0, heap.getLongVolatile(tail) - heap.getLongVolatile(head));
  }
}
