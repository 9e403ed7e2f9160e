package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.spi.Memory;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Where the bytes of a message come from. It belongs to one call. */
public final class MessageSource implements RingClaims.Content {
  private static final byte[] NO_ARRAY = {};

  private final Memory memory;
  private final byte[] array;
  private final int index;

  /** Where in the heap it is; 0 if it is elsewhere. */
  private final long from;

  private final @Nullable InputStream stream;
  private final long length;

  private MessageSource(
      Ring ring, byte[] array, int index, long from, @Nullable InputStream stream, long length) {
    this.memory = ring.memory;
    this.array = array;
    this.index = index;
    this.from = from;
    this.stream = stream;
    this.length = length;
  }

  public static MessageSource array(Ring ring, byte[] array, int index, int length) {
    if (index < 0 || length < 0 || index > array.length - length) {
      throw new IndexOutOfBoundsException(
          "index " + index + " with " + length + " bytes in an array of " + array.length);
    }
    return new MessageSource(ring, array, index, 0, null, length);
  }

  public static MessageSource heap(Ring ring, long offset, long length) {
    ring.heap.region(offset, length);
    return new MessageSource(ring, NO_ARRAY, 0, ring.heap.base() + offset, null, length);
  }

  public static MessageSource stream(Ring ring, InputStream stream, long length) {
    if (length < 0) {
      throw new IllegalArgumentException("found a length of " + length + ", expected 0 or more");
    }
    return new MessageSource(ring, NO_ARRAY, 0, 0, stream, length);
  }

  public long length() {
    return length;
  }

  /**
   * Reads ahead what cannot be copied when it is wanted, so that nobody waits for it.
   *
   * @param buffer where to, if it is long enough: what this has returned before, or an empty array
   * @return where {@link #copy} finds it
   * @throws EOFException if there is less
   */
  public byte[] prepare(byte[] buffer, int size) throws IOException {
    if (stream == null) {
      return buffer;
    }
    byte[] bytes = buffer.length < size ? new byte[size] : buffer;
    int read = stream.readNBytes(bytes, 0, size);
    if (read < size) {
      throw new EOFException(
          "found " + read + " bytes at the end of the input, expected " + size + " more");
    }
    return bytes;
  }

  @Override
  public void writeTo(long address) {
    copy(NO_ARRAY, 0, address, (int) length);
  }

  /**
   * Copies bytes of the message.
   *
   * @param prepared what {@link #prepare} returned
   */
  public void copy(byte[] prepared, long at, long to, int size) {
    if (stream != null) {
      memory.copyIn(prepared, 0, to, size);
    } else if (from == 0) {
      memory.copyIn(array, index + (int) at, to, size);
    } else {
      memory.copy(from + at, to, size);
    }
  }
}
