package dev.rszshm.allocator.internal.table;

/**
 * The allocator's own page, at the data offset of the heap. It is followed by its tables.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic; written last
 *      8    4 version
 *     12    4 flags; 1: checking
 *     16    8 offset of the summary of the hints
 *     24    8 offset of the roots
 *     32    8 offset of the lanes
 *     40    8 offset of the owner words
 *     48    8 offset of the hints
 *     56    8 offset of the descriptors
 *     64    8 offset of the chunks, a multiple of 65,536
 *     72    4 number of roots
 *     76    4 number of lanes
 *     80    8 number of chunks that the span has room for
 *    256    8 number of chunks that exist
 *    384    8 number of lanes that exist
 *    512    8 lock of the roots: participant slot + 1 (bits 30-49), generation (0-29); 0: free
 *    640    8 number of lanes that were recovered
 *    768    8 number of entries of the roots that were ever used
 * </pre>
 */
public final class AllocatorLayout {
  static final int MAGIC = 0;
  static final int VERSION = 8;
  public static final int FLAGS = 12;
  static final int SUMMARY = 16;
  static final int ROOTS = 24;
  static final int LANES = 32;
  static final int OWNERS = 40;
  static final int HINTS = 48;
  static final int DESCRIPTORS = 56;
  static final int CHUNKS = 64;
  static final int ROOT_COUNT = 72;
  static final int LANE_COUNT = 76;
  public static final int CHUNK_COUNT = 80;
  public static final int FRONTIER = 256;
  public static final int LANE_FRONTIER = 384;
  public static final int ROOT_LOCK = 512;
  public static final int RECOVERIES = 640;
  public static final int ROOT_FRONTIER = 768;

  public static final int LENGTH = 4096;

  /** "RSZALLOC" read as a little-endian number. */
  public static final long MAGIC_VALUE = 0x434f_4c4c_415a_5352L;

  static final int CURRENT_VERSION = 1;
  static final int FLAG_CHECKING = 1;

  private AllocatorLayout() {}

  /** Returns the word that holds the version and the flags. */
  static long versionAndFlags(boolean checking) {
    long flags = checking ? FLAG_CHECKING : 0;
    return flags << Integer.SIZE | CURRENT_VERSION;
  }
}
