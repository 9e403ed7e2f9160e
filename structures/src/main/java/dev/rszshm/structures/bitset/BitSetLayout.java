package dev.rszshm.structures.bitset;

import dev.rszshm.structures.internal.segment.Segments;

/**
 * What is where in a set of bits.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic; written last
 *      8    4 version
 *     16    8 seed; unused
 *     64  968 segments of words (Segments). Bit b is bit b % 64 of word b / 64
 * </pre>
 */
final class BitSetLayout {
  static final long MAGIC_VALUE = 0x5354_4942_535a_5352L; // "RSZSBITS"
  static final int CURRENT_VERSION = 1;
  static final int ALIGNMENT = 64;

  static final int SEGMENTS = 64;
  static final int LENGTH = SEGMENTS + Segments.LENGTH;

  private BitSetLayout() {}
}
