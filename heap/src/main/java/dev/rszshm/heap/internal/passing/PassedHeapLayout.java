package dev.rszshm.heap.internal.passing;

/**
 * The message that passes a heap on through a socket. Little-endian. One descriptor, that of the
 * heap's file, travels with the first byte.
 *
 * <pre>
 * | OFFSET | SIZE | DESCRIPTION                                               |
 * |--------|------|-----------------------------------------------------------|
 * |      0 |    8 | magic: the bytes 52 53 5A 50 41 53 53 0A, "RSZPASS\n"      |
 * |      8 |    4 | version: 1                                                |
 * |     12 |    4 | length of the message: 64                                 |
 * |     16 |   16 | heap id as in the header; 0 for a plain file              |
 * |     32 |    8 | address of the heap                                       |
 * |     40 |    8 | span                                                      |
 * |     48 |    8 | length of the heap when it was sent; it may have grown    |
 * |     56 |    4 | flags; bit 0: a plain file                                |
 * |     60 |    4 | CRC-32C of bytes 0 to 59                                  |
 * </pre>
 */
public final class PassedHeapLayout {
  public static final int MAGIC = 0;
  public static final int VERSION = 8;
  public static final int MESSAGE_LENGTH_FIELD = 12;
  public static final int HEAP_ID = 16;
  public static final int ADDRESS = 32;
  public static final int SPAN = 40;
  public static final int LENGTH = 48;
  public static final int FLAGS = 56;
  public static final int CHECKSUM = 60;

  public static final int MESSAGE_LENGTH = 64;

  public static final long MAGIC_VALUE = 0x0A_53_53_41_50_5A_53_52L;
  public static final int CURRENT_VERSION = 1;
  public static final int FLAG_PLAIN = 1;

  private PassedHeapLayout() {}
}
