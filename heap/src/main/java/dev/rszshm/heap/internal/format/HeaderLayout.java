package dev.rszshm.heap.internal.format;

/**
 * The header of a heap file. All values are little-endian; docs/FORMAT.md says more.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 length in use, raised by each growth (ccan rszshm: flen)
 *      8    8 length of the span, fixed (max)
 *     16    8 address of the span, fixed (addr); a plain file ends its header here
 *     24    8 magic
 *     32    4 format version
 *     36    4 header length
 *     40    8 compatible features
 *     48    8 incompatible features
 *     56    8 read-only-compatible features
 *     64   16 heap id
 *     80    8 time of creation, milliseconds since 1970
 *     88    4 page size
 *     92    4 flags; bit 0: the heap takes its memory at the first write
 *     96    8 offset of the participant table
 *    104    4 number of participant slots
 *    108    4 length of a participant slot
 *    112    8 offset of the lane table, 0: none
 *    120    8 offset of the root table, 0: none
 *    128    8 offset of the chunk table, 0: none
 *    136    8 data offset
 *    144    8 inode of the directory that was made for the heap, 0: none
 *    152  100 reserved
 *    252    4 CRC-32C of bytes 8 to 251
 *    256    8 initialization word: phase, participant
 *    264    8 participant slots: number of those that were ever used (bits 0-31), the one that was
 *             claimed last (32-63)
 *    272  112 reserved
 *    384    8 number of growths
 *    392    8 any number: whoever attaches writes it, and reads it by the name of the file
 *    400 3696 reserved
 * </pre>
 */
public final class HeaderLayout {
  public static final int LENGTH = 0;
  public static final int SPAN = 8;
  public static final int ADDRESS = 16;
  public static final int PLAIN_HEADER_LENGTH = 24;
  static final int MAGIC = 24;
  public static final int VERSION = 32;
  static final int HEADER_LENGTH_FIELD = 36;
  public static final int COMPATIBLE_FEATURES = 40;
  public static final int INCOMPATIBLE_FEATURES = 48;
  public static final int READ_ONLY_COMPATIBLE_FEATURES = 56;
  static final int HEAP_ID = 64;
  static final int CREATED = 80;
  public static final int PAGE_SIZE = 88;
  static final int FLAGS = 92;
  public static final int PARTICIPANT_TABLE = 96;
  static final int PARTICIPANT_SLOTS = 104;
  static final int PARTICIPANT_SLOT_LENGTH = 108;
  static final int LANE_TABLE = 112;
  static final int ROOT_TABLE = 120;
  static final int CHUNK_TABLE = 128;
  public static final int DATA_OFFSET = 136;
  static final int DIRECTORY = 144;
  public static final int CHECKSUM = 252;
  public static final int PHASE = 256;
  public static final int SLOTS_USED = 264;
  public static final int GROWTHS = 384;
  public static final int PROOF = 392;

  public static final int HEADER_LENGTH = 4096;

  /** "RSZSHM", substitute, line feed, read as a little-endian number. */
  static final long MAGIC_VALUE = 0x0a1a_4d48_535a_5352L;

  public static final int CURRENT_VERSION = 1;
  static final int PHASE_READY = 1;
  static final int FLAG_SPARSE = 1;

  private HeaderLayout() {}

  public static long slotsUsed(int used, int claimedLast) {
    return (long) claimedLast << Integer.SIZE | used;
  }

  /** How many slots were ever used; all of them, if the word does not make sense. */
  public static int used(long slotsUsed, int slots) {
    int used = (int) slotsUsed;
    return used < 0 || used > slots ? slots : used;
  }

  /** The slot that was claimed last; 0, if the word does not make sense. */
  public static int claimedLast(long slotsUsed, int slots) {
    int slot = (int) (slotsUsed >>> Integer.SIZE);
    return slot < 0 || slot >= slots ? 0 : slot;
  }
}
