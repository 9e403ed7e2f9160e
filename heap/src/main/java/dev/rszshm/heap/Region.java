package dev.rszshm.heap;

import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.internal.map.Span;
import dev.rszshm.heap.spi.Platform;

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
   * Makes sure that bytes can be read: that they lie within these bounds and the heap is open.
   *
   * @throws IndexOutOfBoundsException if they do not lie within bounds
   * @throws IllegalStateException if the heap is closed
   */
  public final void checkReadable(long offset, long length) {
    rangeToRead(offset, length);
  }

  /**
   * Makes sure that bytes can be written. Otherwise as {@link #checkReadable}.
   *
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if the heap is attached for reading only
   */
  public final void checkWritable(long offset, long length) {
    rangeToWrite(offset, length);
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
