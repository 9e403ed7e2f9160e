package dev.rszshm.cli.kind;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values as people write them. Text is UTF-8; {@code 0x} and hexadecimal digits are these
 * bytes; a number with an {@code L} is 8 bytes as {@code Codecs.longs()} makes them, with an {@code
 * I} 4 as {@code Codecs.ints()} does.
 */
public final class ByteText {
  private static final int MOST = 256;

  private ByteText() {}

  /** Writes bytes: as text if they are some that can be read, else in hexadecimal digits. */
  public static String of(byte[] bytes) {
    String text = text(bytes);
    if (text != null) {
      return quoted(text);
    }
    return hex(bytes);
  }

  /** Writes a text between quotation marks; those within, and backslashes, are escaped. */
  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Writes bytes in hexadecimal digits, whatever they are. */
  static String hex(byte[] bytes) {
    int shown = Math.min(bytes.length, MOST);
    String digits = "0x" + HexFormat.of().formatHex(bytes, 0, shown);
    return shown < bytes.length ? digits + "… (" + bytes.length + " bytes)" : digits;
  }

  private static @Nullable String text(byte[] bytes) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      boolean readable =
          !text.isEmpty() && text.codePoints().noneMatch(c -> Character.isISOControl(c));
      return readable ? text : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /**
   * Reads what somebody has written.
   *
   * @throws IllegalArgumentException if it begins as one of the forms and is none
   */
  public static byte[] parse(String text) {
    if (text.startsWith("0x")) {
      return HexFormat.of().parseHex(text, 2, text.length());
    }
    if (text.matches("-?\\d{1,19}L")) {
      long number = Long.parseLong(text.substring(0, text.length() - 1));
      return dev.rszshm.structures.codec.Codecs.longs().encode(number);
    }
    if (text.matches("-?\\d{1,10}I")) {
      int number = Integer.parseInt(text.substring(0, text.length() - 1));
      return dev.rszshm.structures.codec.Codecs.ints().encode(number);
    }
    return dev.rszshm.structures.codec.Codecs.strings().encode(text);
  }
}
