package dev.rszshm.allocator.internal.table;

/**
 * A root: a name for a block.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 state word: how often the entry was made (bits 1-63), in use (0); written last
 *      8    8 slot that holds the reference of the block
 *     16    8 type id
 *     24    4 version
 *     28    4 length of the name in bytes
 *     32    8 size of the block that was asked for
 *     40   88 name, UTF-8
 * </pre>
 */
public final class RootLayout {
  public static final int STATE = 0;
  public static final int REFERENCE = 8;
  public static final int TYPE = 16;
  public static final int VERSION = 24;
  public static final int NAME_LENGTH = 28;
  public static final int SIZE = 32;
  public static final int NAME = 40;

  public static final int LENGTH = 128;
  public static final int NAME_CAPACITY = LENGTH - NAME;

  public static final long IN_USE = 1;

  private RootLayout() {}
}
