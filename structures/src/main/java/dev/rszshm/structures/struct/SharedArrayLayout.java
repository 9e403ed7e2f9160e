package dev.rszshm.structures.struct;

/**
 * An array of structs or numbers that grows.
 *
 * <pre>
 * OFFSET  SIZE  DESCRIPTION
 *      0     8  magic: "ARRAY" and a version of this layout
 *      8     8  element: the hash of the layout of a struct, or of the name of the type
 *     16     8  length of an element in bytes
 *     24     4  version of the layout of a struct; 0 of other elements
 *     28     4  first: the base-2 logarithm of the number of elements in segment 0
 *     32     8  size: number of elements, which grows only
 *     40    24  reserved, zero
 *     64   320  slots of 40 segments
 *
 * Segment 0 has 2^first elements, segment s > 0 has 2^(first + s - 1): as many as all before it.
 * </pre>
 *
 * <p>All zeros are an array that nobody has made yet.
 */
final class SharedArrayLayout {
  static final int MAGIC = 0;
  static final int ELEMENT = 8;
  static final int ELEMENT_LENGTH = 16;
  static final int VERSION = 24;
  static final int FIRST = 28;
  static final int SIZE = 32;
  static final int SEGMENTS = 64;

  static final int SEGMENT_COUNT = 40;
  static final int LENGTH = SEGMENTS + SEGMENT_COUNT * Long.BYTES;
  static final long MAGIC_VALUE = 0x4152_5241_5900_0001L;
  static final int ROOT_VERSION = 1;

  /** Segment 0 has about as many bytes, and at least one element. */
  static final int FIRST_BYTES = 1024;

  /** Where the descriptor word with version and first begins. */
  private static final int FIRST_SHIFT = 32;

  private SharedArrayLayout() {}

  /** Returns the word with version and first. */
  static long descriptor(int version, int first) {
    return (long) first << FIRST_SHIFT | version & 0xffff_ffffL;
  }

  static int first(long descriptor) {
    return (int) (descriptor >>> FIRST_SHIFT);
  }

  static int version(long descriptor) {
    return (int) descriptor;
  }

  /** Returns the logarithm of the number of elements in segment 0. */
  static int firstFor(long elementLength) {
    long elements = Math.max(1, FIRST_BYTES / elementLength);
    return Long.SIZE - 1 - Long.numberOfLeadingZeros(elements);
  }

  static long slot(int segment) {
    return SEGMENTS + (long) segment * Long.BYTES;
  }

  /** Returns the segment of an element. */
  static int segment(long index, int first) {
    return Long.SIZE - Long.numberOfLeadingZeros(index >>> first);
  }

  /** Returns the index of the first element of a segment. */
  static long begin(int segment, int first) {
    return segment == 0 ? 0 : 1L << (first + segment - 1);
  }

  /** Returns the number of elements of a segment. */
  static long count(int segment, int first) {
    return 1L << (first + Math.max(0, segment - 1));
  }

  /** Returns how many elements there is room for. */
  static long capacity(int first) {
    return 1L << (first + SEGMENT_COUNT - 1);
  }
}
