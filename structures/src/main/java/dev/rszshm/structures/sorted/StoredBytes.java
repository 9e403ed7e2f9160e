package dev.rszshm.structures.sorted;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The bytes of objects in place of the objects, for who does not know their codec, but the number
 * of its format.
 *
 * @param id the number
 */
record StoredBytes(int id) implements OrderedCodec<byte[]> {
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
