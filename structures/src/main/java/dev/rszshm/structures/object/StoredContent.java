package dev.rszshm.structures.object;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecException;
import dev.rszshm.structures.codec.CodecFormat;
import dev.rszshm.structures.internal.codec.StructureCodec;
import dev.rszshm.structures.object.errors.DamagedObjectException;
import dev.rszshm.structures.object.errors.ObjectTooLongException;
import java.util.Locale;
import java.util.zip.CRC32C;

/** Content with its descriptor: writes it, and reads what is as it was written. */
final class StoredContent<T> {
  private static final int PIECE_LENGTH = 4096;

  private final Heap heap;
  private final Codec<T> codec;
  private final Object owner;

  /**
   * Content of objects in a heap.
   *
   * @param owner what messages call it
   */
  StoredContent(Heap heap, Codec<T> codec, Object owner) {
    this.heap = heap;
    this.codec = codec;
    this.owner = owner;
  }

  /** Returns the length of an object, which fits. */
  int requireLength(T object, long capacity) {
    int length = codec.length(object);
    if (length < 0) {
      throw new CodecException(
          "found a length of " + length + " bytes, as " + codec + " says, expected 0 or more");
    }
    if (length > capacity) {
      throw new ObjectTooLongException(
          String.format(
              Locale.ROOT,
              "%s has room for %d bytes, found an object of %d bytes as %s: make a larger one",
              owner,
              capacity,
              length,
              codec));
    }
    return length;
  }

  /** Writes an object of that length and its descriptor. */
  void write(T object, int length, long descriptor, long content) {
    CodecFormat format = CodecFormat.of(codec);
    try {
      codec.encode(object, heap.region(content, length), 0);
    } catch (IndexOutOfBoundsException e) {
      throw new CodecException(
          codec + " wrote more than the " + length + " bytes that it said the object takes", e);
    }
    heap.putLong(descriptor + ObjectLayout.LENGTH, length);
    heap.putInt(descriptor + ObjectLayout.CODEC, format.id());
    heap.putInt(descriptor + ObjectLayout.VERSION, format.version());
    heap.putInt(descriptor + ObjectLayout.SUM, sum(descriptor, content, length));
  }

  /** Reads an object; what it throws means nothing if it was written meanwhile. */
  T read(long descriptor, long content, long capacity) {
    long length = heap.getLong(descriptor + ObjectLayout.LENGTH);
    int sum = heap.getInt(descriptor + ObjectLayout.SUM);
    if (length < 0
        || length > Math.min(capacity, Integer.MAX_VALUE)
        || sum(descriptor, content, length) != sum) {
      heap.requireOpen(); // or what was read is nothing
      throw new DamagedObjectException(
          owner
              + " is damaged: its "
              + length
              + " bytes do not have the checksum that was stored with them. Write it anew");
    }
    int id = heap.getInt(descriptor + ObjectLayout.CODEC);
    int version = heap.getInt(descriptor + ObjectLayout.VERSION);
    StructureCodec.requireReadable(
        codec, new CodecFormat(id, version), StructureCodec.Use.CONTENT, owner);
    return codec.decode(heap.region(content, length), 0, (int) length);
  }

  /** The checksum of what is summed of a descriptor, and of a content. */
  static int sum(byte[] descriptor, byte[] content) {
    CRC32C sum = new CRC32C();
    sum.update(descriptor, 0, descriptor.length);
    sum.update(content, 0, content.length);
    return (int) sum.getValue();
  }

  private int sum(long descriptor, long content, long length) {
    CRC32C sum = new CRC32C();
    byte[] piece = new byte[(int) Math.min(PIECE_LENGTH, Math.max(length, ObjectLayout.SUMMED))];
    add(sum, piece, descriptor, ObjectLayout.SUMMED);
    for (long done = 0; done < length; done += piece.length) {
      add(sum, piece, content + done, (int) Math.min(piece.length, length - done));
    }
    return (int) sum.getValue();
  }

  private void add(CRC32C sum, byte[] piece, long offset, int length) {
    heap.getArray(offset, piece, 0, length);
    sum.update(piece, 0, length);
  }
}
