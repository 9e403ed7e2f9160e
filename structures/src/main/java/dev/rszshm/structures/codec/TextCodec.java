package dev.rszshm.structures.codec;

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

  /**
   * Returns the length of the UTF-8 form of a text.
   *
   * @throws IllegalArgumentException if it has half a surrogate pair, which UTF-8 does not have: as
   *     "?" two keys would be one
   */
  @Override
  public int length(String text) {
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
        throw new IllegalArgumentException(
            "the text has half a surrogate pair at index "
                + i
                + ", which UTF-8 does not have: replace it");
      }
    }
    if (length > Parts.MAX_LENGTH) {
      throw new IllegalArgumentException(
          "found " + length + " bytes of UTF-8, expected up to " + Parts.MAX_LENGTH);
    }
    return (int) length;
  }

  @Override
  public void encode(String text, ByteBuffer to) {
    to.put(text.getBytes(StandardCharsets.UTF_8)); // length has refused what has no UTF-8 form
  }

  @Override
  public byte[] encode(String text) {
    length(text); // throws if it has no UTF-8 form
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String decode(ByteBuffer from) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(from).toString();
    } catch (CharacterCodingException e) {
      throw new CodecException("found bytes that are no UTF-8, expected a string", e);
    }
  }

  @Override
  public String toString() {
    return "String";
  }
}
