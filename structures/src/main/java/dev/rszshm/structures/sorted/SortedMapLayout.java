package dev.rszshm.structures.sorted;

/**
 * What is where in a sorted map. Offsets of the first table count from the map's beginning, a
 * multiple of 64. Slots are words that the allocator's methods know.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic; written last
 *      8    8 options: binary logarithm of the length of a node
 *     16    8 seed of the stamps
 *     24    4 version
 *     32    8 bytes of it all
 *     40    8 format of the keys (FormatWord)
 *     48    8 format of the values
 *     64    8 lock of those who change the map (a Mutex)
 *     72    8 state of the change: 0 none, 1 being built, 2 ready to be swapped in, 3 freeing
 *     80    8 number of entries
 *     88    8 number of stamps that were used
 *     96    8 slot: spare node, for the next change
 *    104    8 slot: garbage, the root of a tree that was cleared and is being freed
 *    112    8 slot: new value outside of its leaf
 *    120    8 slot: old value outside of its leaf
 *    128    8 change: offset of the place that changes, the root or the place of a child
 *    136    8 change: what the place becomes
 *    144    8 change: number of entries then
 *    152    8 change: offset of the slot that gets the first old node, spare or garbage; 0: it is
 *             freed
 *    160    8 change: number of new slots in use
 *    168    8 change: number of old slots in use
 *    192    8 root: 0 or the reference of the topmost node
 *    256  672 slots: 84 new nodes
 *    928  672 slots: 84 old nodes
 * </pre>
 *
 * <p>A node, of the length that the options say:
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 stamp, which no other node of the map ever had, written last; 0: out of the map
 *      8    2 height: 0 of a leaf, else one more than that of its children
 *     10    2 number of entries n
 *     12    4 bytes in use
 *     16   8n heads: the first 8 bytes of each key, as a big-endian number, ended by zeros
 *  16+8n   8n directory: for each entry position in the node (bits 0-15), length of the key
 *             (16-31), length of the value (32-62), whether the value is outside (63)
 * 16+16n   8n places of the children; not in a leaf
 *             then, at their positions, the rest of each key behind its first 8 bytes; in a leaf
 *             followed by the value, or by the slot of a value outside, at the next multiple of 8
 * </pre>
 *
 * <p>Heads are in ascending unsigned order, as keys are. A child of an inner node has the keys from
 * its own to that of the next child, which is not among them. The first key of an inner node is
 * empty.
 *
 * <p>A value outside is a block with the bytes of the value, no more.
 */
final class SortedMapLayout {
  static final long MAGIC_VALUE = 0x5452_4f53_5a53_5a52L; // "RZSZSORT"
  static final int CURRENT_VERSION = 1;
  static final int ALIGNMENT = 64;

  static final int MAGIC = 0;
  static final int OPTIONS = 8;
  static final int SEED = 16;
  static final int VERSION = 24;
  static final int BYTES = 32;
  static final int KEY_FORMAT = 40;
  static final int VALUE_FORMAT = 48;
  static final int LOCK = 64;
  static final int STATE = 72;
  static final int COUNT = 80;
  static final int STAMPS = 88;
  static final int SPARE = 96;
  static final int GARBAGE = 104;
  static final int NEW_VALUE = 112;
  static final int OLD_VALUE = 120;
  static final int CHANGE_PLACE = 128;
  static final int CHANGE_WORD = 136;
  static final int CHANGE_COUNT = 144;
  static final int CHANGE_KEEP = 152;
  static final int CHANGE_NEW = 160;
  static final int CHANGE_OLD = 168;
  static final int ROOT = 192;
  static final int NEW_NODES = 256;
  static final int OLD_NODES = 928;
  static final int SLOTS = 84;
  static final int LENGTH = 1600;

  /** A change of each level takes up to two slots, and a new root one. */
  static final int MAX_HEIGHT = 40;

  static final int NODE_HEIGHT = 8;
  static final int NODE_COUNT = 10;
  static final int NODE_END = 12;
  static final int NODE_HEADER = 16;

  private static final int FORM_MASK = 7;
  private static final int REFERENCE = 3;
  private static final int GRANULE_SHIFT = 24;
  private static final int OFFSET_SHIFT = 20;
  private static final int SHORT_MASK = 0xffff;

  private SortedMapLayout() {}

  static long newNode(int number) {
    return NEW_NODES + (long) Long.BYTES * number;
  }

  static long oldNode(int number) {
    return OLD_NODES + (long) Long.BYTES * number;
  }

  // Words of slots.

  static boolean isReference(long word) {
    return (word & FORM_MASK) == REFERENCE;
  }

  static long block(long word) {
    return word >>> GRANULE_SHIFT << (GRANULE_SHIFT - OFFSET_SHIFT);
  }

  /** The word of the options. */
  static long options(int nodeLength) {
    return Integer.numberOfTrailingZeros(nodeLength);
  }

  // Nodes.

  static long directory(int count) {
    return NODE_HEADER + (long) Long.BYTES * count;
  }

  static long child(int count, int index) {
    return NODE_HEADER + (long) Long.BYTES * (2 * count + index);
  }

  static long word(int position, int keyLength, int valueLength, boolean isOutside) {
    return position
        | (long) keyLength << 16
        | (long) valueLength << 32
        | (isOutside ? Long.MIN_VALUE : 0);
  }

  static int position(long word) {
    return (int) word & SHORT_MASK;
  }

  static int keyLength(long word) {
    return (int) (word >>> 16) & SHORT_MASK;
  }

  static int valueLength(long word) {
    return (int) (word >>> 32) & Integer.MAX_VALUE;
  }

  static boolean isOutside(long word) {
    return word < 0;
  }

  /** The bytes of a key behind its head. */
  static int restLength(int keyLength) {
    return Math.max(0, keyLength - Long.BYTES);
  }

  /** Where a value is, or the slot of one that is outside. */
  static int valueAt(long word) {
    int end = position(word) + restLength(keyLength(word));
    return isOutside(word) ? (end + 7) & -8 : end;
  }

  /** The bytes of a value in a leaf. */
  static int bytesInside(long word) {
    return isOutside(word) ? Long.BYTES : valueLength(word);
  }

  // Limits, of nodes of a length.

  /** An entry takes at most a third of a node, so that every overfull node can be halved. */
  static int maxKeyLength(int nodeLength) {
    return nodeLength / 4 - 32;
  }

  static boolean isInside(int nodeLength, int keyLength, int valueLength) {
    return restLength(keyLength) + (long) valueLength <= nodeLength / 4;
  }

  // Keys.

  /** The first 8 bytes of a key, as a number whose unsigned order is that of the bytes. */
  static long head(byte[] key) {
    long head = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      head = head << 8 | (i < key.length ? key[i] & 0xff : 0);
    }
    return head;
  }
}
