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
        "sorted map of " + count(entries, "entry") + ", " + text(map).formats(),
        text(map)
            .addTo(Json.object("entries", entries, "nodeLength", (long) map.spec().nodeLength())));
  }

  @Override
  Verdict look(SharedSortedMap<byte[], byte[]> map) {
    SortedMapCheck check = map.check();
    return new Verdict(check.findings(), check.wasUnsettled());
  }

  @Override
  public void remove(Root root) {
    SharedSortedMap.remove(root.allocator(), root.name(), map(root).spec());
  }

  @Override
  void dump(Root root, SharedSortedMap<byte[], byte[]> map, PrintStream out, int most) {
    print(map.entrySet().iterator(), out, most, text(map)::of);
  }

  @Override
  public Optional<Values> values(Root root) {
    SharedSortedMap<byte[], byte[]> map = map(root);
    return Optional.of(text(map).of(map));
  }

  private static EntryText text(SharedSortedMap<byte[], byte[]> map) {
    return new EntryText(map.keyFormat(), map.valueFormat());
  }
}
