package dev.rszshm.structures.internal.pool;

/**
 * What is where in a pool. Offsets count from its beginning, a multiple of 64.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic; written last
 *      8    4 version
 *     16    8 options: bit 63 set, bits 32-39 deaths that a task may cause, bits 16-31 number of run
 *             records, bits 0-15 number of task slots
 *     24    8 number of workers that have died, counted by the process that has the workers
 *     64    8 state: bits 2-31 tag of the process that has the workers, bits 0-1 open, shut down or
 *             stopped
 *     72    4 event count: the state may have changed, or a task was cancelled
 *    128    8 position of the first entry of the ring of ready tasks
 *    192    8 position behind the last one
 *    256    4 event count: a task may be ready
 *    260    4 1: a task may be ready that the ring had no room for; else 0
 *    320    4 event count: a task slot may be free
 *    384  512 8 event counts, one in 64 bytes: a task of a client may be done
 *    896  512 names of tasks (NameLayout)
 *   1408 8192 16 notes of deaths (NoteLayout)
 *   9600      run records (RunLayout), then the ring of ready tasks: twice as many words as the lowest power
 *             of two that is not below the number of task slots, then the task slots (TaskLayout)
 *
 * a word of the ring:
 *             bits 40-63 lap, bits 16-39 number in the word of a task, cut to 24 bits, bits 0-15 number of
 *             its slot and 1; 0: empty
 * </pre>
 */
public final class PoolLayout {
  /** "RSZSPOOL" read as a little-endian number. */
  public static final long MAGIC_VALUE = 0x4c4f_4f50_535a_5352L;

  /** The version of this layout. */
  public static final int CURRENT_VERSION = 1;

  /** Of what the offset of a pool is a multiple. */
  public static final int ALIGNMENT = 64;

  static final int MAGIC = 0;
  static final int VERSION = 8;
  static final int OPTIONS = 16;
  static final int WORKER_DEATHS = 24;
  static final int STATE = 64;
  static final int CONTROL = 72;
  static final int HEAD = 128;
  static final int TAIL = 192;
  static final int READY = 256;
  static final int UNLISTED = 260;
  static final int SLOT_FREE = 320;
  static final int COMPLETIONS = 384;
  static final int COMPLETION_COUNT = 8;
  static final int COMPLETION_LENGTH = 64;
  static final int NAMES = COMPLETIONS + COMPLETION_COUNT * COMPLETION_LENGTH;
  static final int NOTES = NAMES + NameLayout.LENGTH;
  static final int RUNS = NOTES + NoteLayout.COUNT * NoteLayout.LENGTH;

  /** Tasks are taken and run. */
  static final int OPEN = 0;

  /** No more tasks are taken. */
  static final int SHUT_DOWN = 1;

  /** No more tasks are taken, and none is begun. */
  static final int STOPPED = 2;

  /** The greatest number of task slots. */
  public static final int MAX_SLOTS = 1 << 15;

  /** The greatest number of run records. */
  public static final int MAX_RUNS = 1 << 12;

  /** The greatest number of deaths of workers that one task may cause. */
  public static final int MAX_DEATHS = 100;

  private static final long MADE = 1L << 63;
  private static final int DEATHS_SHIFT = 32;
  private static final int DEATHS_MASK = 0xff;
  private static final int RUNS_SHIFT = 16;
  private static final int SIZE_MASK = 0xffff;
  private static final int TAG_SHIFT = 2;
  private static final int LEVEL_MASK = 3;
  private static final int LAP_SHIFT = 40;
  private static final int NUMBER_SHIFT = 16;
  private static final long NUMBER_MASK = (1L << LAP_SHIFT - NUMBER_SHIFT) - 1;
  private static final int SLOT_MASK = (1 << NUMBER_SHIFT) - 1;
  private static final int SIGN_SHIFT = Integer.SIZE - (Long.SIZE - LAP_SHIFT);

  static long options(int slots, int runs, int deaths) {
    return MADE | (long) deaths << DEATHS_SHIFT | (long) runs << RUNS_SHIFT | slots;
  }

  static int slots(long options) {
    return (int) options & SIZE_MASK;
  }

  static int runs(long options) {
    return (int) (options >>> RUNS_SHIFT) & SIZE_MASK;
  }

  static int deaths(long options) {
    return (int) (options >>> DEATHS_SHIFT) & DEATHS_MASK;
  }

  static long state(int tag, int level) {
    return (long) tag << TAG_SHIFT | level;
  }

  static int owner(long state) {
    return (int) (state >>> TAG_SHIFT);
  }

  static int level(long state) {
    return Math.min((int) state & LEVEL_MASK, STOPPED);
  }

  static long ring(int runs) {
    return RUNS + (long) runs * RunLayout.LENGTH;
  }

  /** The number of words of the ring: a power of two. */
  static int ringSize(int slots) {
    return 2 * Integer.highestOneBit(2 * slots - 1);
  }

  static long tasks(int slots, int runs) {
    long end = ring(runs) + (long) ringSize(slots) * Long.BYTES;
    return end + ALIGNMENT - 1 & -ALIGNMENT;
  }

  /** The bytes of a pool. */
  public static long length(int slots, int runs) {
    return tasks(slots, runs) + (long) slots * TaskLayout.LENGTH;
  }

  /** A word of the ring without a task. */
  static long empty(long lap) {
    return lap << LAP_SHIFT;
  }

  /** A word of the ring, for a task whose word has a number. */
  static long entry(long lap, int slot, int number) {
    return empty(lap) | (number & NUMBER_MASK) << NUMBER_SHIFT | slot + 1;
  }

  /** The task slot of an entry; -1 if it is empty. */
  static int slot(long entry) {
    return ((int) entry & SLOT_MASK) - 1;
  }

  /** Whether an entry is for a task whose word has a number. */
  static boolean isFor(long entry, int number) {
    return (entry >>> NUMBER_SHIFT & NUMBER_MASK) == (number & NUMBER_MASK);
  }

  /** By how many laps an entry is ahead of one. */
  static int ahead(long entry, long lap) {
    return (int) ((entry >>> LAP_SHIFT) - lap) << SIGN_SHIFT >> SIGN_SHIFT;
  }

  private PoolLayout() {}
}
