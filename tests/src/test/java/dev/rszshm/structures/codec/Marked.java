package dev.rszshm.structures.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * A codec of strings that writes its id and its version before each, and fails the test if it is
 * given what it does not know.
 */
record Marked(int id, int version) implements Codec<String> {
  @Override
  public int length(String object) {
    return 2 * Integer.BYTES + object.getBytes(UTF_8).length;
  }

  @Override
  public void encode(String object, ByteBuffer to) {
    to.putInt(id).putInt(version).put(object.getBytes(UTF_8));
  }

  @Override
  public String decode(ByteBuffer from) {
    int foundId = from.getInt();
    int foundVersion = from.getInt();
    if (foundId != id || foundVersion > version) {
      throw new AssertionError(
          "version " + foundVersion + " of codec " + foundId + " was given to " + this);
    }
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    return new String(bytes, UTF_8);
  }
}
