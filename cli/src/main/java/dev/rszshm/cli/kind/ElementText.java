package dev.rszshm.cli.kind;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Numbers and texts in arrays and structs, by the name of their type, as people write them. */
final class ElementText {
  private ElementText() {}

  /** Writes a value; in hexadecimal digits if the type is none that is known here. */
  static String of(String type, byte[] bytes) {
    ByteBuffer number = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return switch (type + " " + bytes.length) {
      case "bool 1" -> Boolean.toString(number.get() != 0);
      case "int8 1" -> Byte.toString(number.get());
      case "uint8 1" -> Integer.toString(Byte.toUnsignedInt(number.get()));
      case "int16 2" -> Short.toString(number.getShort());
      case "uint16 2" -> Integer.toString(Short.toUnsignedInt(number.getShort()));
      case "int32 4" -> Integer.toString(number.getInt());
      case "uint32 4" -> Integer.toUnsignedString(number.getInt());
      case "int64 8", "block 8" -> Long.toString(number.getLong());
      case "uint64 8" -> Long.toUnsignedString(number.getLong());
      case "float32 4" -> Float.toString(number.getFloat());
      case "float64 8" -> Double.toString(number.getDouble());
      default -> ByteText.hex(bytes);
    };
  }

  /** Writes a text that ends at its first byte of 0. */
  static String ofText(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return ByteText.quoted(new String(bytes, 0, end, StandardCharsets.UTF_8));
  }

  /**
   * Reads what somebody has written for a value of a type.
   *
   * @return its bytes; empty if values of that type cannot be written
   * @throws IllegalArgumentException if it is no value of that type
   */
  static Optional<byte[]> parse(String type, String text) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try {
      switch (type) {
        case "bool" -> bytes.put((byte) (truth(text) ? 1 : 0));
        case "int8" -> bytes.put(Byte.decode(text));
        case "uint8" -> bytes.put((byte) unsigned(text, 0xff));
        case "int16" -> bytes.putShort(Short.decode(text));
        case "uint16" -> bytes.putShort((short) unsigned(text, 0xffff));
        case "int32" -> bytes.putInt(Integer.decode(text));
        case "uint32" -> bytes.putInt((int) unsigned(text, 0xffff_ffffL));
        case "int64" -> bytes.putLong(Long.decode(text));
        case "uint64" -> bytes.putLong(Long.parseUnsignedLong(text));
        case "float32" -> bytes.putFloat(Float.parseFloat(text));
        case "float64" -> bytes.putDouble(Double.parseDouble(text));
        default -> {
          return Optional.empty();
        }
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no " + type, e);
    }
    return Optional.of(Arrays.copyOf(bytes.array(), bytes.position()));
  }

  private static long unsigned(String text, long most) {
    long number = Long.decode(text);
    if (number < 0 || number > most) {
      throw new NumberFormatException(text);
    }
    return number;
  }

  /**
   * Reads whether something is so.
   *
   * @throws IllegalArgumentException if it is neither true nor false
   */
  static boolean truth(String text) {
    if (List.of("true", "1").contains(text)) {
      return true;
    }
    if (List.of("false", "0").contains(text)) {
      return false;
    }
    throw new IllegalArgumentException("'" + text + "' is neither true nor false");
  }

  /**
   * Reads a number of 64 bits.
   *
   * @param what what to say instead, for messages
   * @throws IllegalArgumentException if it is none
   */
  static long number(String text, String what) {
    try {
      return Long.decode(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no number: say " + what, e);
    }
  }
}
