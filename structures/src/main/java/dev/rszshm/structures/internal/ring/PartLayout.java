package dev.rszshm.structures.internal.ring;

/**
 * The beginning of the payload of a part; the bytes of the message follow.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 identity of the message: tag of the sender (bits 34-63), running number (0-33)
 *      8    8 length of the message
 *     16    4 index of the part, from 0
 *     20    4 bytes of the message in this part
 * </pre>
 */
public final class PartLayout {
  static final int IDENTITY = 0;
  public static final int TOTAL = 8;
  public static final int INDEX = 16;
  public static final int LENGTH = 20;
  public static final int BYTES = 24;

  private static final int TAG_SHIFT = 34;

  private PartLayout() {}

  static long identity(int tag, long number) {
    return (long) tag << TAG_SHIFT | (number & ((1L << TAG_SHIFT) - 1));
  }

  /** The running number of an identity. */
  static long number(long identity) {
    return identity & ((1L << TAG_SHIFT) - 1);
  }

  static int tag(long identity) {
    return (int) (identity >>> TAG_SHIFT);
  }
}
