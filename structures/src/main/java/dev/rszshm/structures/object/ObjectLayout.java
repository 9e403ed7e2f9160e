package dev.rszshm.structures.object;

/**
 * A shared object: a header, and two places for its content of which one is in use.
 *
 * <pre>
 * OFFSET          SIZE  DESCRIPTION
 *      0             8  lock of the writers, as of a mutex
 *      8             8  state: bit 0 which place is in use, the others how often it was written
 *     16             8  capacity: bytes of content that each place has room for
 *     24             8  reserved, zero
 *     32             24 descriptor of place 0
 *     56             24 descriptor of place 1
 *     80      capacity  content of place 0
 * 80 + capacity'  capacity  content of place 1, where capacity' is rounded up to 16
 *
 * A descriptor
 *      0             8  length of the content in bytes
 *      8             4  id of the codec
 *     12             4  version of the codec
 *     16             4  CRC32C of the first 16 bytes of the descriptor and of the content
 *     20             4  reserved, zero
 * </pre>
 *
 * <p>All zeros are an object that was never written.
 */
final class ObjectLayout {
  static final int LOCK = 0;
  static final int STATE = 8;
  static final int CAPACITY = 16;
  static final int DESCRIPTORS = 32;
  static final int DESCRIPTOR_LENGTH = 24;
  static final int CONTENT = 80;

  static final int LENGTH = 0;
  static final int CODEC = 8;
  static final int VERSION = 12;
  static final int SUM = 16;

  /** What the sum covers of a descriptor. */
  static final int SUMMED = 16;

  private static final int ALIGNMENT = 16;

  private ObjectLayout() {}

  /** Which place a state says is in use. */
  static int place(long state) {
    return (int) state & 1;
  }

  /** How often an object was written. */
  static long writes(long state) {
    return state >>> 1;
  }

  /** The state after one more write, with the other place in use. */
  static long next(long state) {
    return (writes(state) + 1) << 1 | (place(state) ^ 1);
  }

  static long descriptor(int place) {
    return DESCRIPTORS + (long) place * DESCRIPTOR_LENGTH;
  }

  static long content(int place, long capacity) {
    return CONTENT + place * room(capacity);
  }

  /** Bytes of an object whose content has up to so many. */
  static long length(long capacity) {
    return CONTENT + 2 * room(capacity);
  }

  private static long room(long capacity) {
    return (capacity + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
