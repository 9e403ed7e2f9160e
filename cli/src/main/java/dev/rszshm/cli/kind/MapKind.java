package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.cli.check.Trouble.Severity;
import dev.rszshm.structures.map.MapCheck;
import dev.rszshm.structures.map.SharedMap;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Maps, of keys and values that are bytes here, and shown as their codecs have them. */
final class MapKind implements Kind {
  private static final long ALIGNMENT = 64;

  private static SharedMap<byte[], byte[]> map(Root root) {
    return StructureKind.there(SharedMap.find(root.allocator(), root.name()));
  }

  @Override
  public Description describe(Root root) {
    SharedMap<byte[], byte[]> map = map(root);
    long entries = map.mappingCount();
    return new Description(
        "map",
        "map of " + StructureKind.count(entries, "entry") + ", " + text(map).formats(),
        text(map)
            .addTo(
                Json.object(
                    "entries",
                    entries,
                    "shards",
                    map.spec().shards(),
                    "maximum",
                    map.spec().maximum())));
  }

  @Override
  public List<Finding> check(Root root) {
    if (StructureKind.isUnfinished(root, ALIGNMENT)) {
      return List.of(StructureKind.unfinished(root, ALIGNMENT));
    }
    MapCheck check = map(root).check();
    long place = root.place(ALIGNMENT);
    if (check.settled() > 0 && root.heap().isReadOnly()) {
      // What is being changed looks as if it were damaged.
      String text =
          check.settled()
              + " of its parts were being changed when somebody died"
              + (check.findings().isEmpty() ? "" : ", so that this is no wonder: ")
              + String.join("; ", check.findings());
      return List.of(new Finding(Severity.RECOVERABLE, place, text));
    }
    return check.findings().stream().map(text -> new Finding(Severity.ERROR, place, text)).toList();
  }

  @Override
  public Optional<String> recover(Root root) {
    if (StructureKind.isUnfinished(root, ALIGNMENT)) {
      return Optional.empty();
    }
    int settled = map(root).check().settled();
    return settled == 0
        ? Optional.empty()
        : Optional.of("ended what was begun in " + settled + " of its parts");
  }

  @Override
  public void remove(Root root) {
    SharedMap.remove(root.allocator(), root.name(), map(root).spec());
  }

  @Override
  public void dump(Root root, PrintStream out, int most) {
    int shown = 0;
    SharedMap<byte[], byte[]> map = map(root);
    EntryText text = text(map);
    for (Map.Entry<byte[], byte[]> entry : map.entrySet()) {
      if (shown++ == most) {
        out.println("… and more: --most says how many");
        return;
      }
      out.println(text.of(entry));
    }
  }

  @Override
  public Optional<Values> values(Root root) {
    SharedMap<byte[], byte[]> map = map(root);
    return Optional.of(text(map).of(map));
  }

  private static EntryText text(SharedMap<byte[], byte[]> map) {
    return new EntryText(map.keyFormat(), map.valueFormat());
  }
}
