package dev.rszshm.structures.map;

/**
 * What is where in a map. Offsets of the first table count from the map's beginning, a multiple of
 * 64.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic; written last
 *      8    8 options: most entries, 0 for any number (bits 8-63), 1 + binary logarithm of the
 *             number of shards (0-7)
 *     16    8 seed of the hash
 *     24    4 version
 *     32    8 bytes of it all
 *     40    8 format of the keys (FormatWord)
 *     48    8 format of the values
 *     64    4 number of pins that were ever used
 *    128 4096 pins, of 64 bytes each
 *   4224      shards, of 1,472 bytes each
 * </pre>
 *
 * <p>A pin:
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 tag of the participant who has it; 0: nobody
 *      8    8 offset of the block that is read in place; 0: none
 * </pre>
 *
 * <p>A shard. Slots are words that the allocator's methods know:
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 number of buckets: 0, or 4 to 4,194,304
 *      8    8 moves: how often something was moved within a chain
 *     64    8 lock of those who change it (a Mutex)
 *     72    8 whether somebody is changing it: 1; else 0
 *     80    8 number of entries
 *     88    8 number of stamps that were used
 *     96    8 whether a retired slot is in use: 1; else 0
 *    104    8 the bucket that is being split off; 0: none
 *    128    8 record: 1 if the next six words are a swap that goes on; else 0
 *    136    8 record: offset of the slot of a line that changes
 *    144    8 record: what it becomes
 *    152    8 record: number of entries then
 *    160    8 record: moves then
 *    168    8 record: offset of the slot whose reference went there; 0: none
 *    176    8 record: what was there and goes to that slot, or without one to trash; 0: nothing
 *    192    8 slot: the entry that is being made, or a spare block for the next one
 *    200    8 slot: the line that is being made
 *    208    8 slot: trash, what is to be freed
 *    256  648 slots: 81 segments of lines
 *    904  512 slots: 64 that are retired, blocks that are out of the map and still read
 * </pre>
 *
 * <p>Segment 0 has the lines of buckets 0 to 3. Then there are four segments for each doubling, of
 * {@code 2^d} lines each, d = 0, 0, 0, 0, 1, 1, 1, 1, 2 and so on.
 *
 * <p>A line, of one cache line:
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 seven tags, of a byte each, and a byte 0. A tag is the top byte of a hash, or 1 for 0
 *      8   56 seven places: 0, the reference of an entry, or, in the last, a link to another line
 * </pre>
 *
 * <p>A reference is a clean one of the allocator (form 3); a link is the same with the form 1. In
 * the slots of the entry and of the line it may be a fresh one (form 5).
 *
 * <p>An entry:
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 stamp, which no other entry of the map ever had; written last
 *      8    4 length of the key
 *     12    4 length of the value
 *     16      key; value, at the next multiple of 8
 * </pre>
 */
final class MapLayout {
  static final long MAGIC_VALUE = 0x5041_4d48_535a_5352L; // "RSZSHMAP"
  static final int CURRENT_VERSION = 1;
  static final int ALIGNMENT = 64;

  static final int MAGIC = 0;
  static final int OPTIONS = 8;
  static final int SEED = 16;
  static final int VERSION = 24;
  static final int BYTES = 32;
  static final int KEY_FORMAT = 40;
  static final int VALUE_FORMAT = 48;
  static final int PINS_USED = 64;
  static final int PINS = 128;
  static final int PIN_COUNT = 64;
  static final int PIN_LENGTH = 64;
  static final int PIN_BLOCK = 8;
  static final int SHARDS = 4224;
  static final int SHARD_LENGTH = 1472;

  static final int BUCKETS = 0;
  static final int MOVES = 8;
  static final int LOCK = 64;
  static final int BUSY = 72;
  static final int COUNT = 80;
  static final int STAMPS = 88;
  static final int HAS_RETIRED = 96;
  static final int SPLITTING = 104;
  static final int RECORD = 128;
  static final int RECORD_SLOT = 136;
  static final int RECORD_WORD = 144;
  static final int RECORD_COUNT = 152;
  static final int RECORD_MOVES = 160;
  static final int RECORD_SOURCE = 168;
  static final int RECORD_TRASH = 176;
  static final int ENTRY = 192;
  static final int LINE = 200;
  static final int TRASH = 208;
  static final int SEGMENTS = 256;
  static final int SEGMENT_COUNT = 81;
  static final int RETIRED = 904;
  static final int RETIRED_COUNT = 64;

