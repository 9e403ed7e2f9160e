package dev.rszshm.structures.strings;

import dev.rszshm.structures.internal.segment.Segments;
import dev.rszshm.structures.internal.trie.KeyTrie;

/**
 * What is where in a table of strings.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic; written last
 *      8    4 version
 *     16    8 seed of the hash
 *     64    8 number of strings; there may be one more, which is being added
 *    128    8 lock of those who add strings (a Mutex)
 *    136    8 whether somebody is adding one: 1; else 0
 *    192  512 slots: 64 tables of a trie of keys (KeyTrie). Its words are copies of references
 *    704  968 segments of slots, of a node of the trie each, by id (Segments)
 * </pre>
 */
final class StringLayout {
  static final long MAGIC_VALUE = 0x5352_5453_535a_5352L; // "RSZSSTRS"
  static final int CURRENT_VERSION = 1;
  static final int ALIGNMENT = 64;

  static final int COUNT = 64;
  static final int LOCK = 128;
  static final int TRIE = 192;
  static final int SEGMENTS = TRIE + KeyTrie.LENGTH;
  static final int LENGTH = SEGMENTS + Segments.LENGTH;

  private StringLayout() {}
}
