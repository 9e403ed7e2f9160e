package dev.rszshm.cli.wordcount;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts words as the JDK's decoder and a hash map do: what all else is compared with. */
final class PlainCount {
  /** First what is most frequent; words of the same count in the order of their code points. */
  private static final Comparator<Map.Entry<String, Long>> ORDER =
      Map.Entry.<String, Long>comparingByValue()
          .reversed()
          .thenComparing(entry -> entry.getKey().codePoints().toArray(), java.util.Arrays::compare);

  private PlainCount() {}

  static Map<String, Long> of(byte[]... files) {
    Map<String, Long> counts = new HashMap<>();
    for (byte[] file : files) {
      count(new String(file, StandardCharsets.UTF_8), counts);
    }
    return counts;
  }

  private static void count(String text, Map<String, Long> counts) {
    StringBuilder word = new StringBuilder();
    text.codePoints()
        .forEach(
            character -> {
              if (isOfWord(character)) {
                word.appendCodePoint(character);
              } else {
                end(word, counts);
              }
            });
    end(word, counts);
  }

  private static void end(StringBuilder word, Map<String, Long> counts) {
    if (word.length() > 0) {
      counts.merge(word.toString().toLowerCase(Locale.ROOT), 1L, Long::sum);
      word.setLength(0);
    }
  }

  private static boolean isOfWord(int character) {
    return switch (Character.getType(character)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER,
          Character.DECIMAL_DIGIT_NUMBER ->
          true;
      default -> false;
    };
  }

  static long words(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The start of the line that {@code --json} prints. */
  static String json(Map<String, Long> counts, int top) {
    List<String> first =
        counts.entrySet().stream()
            .sorted(ORDER)
            .limit(top)
            .map(entry -> "[\"" + entry.getKey() + "\"," + entry.getValue() + "]")
            .toList();
    return "{\"words\":"
        + words(counts)
        + ",\"distinct\":"
        + counts.size()
        + ",\"top\":["
        + String.join(",", first)
        + "],\"seconds\":";
  }
}
