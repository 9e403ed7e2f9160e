package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapCheck;
import java.io.PrintStream;
import java.util.Optional;

/**
 * Sorted maps, of keys and values that are bytes here, in the order of the bytes, and shown as
 * their codecs have them.
 */
final class SortedMapKind extends StructureKind<SharedSortedMap<byte[], byte[]>> {
  SortedMapKind() {
    super(64);
  }

  private static SharedSortedMap<byte[], byte[]> map(Root root) {
    return there(SharedSortedMap.find(root.allocator(), root.name()));
  }

  @Override
  SharedSortedMap<byte[], byte[]> open(Root root, long place) {
    return map(root);
  }

  @Override
  Description describe(Root root, SharedSortedMap<byte[], byte[]> map) {
    long entries = map.mappingCount();
    return new Description(
        "sorted map",
        "sorted map of "
            + count(entries, "entry")
            + ", keys "
            + FormatText.of(map.keyFormat())
            + ", values "
            + FormatText.of(map.valueFormat()),
        FormatText.add(
            FormatText.add(
                Json.object("entries", entries, "nodeLength", (long) map.spec().nodeLength()),
                "key",
                map.keyFormat()),
            "value",
            map.valueFormat()));
  }

  @Override
  Verdict look(SharedSortedMap<byte[], byte[]> map) {
    SortedMapCheck check = map.check();
    return new Verdict(check.findings(), check.wasUnsettled());
  }

  @Override
  void dump(Root root, SharedSortedMap<byte[], byte[]> map, PrintStream out, int most) {
    print(
        map.entrySet().iterator(),
        out,
        most,
        entry ->
            CodecText.of(map.keyFormat(), entry.getKey())
                + " = "
                + CodecText.of(map.valueFormat(), entry.getValue()));
  }

  @Override
  public Optional<Values> values(Root root) {
    SharedSortedMap<byte[], byte[]> map = map(root);
    return Optional.of(
        new Values() {
          @Override
          public Optional<String> get(String key) {
            return Optional.ofNullable(map.get(CodecText.parse(map.keyFormat(), key)))
                .map(value -> CodecText.of(map.valueFormat(), value));
          }

          @Override
          public void put(String key, String value) {
            map.put(
                CodecText.parse(map.keyFormat(), key), CodecText.parse(map.valueFormat(), value));
          }
        });
  }
}
