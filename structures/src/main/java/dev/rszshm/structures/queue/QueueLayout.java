package dev.rszshm.structures.queue;

/**
 * What is where in a queue. Offsets of the first table count from the queue's beginning, a multiple
 * of 64. Slots are words that the allocator's methods know.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic; written last
 *      8    8 options: most elements, 0 for any number (bits 16-63), length of segments / 64 (0-15)
 *     16    4 version
 *     24    8 format of the elements (FormatWord)
 *     64    8 lock of the head (a Mutex): of those who take, look, remove and count
 *     72    8 whether the head is being changed in several steps: 1; else 0
 *     80    8 slot: the first segment
 *     88    8 slot: trash, a segment that is taken out of the chain
 *     96    8 offset of the slot that the segment in trash was in
 *    104    8 number of elements that were removed and lie behind the head: those marked as removed,
 *             and those of segments that were taken out of the middle
 *    112    8 number of segments that were ever taken out of the middle
 *    192    8 lock of the tail (a Mutex): of those who put
 *    200    8 what the tail is doing: 0 nothing, 1 linking a segment, else the offset of the slot of
 *             the large element that is being put
 *    208    8 offset of the last segment
 *    216    8 index behind the last element, written after it is there; a hint
 *    320    4 event count of those who wait for an element
 *    384    4 event count of those who wait for room
 * </pre>
 *
 * <p>A segment. Elements have indices from 0 up, in the order in which they were put:
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 slot: the next segment
 *      8    8 index of its first element
 *     16    4 bytes of the segment
 *     64    8 published: number of records (bits 32-63), offset in the segment behind them (0-31)
 *    128    8 passed: number of records that are taken (bits 32-63), offset behind them (0-31)
 *    136    4 number of records that were removed and are not passed
 *    192      records
 * </pre>
 *
 * <p>A record, at a multiple of 8:
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    4 length of the element in bytes
 *      4    4 state: 1 present, 2 removed; 4 is added if the element has a block of its own
 *      8      the element, or, if it has a block of its own, the slot of that block
 * </pre>
 */
final class QueueLayout {
  static final long MAGIC_VALUE = 0x5551_4d48_535a_5352L; // "RSZSHMQU"
  static final int CURRENT_VERSION = 1;
  static final int ALIGNMENT = 64;

  static final int MAGIC = 0;
  static final int OPTIONS = 8;
  static final int VERSION = 16;
  static final int FORMAT = 24;
  static final int HEAD_LOCK = 64;
  static final int HEAD_BUSY = 72;
  static final int FIRST = 80;
  static final int TRASH = 88;
  static final int UNLINKED_FROM = 96;
  static final int REMOVED = 104;
  static final int UNLINKS = 112;
  static final int TAIL_LOCK = 192;
  static final int TAIL_BUSY = 200;
  static final int LAST = 208;
  static final int PUTS = 216;
  static final int NOT_EMPTY = 320;
  static final int NOT_FULL = 384;
  static final int LENGTH = 448;

  static final long LINKING = 1;

  static final int SEGMENT_NEXT = 0;
  static final int SEGMENT_BASE = 8;
  static final int SEGMENT_LENGTH = 16;
  static final int SEGMENT_PUBLISHED = 64;
  static final int SEGMENT_PASSED = 128;
  static final int SEGMENT_REMOVED = 136;
  static final int SEGMENT_RECORDS = 192;

  static final int RECORD_CONTENT = 8;
  static final int PRESENT = 1;
  static final int REMOVED_STATE = 2;
  static final int LARGE = 4;
  static final int LARGE_RECORD_LENGTH = 16;

  private static final int COUNT_SHIFT = 32;
  private static final int STATE_SHIFT = 32;

  private QueueLayout() {}

  // How far a segment is published or passed.

  static long extent(int count, int end) {
    return (long) count << COUNT_SHIFT | end;
  }

  static int count(long extent) {
    return (int) (extent >>> COUNT_SHIFT);
  }

  static int end(long extent) {
    return (int) extent;
  }

  // Records.

  static long header(int length, int state) {
    return (long) state << STATE_SHIFT | length;
  }

  static int length(long header) {
    return (int) header;
  }

  static int state(long header) {
    return (int) (header >>> STATE_SHIFT);
  }

  static boolean isLarge(long header) {
    return (state(header) & LARGE) != 0;
  }

  static boolean isPresent(long header) {
    return (state(header) & PRESENT) != 0;
  }

  static long removed(long header) {
    return header(length(header), (state(header) & LARGE) | REMOVED_STATE);
  }

  /** The bytes of the record of a small element. */
  static long recordLength(long length) {
    return RECORD_CONTENT + ((length + 7) & -8);
  }

  /** The length of the longest element that has no block of its own. */
  static int longestInside(int segmentLength) {
    return segmentLength / 4 - RECORD_CONTENT;
  }
}
