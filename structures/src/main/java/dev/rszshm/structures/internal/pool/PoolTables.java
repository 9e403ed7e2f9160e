package dev.rszshm.structures.internal.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.bytes.DamagedWord;
import dev.rszshm.structures.pool.errors.DamagedPoolException;
import dev.rszshm.structures.pool.errors.NotAPoolException;
import dev.rszshm.sync.EventCount;
import java.util.Locale;

/*
 * Where the parts of a pool are, and how they come to be.
 *
 * Layout
 * ------
 * PoolLayout, in bytes that were zeros.
 *
 * Protocol
 * --------
 * 1 options, from 0 by compare-and-set: whoever names others is told; 2 version; 3 the magic, with release order.
 * All else of a new pool is zeros.
 *
 * If a process dies here
 * ----------------------
 * There is no magic, and the next one does it all again.
 */

/** Where the parts of a pool are. */
public final class PoolTables {
  final Allocator allocator;
  final Heap heap;

  /** The offset of the pool. */
  final long at;

  /** The number of task slots. */
  public final int slots;

  /** The number of run records. */
  public final int runs;

  /** How many workers a task may cost before it is given up. */
  public final int deaths;

  final int self;
  final EventCount control;
  final EventCount ready;
  final EventCount slotFree;
  private final long tasks;

