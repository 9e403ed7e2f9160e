package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Bytes of which nothing is known but where they are: words, read and written by their offset. */
final class BytesKind implements Kind {
  @Override
  public Description describe(Root root) {
    long length = root.length(1);
    return new Description(
        "bytes",
        length + " bytes of type " + type(root.entry().type()),
        Json.object("offset", root.block()));
  }

  @Override
  public List<Finding> check(Root root) {
    root.length(1); // that there is a block
    return List.of();
  }

  @Override
  public Optional<String> remains(Root root) {
    return Optional.of(
        "nothing is known of its type, and blocks that it refers to would stay allocated");
  }

  @Override
  public Optional<Values> values(Root root) {
    return Optional.of(new Words(root));
  }

  /** The text that a type is, if it is some, or its number in hexadecimal digits. */
  static String type(long type) {
    byte[] bytes =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, type).array();
    String text = new String(bytes, StandardCharsets.US_ASCII).replaceFirst("\0+$", "");
    boolean readable = text.length() >= 4 && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    return readable ? ByteText.quoted(text) : "0x" + Long.toHexString(type);
  }

  /** Words of 8 bytes; the key is the offset in the block. */
  record Words(Root root) implements Values {
    private long place(String key) {
      long at = ElementText.number(key, "an offset of a word in the block");
      if (at < 0 || at % Long.BYTES != 0 || at > root.length(1) - Long.BYTES) {
        throw new IllegalArgumentException(
            "'" + key + "' is no multiple of 8 from 0 to " + (root.length(1) - Long.BYTES));
      }
      return root.block() + at;
    }

    @Override
    public Optional<String> get(String key) {
      return Optional.of(Long.toString(root.heap().getLongVolatile(place(key))));
    }

    @Override
    public void put(String key, String value) {
      root.heap().putLongVolatile(place(key), ElementText.number(value, "a value of 8 bytes"));
    }
  }
}
