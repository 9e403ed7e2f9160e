package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.structures.strings.StringCheck;
import dev.rszshm.structures.strings.StringTable;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.LongStream;

/** Tables of strings, each behind its number. */
final class StringTableKind extends StructureKind<StringTable> {
  StringTableKind() {
    super(64);
  }

  @Override
  StringTable open(Root root, long place) {
    return StringTable.at(root.allocator(), place);
  }

  @Override
  Description describe(Root root, StringTable table) {
    long strings = table.size();
    return new Description(
        "string table",
        "string table of " + count(strings, "string"),
        Json.object("strings", strings));
  }

  @Override
  Verdict look(StringTable table) {
    StringCheck check = table.check();
    return new Verdict(check.findings(), check.settled());
  }

  @Override
  public void remove(Root root) {
    StringTable.remove(root.allocator(), root.name());
  }

  @Override
  void dump(Root root, StringTable table, PrintStream out, int most) {
    print(
        LongStream.range(0, table.size()).iterator(),
        out,
        most,
        id -> id + ": " + ByteText.of(table.get(id).getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public Optional<Values> values(Root root) {
    StringTable table = open(root);
    return Optional.of(
        new IndexedValues(
            "string table",
            table::size,
            id -> ByteText.of(table.get(id).getBytes(StandardCharsets.UTF_8)),
            (id, value) -> {
              throw new UnsupportedOperationException(
                  "the strings of a table never change: programs add others to it");
            }));
  }
}
