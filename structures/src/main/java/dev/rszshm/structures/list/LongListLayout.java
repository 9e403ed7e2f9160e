package dev.rszshm.structures.list;

import dev.rszshm.structures.internal.segment.Segments;

/**
 * What is where in a list of numbers.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic; written last
 *      8    4 version
 *     16    8 seed: an element is stored as its number xor the seed
 *     64    8 size hint: so many elements there are at least
 *    128   16 lock of those who store one of two numbers that need a bit (SettledLock)
 *    192  968 segments of words, an element each (Segments); 0: none yet
 *   1216  968 segments of bits (Segments), one for each index: which of the two numbers it is
 * </pre>
 */
final class LongListLayout {
  static final long MAGIC_VALUE = 0x534c_4e4c_535a_5352L; // "RSZSLNLS"
  static final int CURRENT_VERSION = 1;
  static final int ALIGNMENT = 64;

  static final int SIZE_HINT = 64;
  static final int LOCK = 128;
  static final int WORDS = 192;
  static final int BITS = 1216;
  static final int LENGTH = BITS + Segments.LENGTH;

  private LongListLayout() {}
}
