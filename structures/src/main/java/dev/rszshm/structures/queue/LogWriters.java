package dev.rszshm.structures.queue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.structures.internal.process.Unreleased;
import dev.rszshm.structures.queue.errors.TooManyWritersException;
import java.time.Duration;

/*
 * Those who append to a log. None waits for another, wherever that stands still or dies.
 *
 * Layout
 * ------
 * RingLogLayout: 64 writers, each with the tag of its holder, a cell, and a state.
 *
 * Protocol
 * --------
 *  1 take a writer: its tag from 0, by compare-and-set; write the entry into its cell, which nobody else reads or writes;
 *  2 t := the number of entries that were appended; read the word in the place of t. It is t's already: raise the number, by
 *    compare-and-set, and again from 2. It is that of t - n, or nothing was there yet: go on. Anything else: again from 2;
 *  3 the word there is of writer v, say: if v's state is publishing t - n: to published, by compare-and-set;
 *  4 before := that word; state := publishing t;
 *  5 the place: from that word to lap, writer and cell, by compare-and-set. Now entry t is there. Failed: again from 2;
 *  6 the writer's cell := the cell that was there; state := 0; raise the number; 7 tag := 0. Wake who waits.
 * No cell is in two hands: between 5 and 6 the writer has both, and says so by its state.
 * The lap in a word has 34 bits. For 5 to be deceived, a thread must stand still between 2 and 5 while exactly 2^34
 * laps go by (of n entries; at ten million entries a second and n = 1,000, three weeks to the entry), and find the same cell by the same
 * writer there.
 *
 * If a process dies here
 * ----------------------
 * Its writer has the tag of a dead one: whoever finds no other takes it, by compare-and-set of the tag, and settles:
 *  state 0: the cell is the writer's. Publishing t: read the place of t. It has t by this writer: it was published. Else
 *  read the state again: published, by 3: it was published. Else it was not, and now never is.
 *  It was published: cell := the one of "before". Then state := 0. All that can be done again.
 * 3 comes before 5: an entry that is replaced by the next lap has been acknowledged to its writer. And the settler reads the
 * place first and the state then. "Before" is that of t: it is written for the next attempt only when this one has failed.
 * A death between 5 and the raising of the number at 6: whoever reads looks at the next place as well, and whoever
 * appends raises it.
 * Something thrown leaves what a death leaves; this process settles it when it needs a writer (Unreleased).
 */
final class LogWriters {
  /** How often a place may be found unfit while nobody appends. */
  private static final int TRIES = 1000;

  private static final int PAUSES = 1000;
  private static final Duration PAUSE = Duration.ofMillis(1);

  private final LogRing ring;
  private final Heap heap;
  private final long tag;
  private final Unreleased unreleased;

  LogWriters(LogRing ring) {
    this.ring = ring;
    this.heap = ring.heap;
    this.tag = heap.self().map(Participant::tag).orElse(0);
    this.unreleased =
        Unreleased.of(heap, ring.at + RingLogLayout.WRITERS_AT, RingLogLayout.WRITERS);
  }

  private long writer(int number) {
    return ring.at + RingLogLayout.WRITERS_AT + (long) number * RingLogLayout.WRITER_LENGTH;
  }

  /** Appends an entry; returns its number. */
  long append(byte[] entry) {
    heap.requireWritable();
    if (unreleased.any) {
      unreleased.release(this::settle, number -> heap.putLongVolatile(writer(number), 0));
    }
    int number = take();
    boolean released = false;
    try {
      long appended = append(number, entry);
      heap.putLongVolatile(writer(number), 0);
      released = true;
      return appended;
    } finally {
      if (!released) {
        unreleased.slots[number] = true; // no call: there may be no stack for one
        unreleased.any = true;
      }
    }
  }

  private int take() {
    int start = (int) Thread.currentThread().getId() * 7;
    for (int pauses = 0; pauses < PAUSES; pauses++) {
      for (int i = 0; i < RingLogLayout.WRITERS; i++) {
        int number = (start + i) & (RingLogLayout.WRITERS - 1);
        long place = writer(number);
        if (heap.getLongVolatile(place) == 0 && heap.compareAndSetLong(place, 0, tag)) {
          return number;
        }
      }
      int number = takeFromTheDead();
      if (number >= 0) {
        return number;
      }
      heap.pause(PAUSE);
    }
    throw new TooManyWritersException(
        RingLogLayout.WRITERS
            + " threads are in the middle of appending to "
            + ring
            + ", which is all that can, and have stood still for a second or more: let them go on,"
            + " or end them");
  }

  private int takeFromTheDead() {
    for (int number = 0; number < RingLogLayout.WRITERS; number++) {
      if (settleOfTheDead(number)) {
        return number;
      }
    }
    return -1;
  }

  /** Takes a writer if a dead one has it, and settles it. */
  private boolean settleOfTheDead(int number) {
    long holder = heap.getLongVolatile(writer(number));
    if (!isDead(holder) || !heap.compareAndSetLong(writer(number), holder, tag)) {
      return false;
    }
    boolean settled = false;
    try {
      settle(number);
      settled = true;
    } finally {
      if (!settled) {
        unreleased.slots[number] = true;
        unreleased.any = true;
      }
    }
    return true;
  }

