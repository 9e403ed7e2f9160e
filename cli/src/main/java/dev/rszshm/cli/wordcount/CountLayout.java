package dev.rszshm.cli.wordcount;

/**
 * What is where in the root {@code progress} of a count. The others are the list {@code files}, the
 * counter map {@code words}, and the pool {@code wordcount}.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 length of the blocks in bytes
 *     64    8 for each block: a slot, the counts of the block (BlockCounts), or empty
 * </pre>
 */
final class CountLayout {
  static final String PROGRESS = "progress";
  static final String FILES = "files";
  static final String WORDS = "words";

  static final long TYPE = 0x53_4452_4f57_5a52L; // "RZWORDS"
  static final int VERSION = 2;
  static final int ALIGNMENT = 64;

  static final int BLOCK_LENGTH = 0;
  static final int BLOCKS = 64;

  private CountLayout() {}

  static long length(int blocks) {
    return BLOCKS + (long) blocks * Long.BYTES;
  }
}
