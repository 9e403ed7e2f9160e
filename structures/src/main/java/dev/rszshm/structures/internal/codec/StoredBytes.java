package dev.rszshm.structures.internal.codec;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.CodecFormat;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.sorted.OrderedCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The bytes of objects in place of the objects, for who does not know their codec, but the format
 * that a structure keeps.
 *
 * @param id the number of the format
 * @param version its version when it was read; others are taken too
 */
public record StoredBytes(int id, int version) implements OrderedCodec<byte[]> {
  /**
   * Returns what the word of a structure says, whatever that is; where nobody has written a format
   * yet, that of {@link Codecs#byteArrays}.
   */
  public static StoredBytes at(Heap heap, long word) {
    long found = heap.getLongAcquire(word);
    CodecFormat format =
        found == FormatWord.NONE ? CodecFormat.of(Codecs.byteArrays()) : FormatWord.format(found);
    return new StoredBytes(format.id(), format.version());
  }

  @Override
  public boolean reads(int other) {
    return true;
  }

  @Override
  public int length(byte[] object) {
    return object.length;
  }

  @Override
  public void encode(byte[] object, ByteBuffer to) {
    to.put(object);
  }

  @Override
  public byte[] decode(ByteBuffer from) {
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    return bytes;
  }

  @Override
  public Comparator<byte[]> comparator() {
    return Arrays::compareUnsigned;
  }

  @Override
  public String toString() {
    return "bytes";
  }
}