  private boolean isDead(long holder) {
    return holder != 0 && holder != tag && !heap.isAlive((int) holder);
  }

  private long state(int number) {
    return heap.getLongVolatile(writer(number) + RingLogLayout.WRITER_STATE);
  }

  private void setState(int number, long state) {
    heap.putLongVolatile(writer(number) + RingLogLayout.WRITER_STATE, state);
  }

  private int cell(int number) {
    long place = writer(number) + RingLogLayout.WRITER_CELL;
    long cell = heap.getLongVolatile(place);
    long limit = ring.kept + RingLogLayout.WRITERS;
    if (cell < 0 || cell > limit) {
      throw ring.damaged(place, cell, "a cell up to " + limit);
    }
    return cell == 0 ? ring.kept + number : (int) cell - 1;
  }

  private void setCell(int number, int cell) {
    heap.putLongRelease(writer(number) + RingLogLayout.WRITER_CELL, cell + 1);
  }

  private long append(int number, byte[] bytes) {
    int cell = cell(number);
    long at = ring.cellAt(cell);
    ring.memory.releaseFence(); // whoever sees any of this sees that it was taken out of the ring
    heap.putInt(at, bytes.length);
    if (bytes.length > 0) {
      heap.putBytes(at + RingLogLayout.CELL_CONTENT, bytes);
    }
    long seen = -1;
    for (int tries = 0; tries < TRIES; tries++) {
      long entry = ring.appended();
      if (entry != seen) {
        seen = entry;
        tries = 0; // others were faster
      }
      long place = ring.place(entry);
      long before = heap.getLongVolatile(place);
      long lap = RingLogLayout.lapOf(entry, ring.kept);
      if (RingLogLayout.lap(before) == lap) {
        ring.raise(entry);
      } else if (RingLogLayout.lap(before) == RingLogLayout.lapBefore(lap)
          && publish(number, entry, before, RingLogLayout.word(lap, number, cell))) {
        ring.raise(entry);
        return entry;
      }
    }
    throw ring.damaged(ring.at + RingLogLayout.APPENDED, ring.appended(), "what goes up");
  }

  private boolean publish(int number, long entry, long before, long word) {
    int free = ring.cell(entry, before);
    if (before != 0) {
      acknowledge(entry - ring.kept, before);
    }
    heap.putLongRelease(writer(number) + RingLogLayout.WRITER_BEFORE, before);
    setState(number, entry << RingLogLayout.ENTRY_SHIFT | RingLogLayout.PUBLISHING);
    if (!heap.compareAndSetLong(ring.place(entry), before, word)) {
      return false;
    }
    setCell(number, free);
    setState(number, 0);
    return true;
  }

  /** Lets a writer know that its entry was published, before another takes its place. */
  private void acknowledge(long entry, long word) {
    int number = RingLogLayout.writer(word);
    if (number >= RingLogLayout.WRITERS) {
      throw ring.damaged(ring.place(entry), word, "the word of one of 64 writers");
    }
    long publishing = entry << RingLogLayout.ENTRY_SHIFT | RingLogLayout.PUBLISHING;
    if (state(number) == publishing) {
      heap.compareAndSetLong(
          writer(number) + RingLogLayout.WRITER_STATE,
          publishing,
          entry << RingLogLayout.ENTRY_SHIFT | RingLogLayout.PUBLISHED);
    }
  }

  /** Ends what was begun with a writer that is this thread's. */
  private void settle(int number) {
    int cell = settledCell(number);
    if (state(number) != 0) {
      setCell(number, cell);
      setState(number, 0);
    }
  }

  /** The cell that a writer has whose holder does nothing any more. */
  private int settledCell(int number) {
    long state = state(number);
    if (state == 0) {
      return cell(number);
    }
    long entry = state >>> RingLogLayout.ENTRY_SHIFT;
    long word = heap.getLongVolatile(ring.place(entry));
    boolean published = ring.isIn(entry, word) && RingLogLayout.writer(word) == number;
    if (!published) {
      published = (state(number) & RingLogLayout.STATE_MASK) == RingLogLayout.PUBLISHED;
    }
    long before = heap.getLongAcquire(writer(number) + RingLogLayout.WRITER_BEFORE);
    return published ? ring.cell(entry, before) : cell(number);
  }

  /** The cells of the writers; -1 where somebody who lives has it. Settles those of the dead. */
  int[] cells() {
    int[] cells = new int[RingLogLayout.WRITERS];
    for (int number = 0; number < cells.length; number++) {
      if (!heap.isReadOnly() && settleOfTheDead(number)) {
        heap.putLongVolatile(writer(number), 0);
      }
      long holder = heap.getLongVolatile(writer(number));
      cells[number] = holder == 0 || isDead(holder) ? settledCell(number) : -1;
    }
    return cells;
  }
}
