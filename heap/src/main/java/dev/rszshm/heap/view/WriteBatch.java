package dev.rszshm.heap.view;

import dev.rszshm.heap.Region;

/**
 * Writes values one behind the other, and tells others of many of them at once. To tell of each
 * value costs more than the value itself, above all when somebody reads: the word that says how
 * much there is goes back and forth between the processors. docs/ALIGNMENT.md has figures.
 *
 * <pre>{@code
 * WriteBatch batch = WriteBatch.at(heap, offset, 1 << 20, published);
 * for (Trade trade : trades) {
 *   batch.putLong(trade.id()).putDouble(trade.price());
 * }
 * batch.publish();
 * }</pre>
 *
 * <p>Whoever reads the word of the batch with {@link Region#getLongAcquire acquire order} finds all
 * bytes below the number that it holds. Values are little-endian, of any alignment. If the process
 * dies, what was published is there, and what was not may be or not. For one thread; readers may be
 * any number of threads and processes.
 */
public final class WriteBatch {
  private final Region region;
  private final long offset;
  private final long length;
  private final long word;
  private long written;

  private WriteBatch(Region region, long offset, long length, long word) {
    this.region = region;
    this.offset = offset;
    this.length = length;
    this.word = word;
  }

  /**
   * Returns a batch that writes from an offset on, and has written nothing.
   *
   * @param length bytes that it may write at most
   * @param word the offset of 64 bits, a multiple of 8, that {@link #publish} writes; readers must
   *     find 0 or an older number there before. It should lie in a cache line of its own, {@link
   *     dev.rszshm.heap.Layouts#SEPARATION} away from the values
   * @throws IndexOutOfBoundsException if they do not lie within the region
   * @throws IllegalArgumentException if the word is not aligned
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if the region is for reading only
   */
  public static WriteBatch at(Region region, long offset, long length, long word) {
    region.checkWritable(offset, length);
    region.getLongAcquire(word); // which checks the offset
    return new WriteBatch(region, offset, length, word);
  }

  /**
   * Returns where a value of so many bytes goes.
   *
   * @throws IndexOutOfBoundsException if there is no room for it
   */
  private long next(int bytes) {
    long at = written;
    if (at > length - bytes) {
      throw full(bytes);
    }
    written = at + bytes;
    return offset + at;
  }

  private IndexOutOfBoundsException full(int bytes) {
    return new IndexOutOfBoundsException(
        "a batch of "
            + length
            + " bytes has "
            + (length - written)
            + " left, and "
            + bytes
            + " are to be written: make the batch longer, or begin another");
  }

  /** Appends a byte. */
  public WriteBatch putByte(byte value) {
    region.putByte(next(Byte.BYTES), value);
    return this;
  }

  /** Appends 16 bits. */
  public WriteBatch putShort(short value) {
    region.putShort(next(Short.BYTES), value);
    return this;
  }

  /** Appends 32 bits. */
  public WriteBatch putInt(int value) {
    region.putInt(next(Integer.BYTES), value);
    return this;
  }

  /** Appends 64 bits. */
  public WriteBatch putLong(long value) {
    region.putLong(next(Long.BYTES), value);
    return this;
  }

  /** Appends 32 bits of floating point. */
  public WriteBatch putFloat(float value) {
    region.putFloat(next(Float.BYTES), value);
    return this;
  }

  /** Appends 64 bits of floating point. */
  public WriteBatch putDouble(double value) {
    region.putDouble(next(Double.BYTES), value);
    return this;
  }

  /** Appends all bytes of an array. */
  public WriteBatch putBytes(byte[] bytes) {
    region.putArray(next(bytes.length), bytes, 0, bytes.length);
    return this;
  }

  /** Tells others of all that was written, with release order. */
  public void publish() {
    region.putLongRelease(word, written);
  }

  /** Returns the bytes that were written so far, published or not. */
  public long written() {
    return written;
  }
}
