package dev.rszshm.cli.kind;

import dev.rszshm.structures.codec.CodecFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the command says of the formats of codecs. */
final class FormatText {
  private FormatText() {}

  /** Returns a format in words, the version only if it is not the first. */
  static String of(CodecFormat format) {
    String name =
        format
            .name()
            .orElseGet(
                () -> String.format(Locale.ROOT, "0x%x of a record or a program", format.id()));
    return format.version() == 1 ? name : name + " version " + format.version();
  }

  /**
   * Adds a format to the facts of a structure, and returns these.
   *
   * @param what what is in this format, such as "key"; "" if there is nothing else
   * @param format null if nobody has written anything
   */
  static Map<String, Object> add(
      Map<String, Object> facts, String what, @Nullable CodecFormat format) {
    Optional<CodecFormat> known = Optional.ofNullable(format);
    String codec = what.isEmpty() ? "codec" : what + "Codec";
    facts.put(codec, known.map(f -> String.format(Locale.ROOT, "0x%x", f.id())).orElse(null));
    facts.put(codec + "Name", known.flatMap(CodecFormat::name).orElse(null));
    facts.put(codec + "Version", known.map(CodecFormat::version).orElse(null));
    return facts;
  }
}
