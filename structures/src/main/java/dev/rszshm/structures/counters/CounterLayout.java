package dev.rszshm.structures.counters;

import dev.rszshm.structures.internal.trie.KeyTrie;

/**
 * What is where in a counter map.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic; written last
 *      8    4 version
 *     16    8 seed of the hash
 *     24    8 format of the keys (FormatWord)
 *     64  512 slots: 64 tables of a trie of keys (KeyTrie), whose numbers are the counts
 * </pre>
 */
final class CounterLayout {
  static final long MAGIC_VALUE = 0x544e_4f43_535a_5352L; // "RSZSCONT"
  static final int CURRENT_VERSION = 1;
  static final int ALIGNMENT = 64;

  static final int FORMAT = 24;
  static final int TRIE = 64;
  static final int LENGTH = TRIE + KeyTrie.LENGTH;

  private CounterLayout() {}
}