  private PoolTables(Allocator allocator, long at, long options) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.at = at;
    this.slots = PoolLayout.slots(options);
    this.runs = PoolLayout.runs(options);
    this.deaths = PoolLayout.deaths(options);
    this.tasks = at + PoolLayout.tasks(slots, runs);
    this.self = heap.self().map(self -> self.tag()).orElse(0);
    this.control = EventCount.at(heap, at + PoolLayout.CONTROL);
    this.ready = EventCount.at(heap, at + PoolLayout.READY);
    this.slotFree = EventCount.at(heap, at + PoolLayout.SLOT_FREE);
  }

  /**
   * Finds the pool at an offset, or makes it in bytes of zeros.
   *
   * @throws NotAPoolException if it was made with other numbers
   */
  public static PoolTables at(Allocator allocator, long at, int slots, int runs, int deaths) {
    Heap heap = allocator.heap();
    requireAligned(at);
    heap.checkReadable(at, PoolLayout.length(slots, runs));
    if (heap.getLongAcquire(at + PoolLayout.MAGIC) == 0) {
      heap.requireWritable();
      long options = PoolLayout.options(slots, runs, deaths);
      heap.compareAndSetLong(at + PoolLayout.OPTIONS, 0, options);
      heap.putInt(at + PoolLayout.VERSION, PoolLayout.CURRENT_VERSION);
      heap.putLongRelease(at + PoolLayout.MAGIC, PoolLayout.MAGIC_VALUE);
    }
    PoolTables found = at(allocator, at);
    if (found.slots != slots || found.runs != runs || found.deaths != deaths) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAPoolException(
          String.format(
              Locale.ROOT,
              "the pool at offset %d of %s was made otherwise: found a queue of %d tasks, room for"
                  + " %d threads and %d deaths for a task, expected %d, %d and %d. Name what it was"
                  + " made with, or another pool",
              at,
              heap.path(),
              found.slots,
              found.runs,
              found.deaths,
              slots,
              runs,
              deaths));
    }
    return found;
  }

  /**
   * Finds the pool at an offset.
   *
   * @throws NotAPoolException if there is none
   */
  public static PoolTables at(Allocator allocator, long at) {
    Heap heap = allocator.heap();
    requireAligned(at);
    heap.checkReadable(at, PoolLayout.RUNS);
    long magic = heap.getLongAcquire(at + PoolLayout.MAGIC);
    int version = heap.getInt(at + PoolLayout.VERSION);
    long options = heap.getLongAcquire(at + PoolLayout.OPTIONS);
    int slots = PoolLayout.slots(options);
    int runs = PoolLayout.runs(options);
    if (magic != PoolLayout.MAGIC_VALUE
        || version != PoolLayout.CURRENT_VERSION
        || slots < 1
        || slots > PoolLayout.MAX_SLOTS
        || runs < 1
        || runs > PoolLayout.MAX_RUNS) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAPoolException(
          String.format(
              Locale.ROOT,
              "%s has no pool at offset %d: found magic 0x%x, version %d and options 0x%x, expected"
                  + " magic 0x%x and version %d. Open it with the version of rszshm that made it; if"
                  + " that is this one, somebody has written where they should not, see rszshm check",
              heap.path(),
              at,
              magic,
              version,
              options,
              PoolLayout.MAGIC_VALUE,
              PoolLayout.CURRENT_VERSION));
    }
    heap.checkReadable(at, PoolLayout.length(slots, runs));
    return new PoolTables(allocator, at, options);
  }

  /** Returns whether a pool that is there at an offset has been made to the end. */
  public static boolean isMade(Allocator allocator, long at) {
    return allocator.heap().getLongAcquire(at + PoolLayout.MAGIC) != 0;
  }

  private static void requireAligned(long at) {
    if (at % PoolLayout.ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "a pool must be at a multiple of " + PoolLayout.ALIGNMENT + ", found " + at);
    }
  }

  /** Returns the offset of the pool. */
  public long offset() {
    return at;
  }

  /** Returns the allocator that has the blocks of the tasks. */
  public Allocator allocator() {
    return allocator;
  }

  /** Returns the tag of this process. */
  public int self() {
    return self;
  }

  /** Returns the names of tasks. */
  public TaskNames names() {
    return new TaskNames(this, at + PoolLayout.NAMES);
  }

  /** Returns what is signalled when the state of the pool may have changed. */
  public EventCount control() {
    return control;
  }

  /** Returns what is signalled when a task may be ready. */
  public EventCount ready() {
    return ready;
  }

  /** Returns what is signalled when a task slot may be free. */
  public EventCount slotFree() {
    return slotFree;
  }

  /** Returns what is signalled when a task of a client may be done. */
  public EventCount completions(int client) {
    int number = Math.floorMod(client, PoolLayout.COMPLETION_COUNT);
    return EventCount.at(
        heap, at + PoolLayout.COMPLETIONS + (long) number * PoolLayout.COMPLETION_LENGTH);
  }

  /** Counts a worker that has died. Only the process that has the workers does. */
  public void countDeath() {
    heap.getAndAddLong(at + PoolLayout.WORKER_DEATHS, 1);
  }

  /** Returns how many workers have died since the pool was made. */
  public long workerDeaths() {
    return heap.getLongVolatile(at + PoolLayout.WORKER_DEATHS);
  }

  long task(int slot) {
    return tasks + (long) slot * TaskLayout.LENGTH;
  }

  long run(int record) {
    return at + PoolLayout.RUNS + (long) record * RunLayout.LENGTH;
  }

  long ringWord(long position) {
    int size = PoolLayout.ringSize(slots);
    return at + PoolLayout.ring(runs) + (position & size - 1) * Long.BYTES;
  }

  /** Whether no more tasks are taken: one of the levels of {@link PoolLayout}. */
  int level() {
    return PoolLayout.level(heap.getLongVolatile(at + PoolLayout.STATE));
  }

  long word(int slot) {
    return heap.getLongVolatile(task(slot) + TaskLayout.WORD);
  }

  boolean change(int slot, long from, long to) {
    return heap.compareAndSetLong(task(slot) + TaskLayout.WORD, from, to);
  }

  boolean isAlive(int tag) {
    return tag == self || heap.isAlive(tag);
  }

  DamagedPoolException damaged(long place, long found, String expected) {
    heap.requireOpen(); // or what was read is nothing
    return new DamagedPoolException(DamagedWord.message(heap, this, place, found, expected));
  }

  @Override
  public String toString() {
    return "the pool at offset " + at + " of " + heap.path();
  }
}
