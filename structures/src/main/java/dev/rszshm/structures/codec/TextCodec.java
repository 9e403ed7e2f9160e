package dev.rszshm.structures.codec;

import dev.rszshm.heap.Region;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strings as UTF-8. What is no UTF-8 is refused, and not replaced. */
final class TextCodec implements Codec<String> {
  static final TextCodec UTF_8 = new TextCodec();

  private TextCodec() {}

  @Override
  public int id() {
    return 32;
  }

  /** The bytes of a character that UTF-8 does not have, half of a pair, are those of "?". */
  @Override
  public long length(String text) {
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        length++;
      } else if (c < 0x800) {
        length += 2;
      } else if (!Character.isSurrogate(c)) {
        length += 3;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        length += 4;
        i++;
      } else {
        length++;
      }
    }
    return length;
  }

  @Override
  public void encode(String text, Region to, long offset) {
    to.putBytes(offset, text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String decode(Region from, long offset, long length) {
    byte[] bytes = ArrayCodecs.BYTES.decode(from, offset, length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new CodecException("found bytes that are no UTF-8, expected a string", e);
    }
  }

  @Override
  public String toString() {
    return "String";
  }
}
