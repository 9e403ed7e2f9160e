package dev.rszshm.cli.kind;

import dev.rszshm.structures.codec.CodecFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Entries of a map as people write them, by the codecs that it has stored; see {@link CodecText}.
 */
record EntryText(CodecFormat keys, CodecFormat values) {
  /** Returns both formats in words. */
  String formats() {
    return "keys " + FormatText.of(keys) + ", values " + FormatText.of(values);
  }

  /** Adds both formats to the facts of a map, and returns these. */
  Map<String, Object> addTo(Map<String, Object> facts) {
    return FormatText.add(FormatText.add(facts, "key", keys), "value", values);
  }

  /** Writes an entry. */
  String of(Map.Entry<byte[], byte[]> entry) {
    return CodecText.of(keys, entry.getKey()) + " = " + CodecText.of(values, entry.getValue());
  }

  /** Returns the entries of a map, for reading and changing one. */
  Kind.Values of(Map<byte[], byte[]> map) {
    return new Kind.Values() {
      @Override
      public Optional<String> get(String key) {
        return Optional.ofNullable(map.get(CodecText.parse(keys, key)))
            .map(value -> CodecText.of(values, value));
      }

      @Override
      public void put(String key, String value) {
        map.put(CodecText.parse(keys, key), CodecText.parse(values, value));
      }
    };
  }
}
