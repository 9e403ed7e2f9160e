package dev.rszshm.structures.struct;

/**
 * The header of a struct to which fields can be added later; other structs have none.
 *
 * <pre>
 * OFFSET  SIZE  DESCRIPTION
 *      0     4  length of the struct in bytes, this header included
 *      4     4  version of the layout it was made with
 * </pre>
 *
 * <p>Both are written by one store of 8 bytes, before others can see the struct. Zeros are a struct
 * of which only the fields of version 1 are known to be there.
 */
final class StructHeaderLayout {
  static final int HEADER = 0;
  static final int HEADER_LENGTH = 8;

  private static final int VERSION_SHIFT = 32;
  private static final long LENGTH_MASK = 0xffff_ffffL;

  private StructHeaderLayout() {}

  static long header(LayoutVersion version) {
    return header(version.version(), version.length());
  }

  static long header(int version, long length) {
    return (long) version << VERSION_SHIFT | length;
  }

  static int version(long header) {
    return (int) (header >>> VERSION_SHIFT);
  }

  static long length(long header) {
    return header & LENGTH_MASK;
  }
}
