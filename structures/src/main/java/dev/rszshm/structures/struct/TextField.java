package dev.rszshm.structures.struct;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A field with a text in UTF-8: its bytes, and zeros behind them, as in an array of {@code char} in
 * C. It is not written at once: whoever reads it meanwhile may see a part of it. See {@link Field}.
 *
 * @param <S> the record that declares the struct
 */
public final class TextField<S> extends Field<S> {
  TextField(StructLayout<S> layout, StructField field) {
    super(layout, field);
  }

  /** Returns the text. What is no UTF-8 in it is replaced by U+FFFD. */
  public String get(Region region, long struct) {
    return read(region, at(region, struct), count());
  }

  /** Returns the text. What is no UTF-8 in it is replaced by U+FFFD. */
  public String get(Heap heap, Block<S> struct) {
    return get(heap, struct.required());
  }

  /** Returns the text, or another if the struct was made by a program without this field. */
  public String getOrDefault(Region region, long struct, String other) {
    return isPresent(region, struct) ? get(region, struct) : other;
  }

  /** Returns the text, or another if the struct was made by a program without this field. */
  public String getOrDefault(Heap heap, Block<S> struct, String other) {
    return getOrDefault(heap, struct.required(), other);
  }

  /**
   * Writes the text.
   *
   * @throws IllegalArgumentException if it takes more bytes than the field has, contains U+0000, or
   *     is no Unicode
   */
  public void set(Region region, long struct, String text) {
    region.putBytes(at(region, struct), encode(text, count()));
  }

  /** Writes the text; as {@link #set(Region, long, String)}. */
  public void set(Heap heap, Block<S> struct, String text) {
    set(heap, struct.required(), text);
  }

  /** Returns the text in some bytes. */
  static String read(Region region, long place, int count) {
    byte[] bytes = region.getBytes(place, count);
    int end = 0;
    while (end < count && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /** Returns a text as so many bytes. */
  static byte[] encode(String text, int count) {
    ByteBuffer bytes;
    try {
      bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "the text has half of a surrogate pair, which UTF-8 cannot express", e);
    }
    if (bytes.remaining() > count) {
      throw new IllegalArgumentException(
          "found a text of "
              + bytes.remaining()
              + " bytes in UTF-8, expected up to "
              + count
              + ": shorten it, or declare a greater @Length under another name");
    }
    if (text.indexOf(0) >= 0) {
      throw new IllegalArgumentException(
          "the text contains U+0000, which ends a text in a struct: remove it");
    }
    return Arrays.copyOf(Arrays.copyOf(bytes.array(), bytes.remaining()), count);
  }
}
