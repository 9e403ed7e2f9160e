package dev.rszshm.heap.view;

import dev.rszshm.heap.Region;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * A region as a channel. {@link java.nio.channels.Channels#newInputStream} and {@link
 * java.nio.channels.Channels#newOutputStream} make streams of it.
 *
 * <p>Its size is fixed. Writing beyond the end writes what fits, and throws if nothing does. A
 * channel may be used by one thread at a time. Closing it leaves the heap open.
 */
public final class RegionChannel implements SeekableByteChannel {
  private static final int WINDOW_LENGTH = 1 << 30;

  private final Region region;
  private @Nullable ByteBuffer window;
  private long windowOffset;
  private long position;
  private boolean open = true;

  private RegionChannel(Region region) {
    this.region = region;
  }

  /**
   * Returns a channel over bytes at an offset. {@link java.nio.channels.Channels} turns it into
   * streams.
   *
   * @throws IndexOutOfBoundsException if they do not lie within the region
   */
  public static RegionChannel at(Region region, long offset, long length) {
    return new RegionChannel(region.region(offset, length));
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    requireOpen();
    long left = region.length() - position;
    if (left <= 0) {
      return into.hasRemaining() ? -1 : 0;
    }
    int length = (int) Math.min(Math.min(into.remaining(), left), WINDOW_LENGTH);
    region.checkReadable(position, length);
    into.put(bytesAt(position, length));
    position += length;
    return length;
  }

  /**
   * Writes as many bytes as fit before the end.
   *
   * @throws IOException if none fits
   */
  @Override
  public int write(ByteBuffer from) throws IOException {
    requireOpen();
    long left = Math.max(0, region.length() - position);
    int length = (int) Math.min(Math.min(from.remaining(), left), WINDOW_LENGTH);
    if (length == 0 && from.hasRemaining()) {
      throw new IOException(
          "the region of " + region.length() + " bytes is full: " + from.remaining() + " are left");
    }
    region.checkWritable(Math.min(position, region.length()), length);
    if (length == 0) {
      return 0;
    }
    bytesAt(position, length).put(from.duplicate().limit(from.position() + length));
    from.position(from.position() + length);
    position += length;
    return length;
  }

  @Override
  public long position() throws IOException {
    requireOpen();
    return position;
  }

  /** Sets the position. Beyond the end nothing can be read or written. */
  @Override
  public SeekableByteChannel position(long newPosition) throws IOException {
    requireOpen();
    if (newPosition < 0) {
      throw new IllegalArgumentException("position " + newPosition + " is negative");
    }
    position = newPosition;
    return this;
  }

  /** Returns the length of the region in bytes, whether they were written or not. */
  @Override
  public long size() throws IOException {
    requireOpen();
    return region.length();
  }

  /**
   * Does nothing, since a region has a fixed size.
   *
   * @throws IOException if the region is longer
   */
  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    requireOpen();
    if (size < 0) {
      throw new IllegalArgumentException("size " + size + " is negative");
    }
    if (size < region.length()) {
      throw new IOException(
          "a region cannot be truncated: it has a fixed size of " + region.length() + " bytes");
    }
    return this;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }

  /** Bytes that lie within bounds, as a buffer; one serves many calls. */
  private ByteBuffer bytesAt(long offset, int length) {
    long distance = offset - windowOffset;
    if (window == null || distance < 0 || distance > window.capacity() - length) {
      window = region.asByteBuffer(offset, (int) Math.min(WINDOW_LENGTH, region.length() - offset));
      windowOffset = offset;
      distance = 0;
    }
    return window.slice((int) distance, length);
  }

  private void requireOpen() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }
}
