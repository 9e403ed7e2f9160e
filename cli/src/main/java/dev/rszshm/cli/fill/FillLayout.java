package dev.rszshm.cli.fill;

import dev.rszshm.heap.Heap;

/**
 * Where a fill keeps what it shares; section 4 of docs/FORMAT.md.
 *
 * <pre>
 * heap, d = data offset                          plain file
 * d + 0     8      index to be claimed next      24   4      index to be claimed next
 * d + 128   8      total: bytes to fill          28   total  the bytes
 * d + 136   8      claim: bytes claimed at a time
 * d + 256   total  the bytes
 * </pre>
 *
 * <p>The index may run past the total by what the last claims overshoot, so in a plain file, where
 * it has 32 bits, total and overshoot together stay below 2^32.
 *
 * @param plain whether the heap is a plain file
 * @param dataOffset offset of the first byte of content, which is the index
 */
public record FillLayout(boolean plain, long dataOffset) {
  /** First value the index of a plain file cannot have. */
  static final long PLAIN_INDEX_LIMIT = 1L << 32;

  /** Where the content of a plain file begins. */
  static final int PLAIN_HEADER_LENGTH = 24;

  private static final int TOTAL = 128;
  private static final int CLAIM = 136;
  private static final int BYTES = 256;
  private static final int PLAIN_BYTES = Integer.BYTES;

  /** The layout of a heap. */
  public static FillLayout of(Heap heap) {
    return new FillLayout(heap.isPlain(), heap.dataOffset());
  }

  /** Bytes of content that precede the bytes to fill. */
  static int lengthBefore(boolean plain) {
    return plain ? PLAIN_BYTES : BYTES;
  }

  /** Offset of the byte of an index. */
  public long offset(long index) {
    return dataOffset + lengthBefore(plain) + index;
  }

  /**
   * Takes the next bytes; returns the index of the first, which is past the total if there are no
   * more. If the process dies after it, they stay as they are.
   */
  public long claim(Heap heap, long length) {
    return plain
        ? Integer.toUnsignedLong(heap.getAndAddInt(dataOffset, (int) length))
        : heap.getAndAddLong(dataOffset, length);
  }

  /** The index to be claimed next. */
  long claimed(Heap heap) {
    return plain
        ? Integer.toUnsignedLong(heap.getIntVolatile(dataOffset))
        : heap.getLongVolatile(dataOffset);
  }

  /** Notes what is to be done, for programs that join in; a plain file has no room for it. */
  void writeTask(Heap heap, long total, long claim) {
    if (!plain) {
      heap.ensure(dataOffset + BYTES);
      heap.putLong(dataOffset + TOTAL, total);
      heap.putLongRelease(dataOffset + CLAIM, claim);
    }
  }
}
