package dev.rszshm.heap;

/**
 * A part of a heap that is read and written with bounds of its own: offsets count from its
 * beginning, and none reaches outside.
 *
 * <p>Any number of threads may use a region; each method says which order its accesses have. All
 * methods throw
 *
 * <ul>
 *   <li>{@link IndexOutOfBoundsException} if a byte lies outside the bounds,
 *   <li>{@link IllegalStateException} if the heap is closed,
 *   <li>{@link dev.rszshm.heap.errors.ReadOnlyHeapException} if they write and the heap is attached
 *       for reading only,
 *   <li>{@link IllegalArgumentException} if an ordered or atomic access is not aligned,
 *   <li>{@link InternalError} if somebody has truncated the file of the heap (as for any mapped
 *       file in Java; it can arrive a few instructions late).
 * </ul>
 *
 * <p>If the process dies in a write of one value, the value has been written or it has not; of a
 * bulk operation any part may have been done.
 */
public sealed class Region extends BulkAccess permits Heap {

  /** Keeps the heap open while only a part of it is in use; null for the heap itself. */
  @SuppressWarnings("UnusedVariable")
  private final Region whole;

  /** A whole heap. */
  Region(Platform platform, Span span, Header header) {
    super(platform, span, 0, header.dataOffset(), header.span());
    this.whole = null;
  }

  private Region(Region whole, long offset, long length) {
    super(new Platform(whole.memory, whole.calls), whole.span, whole.absolute(offset), 0, length);
    this.whole = whole;
  }

  /**
   * Makes a part with bounds of its own: its offsets count from 0 and end at its length.
   *
   * @throws IndexOutOfBoundsException if it does not lie within these bounds
   */
  public final Region region(long offset, long length) {
    rangeToRead(offset, length);
    return new Region(this, offset, length);
  }

  /**
   * Makes a channel over bytes of the heap, with a position and an end of its own. {@link
   * java.nio.channels.Channels} turns it into streams.
   */
  public final RegionChannel asChannel(long offset, long length) {
    return new RegionChannel(region(offset, length));
  }

  /**
   * Makes an array over bytes of the heap, with a fixed number of elements.
   *
   * @throws IndexOutOfBoundsException if it does not lie within bounds
   */
  public final <T> TypedArray<T> asArray(ElementType<T> type, long offset, long size) {
    if (size < 0 || size > Long.MAX_VALUE / type.length()) {
      throw new IllegalArgumentException(
          "an array of " + size + " elements was asked for: name a size from 0 up");
    }
    return new TypedArray<>(type, region(offset, size * type.length()), size);
  }

  /** The offset in the heap at which this begins. */
  public final long offset() {
    return absolute(0);
  }

  /** Number of bytes within bounds. For a heap: its length now, which others may raise. */
  public long length() {
    return upper();
  }

  @Override
  String describe() {
    return "the region at " + absolute(0);
  }
}
