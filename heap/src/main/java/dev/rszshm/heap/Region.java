package dev.rszshm.heap;

import dev.rszshm.heap.internal.attach.Attachment;
import dev.rszshm.heap.internal.attach.FileMapping;
import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.internal.map.Mapping;
import dev.rszshm.heap.internal.map.MemoryWishes;
import dev.rszshm.heap.internal.map.RetiredSpans;
import dev.rszshm.heap.internal.map.Span;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.heap.spi.Platform;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.OptionalLong;
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
 * <p>Methods for many values in a row, such as {@link #fillLongs}, {@link #sumInts}, {@link
 * #forEachDouble} and {@link #replaceAllLongs}, check their bounds once, and are as fast as loops
 * without checks. They are plain accesses, of any alignment, in no particular order within the
 * range; what others write there at the same time may be lost, or read in part. Code of the caller
 * that they call may do anything, also close the heap; if it throws, some of the values at the
 * beginning have been read or written.
 *
 * <p>If the process dies while it writes one value, the value has been written or it has not; any
 * part of a bulk operation may have been done.
 */
public sealed class Region extends SequenceAccess permits Heap, FileRegion {

  static {
    Places.connect(region -> region.span.places);
  }

  /** Keeps the heap open while only a part of it is in use; null for the heap itself. */
  @SuppressWarnings("UnusedVariable")
  private final @Nullable Region whole;

  /** A whole heap. */
  Region(Platform platform, Span span, Header header) {
    super(platform, span, 0, header.dataOffset(), header.span());
    this.whole = null;
  }

  /** A range of a file. */
  Region(Platform platform, Span span, long length) {
    super(platform, span, 0, 0, length);
    this.whole = null;
  }

  private Region(Region whole, long offset, long length) {
    super(new Platform(whole.memory, whole.calls), whole.span, whole.absolute(offset), 0, length);
    this.whole = whole;
  }

  /**
   * Maps a whole file, as {@link #map(Path, MapMode, long, long)} does.
   *
   * @throws dev.rszshm.heap.errors.HeapNotReadyException if the file is empty
   */
  public static FileRegion map(Path path, MapMode mode) {
    return map(Platform.host(), path, mode, 0, OptionalLong.empty());
  }

  /**
   * Maps a range of any regular file at an address that this process has free. The region has the
   * bounds of the range, and the checks, orders and errors of a heap; links are followed, and the
   * file may belong to anybody. Close it when it is not used any more.
   *
   * @param mode {@link MapMode#READ_ONLY}, {@link MapMode#READ_WRITE}, or {@link MapMode#PRIVATE}:
   *     this process may write, and it alone sees what it writes
   * @param offset where the range begins in the file, a multiple of the page size
   * @param length its length in bytes, at least 1, which need not be a multiple of anything
   * @throws dev.rszshm.heap.errors.NoSuchHeapException if there is no such file
   * @throws dev.rszshm.heap.errors.NotAHeapException if it is a directory, a pipe or a device
   * @throws dev.rszshm.heap.errors.HeapAccessDeniedException if it may not be opened in this mode
   * @throws IndexOutOfBoundsException if the range does not lie within the file
   * @throws IllegalArgumentException if the offset, the length or the mode is none of the above
   * @throws dev.rszshm.heap.errors.NoAddressException if there is no room for it
   */
  public static FileRegion map(Path path, MapMode mode, long offset, long length) {
    return map(Platform.host(), path, mode, offset, OptionalLong.of(length));
  }

  static FileRegion map(
      Platform platform, Path path, MapMode mode, long offset, OptionalLong length) {
    Attachment.closeAbandoned();
    RetiredSpans.release();
    FileMapping file = new FileMapping(platform, path.toAbsolutePath(), mappingOf(mode));
    return new FileRegion(platform, file.map(offset, length));
  }

  private static Mapping mappingOf(MapMode mode) {
    if (mode == MapMode.READ_WRITE) {
      return Mapping.WRITING;
    }
    if (mode == MapMode.READ_ONLY || mode == MapMode.PRIVATE) {
      return mode == MapMode.PRIVATE ? Mapping.COPYING : Mapping.READING;
    }
    throw new IllegalArgumentException(
        "a file is mapped READ_ONLY, READ_WRITE or PRIVATE, found the mode " + mode);
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

  /**
   * Writes a range to storage, and waits for it.
   *
   * @throws dev.rszshm.heap.errors.ReadOnlyHeapException if the file is mapped copy-on-write
   */
  public void flush(long offset, long length) {
    span.requireShared();
    long address = rangeToRead(offset, length);
    long page = address & -(long) calls.pageSize();
    onAddresses(() -> calls.sync(page, address + length - page, true));
  }

  /** Advises the kernel how a range of content will be used. */
  public final void advise(long offset, long length, Advice advice) {
    long address = rangeToRead(offset, length);
    long page = address & -(long) calls.pageSize();
    onAddresses(() -> calls.advise(page, address + length - page, advice));
  }

  /**
   * Locks a range of content in physical memory, so that it is not swapped out while this process
   * has it attached.
   *
   * @throws dev.rszshm.heap.errors.SystemCallException if the process may not lock so much memory,
   *     or a part of the range that has no memory yet gets none, because the file system is full
   */
  public final void lockInMemory(long offset, long length) {
    span.requireShared();
    long address = rangeToRead(offset, length);
    onAddresses(() -> calls.lockInMemory(address, length));
  }

  /**
   * Locks a range in physical memory, as {@link #lockInMemory} does, if that is allowed.
   *
   * @return whether it is locked now, and if not, why
   */
  public final Grant tryLockInMemory(long offset, long length) {
    span.requireShared();
    long address = rangeToRead(offset, length);
    return span.onAddresses(() -> MemoryWishes.lock(calls, address, length));
  }

  /**
   * Lets the pages of a range leave physical memory again, whoever locked them through this
   * attachment, and how often. Has no effect on pages that are not locked.
   */
  public final void unlockFromMemory(long offset, long length) {
    long address = rangeToRead(offset, length);
    onAddresses(() -> calls.unlockFromMemory(address, length));
  }

  /**
   * Moves a range into huge pages at once, as far as it consists of whole ones, for all processes.
   * The content stays. That takes about as long as to copy the range. The kernel may split them
   * again when memory is short.
   *
   * @return how many there are, or why there are none
   */
  public final Grant collapse(long offset, long length) {
    span.requireShared();
    long address = rangeToRead(offset, length);
    return span.onAddresses(() -> MemoryWishes.collapse(calls, address, length));
  }

  /**
   * Prefers a NUMA node for the pages of a range that are taken from now on by this process; those
   * that have memory stay where they are.
   *
   * @return whether the node is preferred now, and if not, why
   */
  public final Grant preferNode(long offset, long length, int node) {
    long address = rangeToRead(offset, length);
    long page = address & -(long) calls.pageSize();
    return span.onAddresses(
        () -> MemoryWishes.preferNode(calls, page, address + length - page, node));
  }

  final void onAddresses(Runnable call) {
    span.onAddresses(
        () -> {
          call.run();
          return null;
        });
  }

  @Override
  String describe() {
    return "the region at " + absolute(0);
  }
}
