package dev.rszshm.structures.object;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.CodecFormat;
import dev.rszshm.structures.object.errors.DamagedObjectException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Looks at a {@link SharedObject} without its codec, and changes nothing: for tools, and for a heap
 * that is attached for reading only.
 *
 * <p>All methods may be called by any thread at any time.
 */
public final class ObjectView {
  /** The type of the root under which a {@link dev.rszshm.heap.Directory} keeps an object. */
  public static final long ROOT_TYPE = SharedObject.TYPE;

  private static final int TRIES = 100;

  private final Heap heap;
  private final long offset;
  private final long capacity;

  private ObjectView(Heap heap, long offset, long capacity) {
    this.heap = heap;
    this.offset = offset;
    this.capacity = capacity;
  }

  /**
   * Returns a view of the object at an offset.
   *
   * @param length the bytes that it has there
   * @throws DamagedObjectException if there cannot be one
   */
  public static ObjectView at(Heap heap, long offset, long length) {
    heap.checkReadable(offset, length);
    long capacity = heap.getLongAcquire(offset + ObjectLayout.CAPACITY);
    if (capacity < 0
        || capacity > length
        || (capacity > 0 && ObjectLayout.length(capacity) > length)) {
      heap.requireOpen(); // or what was read is nothing
      throw new DamagedObjectException(
          String.format(
              Locale.ROOT,
              "at offset %d of %s is no object: found a capacity of %d in %d bytes",
              offset,
              heap.path(),
              capacity,
              length));
    }
    return new ObjectView(heap, offset, capacity);
  }

  /**
   * What an object was when it was read.
   *
   * @param writes how often it had been written
   * @param format of the codec it was written by
   * @param bytes its content as the codec made it
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  public record Content(long writes, CodecFormat format, byte[] bytes) {}

  /** Returns the bytes that its content can have at most; 0 if it is not made yet. */
  public long capacity() {
    return capacity;
  }

  private long state() {
    return heap.getLongAcquire(offset + ObjectLayout.STATE);
  }

  /**
   * Returns its content, or empty if it was never written, or is written all the time.
   *
   * @throws DamagedObjectException if it does not have the checksum that was stored with it
   */
  public Optional<Content> content() {
    for (int i = 0; i < TRIES; i++) {
      long state = state();
      if (ObjectLayout.writes(state) == 0 || capacity == 0) {
        return Optional.empty();
      }
      long descriptor = offset + ObjectLayout.descriptor(ObjectLayout.place(state));
      long content = offset + ObjectLayout.content(ObjectLayout.place(state), capacity);
      long length = heap.getLong(descriptor + ObjectLayout.LENGTH);
      boolean fits = length >= 0 && length <= Math.min(capacity, Integer.MAX_VALUE - 8);
      byte[] bytes = new byte[fits ? (int) length : 0];
      heap.getArray(content, bytes, 0, bytes.length);
      byte[] summed = new byte[ObjectLayout.SUMMED];
      heap.getArray(descriptor, summed, 0, summed.length);
      int sum = heap.getInt(descriptor + ObjectLayout.SUM);
      int codec = heap.getInt(descriptor + ObjectLayout.CODEC);
      int version = heap.getInt(descriptor + ObjectLayout.VERSION);
      if (state() != state) {
        continue;
      }
      if (!fits || StoredContent.sum(summed, bytes) != sum) {
        heap.requireOpen(); // or what was read is nothing
        throw new DamagedObjectException(
            String.format(
                Locale.ROOT,
                "the object at offset %d of %s is damaged: its %d bytes do not have the checksum"
                    + " that was stored with them. Write it anew",
                offset,
                heap.path(),
                length));
      }
      CodecFormat format = new CodecFormat(codec, version);
      return Optional.of(new Content(ObjectLayout.writes(state), format, bytes));
    }
    return Optional.empty();
  }

  /** Returns what is wrong with the object; empty if nothing is. */
  public List<String> check() {
    try {
      content();
      return List.of();
    } catch (DamagedObjectException e) {
      return List.of(e.getMessage());
    }
  }
}
