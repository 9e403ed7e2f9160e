package dev.rszshm.structures.queue;

/**
 * What is where in a log of n entries. Offsets count from its beginning, a multiple of 64.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic; written last
 *      8    8 options: number of entries kept, n (bits 32-63), most bytes of an entry (0-31)
 *     16    4 version
 *     24    8 format of the entries (FormatWord)
 *     32    8 number of entries that were removed, from the first on: those before it are not read
 *     64    8 number of entries that were ever appended, or one less
 *    128    4 event count of those who wait for an entry
 *    192 4096 64 writers, of 64 bytes each
 *   4288   8n the ring: a word for each entry that is kept
 *             n + 64 cells, of 8 bytes and the most bytes of an entry, rounded up to 8
 * </pre>
 *
 * <p>A writer:
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 tag of the participant who has it; 0: nobody
 *      8    8 1 + number of the cell that is the writer's; 0: cell n + number of the writer
 *     16    8 0; or number of the entry that is being published (bits 2-63), and 1: nobody has said
 *             whether it is, 2: it is
 *     24    8 what was in the ring in that place before
 * </pre>
 *
 * <p>A word of the ring. Entry t is in place t mod n, in lap 1 + t / n:
 *
 * <pre>
 *  63                              30 29         22 21                  0
 *  +---------------------------------+-------------+---------------------+
 *  |  lap, 0 if nothing was there yet |    writer   |        cell         |
 *  +---------------------------------+-------------+---------------------+
 * </pre>
 *
 * <p>0 stands for the cell of the place's own number. A cell:
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    4 length of the entry
 *      8      the entry
 * </pre>
 */
final class RingLogLayout {
  static final long MAGIC_VALUE = 0x474c_4d48_535a_5352L; // "RSZSHMLG"
  static final int CURRENT_VERSION = 1;
  static final int ALIGNMENT = 64;

  static final int MAGIC = 0;
  static final int OPTIONS = 8;
  static final int VERSION = 16;
  static final int FORMAT = 24;
  static final int REMOVED = 32;
  static final int APPENDED = 64;
  static final int ARRIVALS = 128;
  static final int WRITERS_AT = 192;
  static final int WRITERS = 64;
  static final int WRITER_LENGTH = 64;
  static final int RING = 4288;

  static final int WRITER_CELL = 8;
  static final int WRITER_STATE = 16;
  static final int WRITER_BEFORE = 24;

  static final int PUBLISHING = 1;
  static final int PUBLISHED = 2;
  static final int STATE_MASK = 3;
  static final int ENTRY_SHIFT = 2;

  /** As many entries as a writer's word has room for, which nobody ever appends. */
  static final long MOST_APPENDED = Long.MAX_VALUE >> ENTRY_SHIFT;

  static final int CELL_CONTENT = 8;

  private static final int CELL_BITS = 22;
  private static final int CELL_MASK = (1 << CELL_BITS) - 1;
  private static final int WRITER_MASK = 0xff;
  private static final int LAP_SHIFT = 30;
  private static final long LAP_MASK = (1L << (Long.SIZE - LAP_SHIFT)) - 1;

  private RingLogLayout() {}

  static long cellLength(RingLogSpec spec) {
    return CELL_CONTENT + ((spec.maxLength() + 7L) & -8);
  }

  static long cells(RingLogSpec spec) {
    return RING + (long) Long.BYTES * spec.entries();
  }

  static long length(RingLogSpec spec) {
    return cells(spec) + cellLength(spec) * (spec.entries() + WRITERS);
  }

  // Words of the ring.

  static long word(long lap, int writer, int cell) {
    return lap << LAP_SHIFT | (long) writer << CELL_BITS | cell;
  }

  static long lap(long word) {
    return word >>> LAP_SHIFT;
  }

  static int writer(long word) {
    return (int) (word >>> CELL_BITS) & WRITER_MASK;
  }

  static int cell(long word) {
    return (int) word & CELL_MASK;
  }

  /** The lap in which an entry is, of so many that are kept. */
  static long lapOf(long entry, int kept) {
    return (1 + entry / kept) & LAP_MASK;
  }

  static long lapBefore(long lap) {
    return (lap - 1) & LAP_MASK;
  }
}
