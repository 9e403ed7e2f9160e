package dev.rszshm.structures.internal.pool;

/**
 * The names of tasks.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 slot: a block with more slots
 *      8  504 63 slots: blocks with a name each
 *
 * a block with more slots:
 *      0    8 slot: the next such block
 *      8 1016 127 slots
 *
 * a block with a name:
 *      0    4 length of the name in bytes
 *      4      the name, UTF-8
 * </pre>
 */
final class NameLayout {
  static final int LENGTH = 512;

  static final int MORE = 0;
  static final int NAMES = 8;
  static final int COUNT = (LENGTH - NAMES) / Long.BYTES;

  static final int CHUNK_NEXT = 0;
  static final int CHUNK_NAMES = 8;
  static final int CHUNK_COUNT = 127;
  static final int CHUNK_LENGTH = CHUNK_NAMES + CHUNK_COUNT * Long.BYTES;

  static final int NAME_LENGTH = 0;
  static final int NAME = 4;

  private NameLayout() {}
}
