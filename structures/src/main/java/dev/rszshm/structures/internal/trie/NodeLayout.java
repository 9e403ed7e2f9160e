package dev.rszshm.structures.internal.trie;

/**
 * What is where in a node of a trie.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0   32 four children: 0, or the reference of a node
 *     32    8 number
 *     40    4 length of the key
 *     44    4 upper half of the key's hash
 *     48      key
 * </pre>
 */
public final class NodeLayout {
  static final int CHILDREN = 4;

  /** The number of a node, which belongs to the structure. */
  public static final int NUMBER = 32;

  static final int KEY_LENGTH = 40;
  static final int HASH = 44;
  static final int KEY = 48;

  private NodeLayout() {}

  /** Returns the length of a node in bytes. */
  public static long length(int keyLength) {
    return KEY + (long) keyLength;
  }
}
