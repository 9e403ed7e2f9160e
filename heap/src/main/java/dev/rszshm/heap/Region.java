package dev.rszshm.heap;

import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.internal.map.Span;
import dev.rszshm.heap.spi.Platform;
import org.jspecify.annotations.Nullable;

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
 *   <li>{@link InternalError} if another program has truncated the file of the heap, as for any
 *       mapped file in Java; it may be thrown a few instructions later.
 * </ul>
 *
 * <p>If the process dies while it writes one value, the value has been written or it has not; any
 * part of a bulk operation may have been done.
 */
public sealed class Region extends BulkAccess permits Heap {

  /** Keeps the heap open while only a part of it is in use; null for the heap itself. */
  @SuppressWarnings("UnusedVariable")
  private final @Nullable Region whole;

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
   * Returns a part of this region, with bounds of its own: its offsets go from 0 to its length.
   *
   * @throws IndexOutOfBoundsException if it does not lie within these bounds
   */
  public final Region region(long offset, long length) {
    rangeToRead(offset, length);
    return new Region(this, offset, length);
  }

  /**
   * Checks that a range can be read: that it lies within bounds and the heap is open.
   *
   * @throws IndexOutOfBoundsException if it does not lie within bounds
   * @throws IllegalStateException if the heap is closed
   */
  public final void checkReadable(long offset, long length) {
    rangeToRead(offset, length);
  }

  /**
   * Checks that a range can be written: that it lies within bounds, and the heap is open and
   * attached for writing.
   *
   * @throws IndexOutOfBoundsException if it does not lie within bounds
   * @throws IllegalStateException if the heap is closed
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if the heap is attached for reading only
   */
  public final void checkWritable(long offset, long length) {
    rangeToWrite(offset, length);
  }

  /** Returns the offset in the heap at which this region begins. */
  public final long offset() {
    return absolute(0);
  }

  /** Returns the length in bytes. That of a heap may grow at any time. */
  public long length() {
    return upper();
  }

  @Override
  String describe() {
    return "the region at " + absolute(0);
  }
}
