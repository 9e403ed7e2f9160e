package dev.rszshm.cli.kind;

import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.CodecException;
import dev.rszshm.structures.codec.CodecFormat;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.sorted.OrderedCodecs;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keys, values and elements as people write them, by the codec that a structure has stored:
 * numbers, arrays of them and the like as such. Those of other codecs are bytes, as {@link
 * ByteText} has them.
 */
final class CodecText {
  /**
   * How the objects of a codec are written, and read again.
   *
   * @param writer its text, without control characters
   * @param suffix a letter that may stand behind one, as {@link ByteText} has it; "" if none
   */
  private record Form<T>(
      Codec<T> codec, Function<T, String> writer, Function<String, T> reader, String suffix) {
    String of(byte[] bytes) {
      return writer.apply(codec.decode(bytes));
    }

    byte[] parse(String text) {
      boolean suffixed = !suffix.isEmpty() && text.endsWith(suffix);
      return codec.encode(
          reader.apply(suffixed ? text.substring(0, text.length() - suffix.length()) : text));
    }
  }

  private static final Map<CodecFormat, Form<?>> FORMS =
      List.<Form<?>>of(
              form(Codecs.booleans(), ElementText::truth),
              form(Codecs.bytes(), Byte::valueOf),
              form(Codecs.shorts(), Short::valueOf),
              new Form<>(Codecs.ints(), String::valueOf, Integer::valueOf, "I"),
              new Form<>(Codecs.longs(), String::valueOf, Long::valueOf, "L"),
              new Form<>(Codecs.chars(), c -> text("" + c), CodecText::character, ""),
              new Form<>(Codecs.charArrays(), a -> text(new String(a)), String::toCharArray, ""),
              new Form<>(Codecs.shortArrays(), Arrays::toString, CodecText::shorts, ""),
              new Form<>(
                  Codecs.intArrays(),
                  Arrays::toString,
                  text -> numbers(text).mapToInt(Integer::parseInt).toArray(),
                  ""),
              new Form<>(
                  Codecs.longArrays(),
                  Arrays::toString,
                  text -> numbers(text).mapToLong(Long::parseLong).toArray(),
                  ""),
              new Form<>(Codecs.floatArrays(), Arrays::toString, CodecText::floats, ""),
              new Form<>(
                  Codecs.doubleArrays(),
                  Arrays::toString,
                  text -> numbers(text).mapToDouble(Double::parseDouble).toArray(),
                  ""),
              form(Codecs.floats(), Float::valueOf),
              form(Codecs.doubles(), Double::valueOf),
              form(Codecs.uuids(), UUID::fromString),
              new Form<>(OrderedCodecs.ints(), String::valueOf, Integer::valueOf, "I"),
              new Form<>(OrderedCodecs.longs(), String::valueOf, Long::valueOf, "L"),
              form(OrderedCodecs.doubles(), Double::valueOf),
              form(OrderedCodecs.uuids(), UUID::fromString))
          .stream()
          .collect(Collectors.toMap(form -> CodecFormat.of(form.codec()), form -> form));

  private CodecText() {}

  private static <T> Form<T> form(Codec<T> codec, Function<String, T> reader) {
    return new Form<>(codec, String::valueOf, reader, "");
  }

  private static String text(String text) {
    return ByteText.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static char character(String text) {
    if (text.length() != 1) {
      throw new IllegalArgumentException("expected one letter");
    }
    return text.charAt(0);
  }

  /** The numbers of an array, as {@link Arrays} writes it. */
  private static Stream<String> numbers(String text) {
    if (!text.startsWith("[") || !text.endsWith("]")) {
      throw new IllegalArgumentException("expected an array, as [1, 2]");
    }
    String inner = text.substring(1, text.length() - 1).strip();
    return inner.isEmpty() ? Stream.empty() : Stream.of(inner.split(",", -1)).map(String::strip);
  }

  private static short[] shorts(String text) {
    List<String> all = numbers(text).toList();
    short[] array = new short[all.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = Short.parseShort(all.get(i));
    }
    return array;
  }

  private static float[] floats(String text) {
    List<String> all = numbers(text).toList();
    float[] array = new float[all.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = Float.parseFloat(all.get(i));
    }
    return array;
  }

  /** Writes what a codec has written, as it is, or as bytes if the codec cannot have done so. */
  static String of(CodecFormat format, byte[] bytes) {
    Form<?> form = FORMS.get(format);
    if (form == null) {
      return ByteText.of(bytes);
    }
    try {
      return form.of(bytes);
    } catch (CodecException e) {
      return ByteText.hex(bytes);
    }
  }

  /**
   * Reads what somebody has written, as the codec writes it; {@code 0x} and hexadecimal digits are
   * bytes whatever the codec is.
   *
   * @throws IllegalArgumentException if it is nothing that the codec writes
   */
  static byte[] parse(CodecFormat format, String text) {
    Form<?> form = FORMS.get(format);
    if (form == null || text.startsWith("0x")) {
      return ByteText.parse(text);
    }
    try {
      return form.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "found '"
              + text
              + "', expected what the stored codec "
              + FormatText.of(format)
              + " writes, or its bytes as 0x and hexadecimal digits",
          e);
    }
  }
}
