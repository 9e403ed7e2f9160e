package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.structures.list.ListCheck;
import dev.rszshm.structures.list.SharedList;
import java.io.PrintStream;
import java.util.Optional;
import java.util.stream.LongStream;

/** Lists, of elements that are bytes here, each behind its index. */
final class ListKind extends StructureKind<SharedList<byte[]>> {
  ListKind() {
    super(64);
  }

  @Override
  SharedList<byte[]> open(Root root, long place) {
    return there(SharedList.find(root.allocator(), root.name()));
  }

  @Override
  Description describe(Root root, SharedList<byte[]> list) {
    long elements = list.longSize();
    return new Description(
        "list",
        "list of " + count(elements, "element") + ", codec " + FormatText.of(list.format()),
        FormatText.add(Json.object("elements", elements), "", list.format()));
  }

  @Override
  Verdict look(SharedList<byte[]> list) {
    ListCheck check = list.check();
    return new Verdict(check.findings(), check.settled());
  }

  @Override
  public void remove(Root root) {
    SharedList.remove(root.allocator(), root.name());
  }

  @Override
  void dump(Root root, SharedList<byte[]> list, PrintStream out, int most) {
    print(
        LongStream.range(0, list.longSize()).iterator(),
        out,
        most,
        index -> index + ": " + CodecText.of(list.format(), list.get((long) index)));
  }

  @Override
  public Optional<Values> values(Root root) {
    SharedList<byte[]> list = open(root);
    return Optional.of(
        new IndexedValues(
            "list",
            list::longSize,
            index -> CodecText.of(list.format(), list.get(index)),
            (index, value) -> list.set(index, CodecText.parse(list.format(), value))));
  }
}