  static final long FIRST_BUCKETS = 4;
  static final long MOST_BUCKETS = FIRST_BUCKETS << 20;

  static final int LINE_LENGTH = 64;
  static final int PLACES = 7;
  static final int FIRST_PLACE = 8;
  static final int LAST_PLACE = FIRST_PLACE + 8 * (PLACES - 1);

  static final int KEY_LENGTH = 8;
  static final int VALUE_LENGTH = 12;
  static final int KEY = 16;

  private static final int FORM_MASK = 7;
  private static final int REFERENCE = 3;
  private static final int LINK = 1;
  private static final int GRANULE_SHIFT = 24;
  private static final int OFFSET_SHIFT = 20;
  private static final long EACH_TAG = 0x0001_0101_0101_0101L;
  private static final long EACH_TOP = EACH_TAG << 7;

  private MapLayout() {}

  static long bytes(int shardBits) {
    return SHARDS + ((long) SHARD_LENGTH << shardBits);
  }

  // Words.

  static boolean isReference(long word) {
    return (word & FORM_MASK) == REFERENCE;
  }

  static boolean isLink(long word) {
    return (word & FORM_MASK) == LINK;
  }

  /** The block of a reference or a link. */
  static long block(long word) {
    return word >>> GRANULE_SHIFT << (GRANULE_SHIFT - OFFSET_SHIFT);
  }

  static long toLink(long reference) {
    return (reference & ~FORM_MASK) | LINK;
  }

  /** The clean reference of the block of a link, or of a fresh reference. */
  static long toReference(long word) {
    return (word & ~FORM_MASK) | REFERENCE;
  }

  // Tags.

  static int tag(long hash) {
    int top = (int) (hash >>> 56);
    return top == 0 ? 1 : top;
  }

  /**
   * The places whose tag is this one, as the top bits of their bytes. There may be others among
   * them, above one that has it.
   */
  static long candidates(long control, int tag) {
    long difference = control ^ (tag * EACH_TAG);
    return (difference - EACH_TAG) & ~difference & EACH_TOP;
  }

  /** The first place of some candidates. */
  static int place(long candidates) {
    return Long.numberOfTrailingZeros(candidates) >>> 3;
  }

  static long withTag(long control, int place, int tag) {
    return (control & ~(0xffL << (8 * place))) | (long) tag << (8 * place);
  }

  static int tagAt(long control, int place) {
    return (int) (control >>> (8 * place)) & 0xff;
  }

  // Buckets.

  /** The bucket of a hash (without the bits of the shard), of so many. */
  static long bucket(long hash, long buckets) {
    long half = Long.highestOneBit(buckets);
    long bucket = hash & (2 * half - 1);
    return bucket < buckets ? bucket : bucket & (half - 1);
  }

  static int segment(long bucket) {
    if (bucket < FIRST_BUCKETS) {
      return 0;
    }
    int top = 63 - Long.numberOfLeadingZeros(bucket);
    return 1 + (top - 2) * 4 + (int) (bucket >>> (top - 2) & 3);
  }

  /** Which line of its segment a bucket is. */
  static long lineInSegment(long bucket) {
    return bucket < FIRST_BUCKETS ? bucket : bucket & ((Long.highestOneBit(bucket) >>> 2) - 1);
  }

  /** The number of lines of a segment. */
  static long lines(int segment) {
    return segment == 0 ? FIRST_BUCKETS : 1L << ((segment - 1) / 4);
  }

  // Entries.

  static long valueAt(long block, int keyLength) {
    return block + KEY + ((keyLength + 7L) & -8);
  }

  static long entryLength(long keyLength, long valueLength) {
    return KEY + ((keyLength + 7) & -8) + valueLength;
  }
}
