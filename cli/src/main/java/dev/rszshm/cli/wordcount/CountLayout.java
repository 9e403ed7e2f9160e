package dev.rszshm.cli.wordcount;

/**
 * What is where in the root {@code progress} of a count. The others are the list {@code files} and
 * the counter map {@code words}.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 number of the block to be claimed next
 *     64    8 number of the partition to be claimed next
 *    128  512 for each of 64 partitions: 1 once its words are in the counter map
 *    640    8 for each block: a slot, the counts of the block (BlockCounts), or empty
 * </pre>
 */
final class CountLayout {
  static final String PROGRESS = "progress";
  static final String FILES = "files";
  static final String WORDS = "words";

  static final long TYPE = 0x53_4452_4f57_5a52L; // "RZWORDS"
  static final int VERSION = 1;
  static final int ALIGNMENT = 64;

  static final int NEXT_BLOCK = 0;
  static final int NEXT_PARTITION = 64;
  static final int MERGED = 128;
  static final int BLOCKS = MERGED + BlockCounts.PARTITIONS * Long.BYTES;

  private CountLayout() {}

  static long length(int blocks) {
    return BLOCKS + (long) blocks * Long.BYTES;
  }
}
