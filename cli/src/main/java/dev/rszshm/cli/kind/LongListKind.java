package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.structures.list.LongListCheck;
import dev.rszshm.structures.list.SharedLongList;
import java.io.PrintStream;
import java.util.Optional;
import java.util.stream.LongStream;

/** Lists of numbers, each behind its index. */
final class LongListKind extends StructureKind<SharedLongList> {
  LongListKind() {
    super(64);
  }

  @Override
  SharedLongList open(Root root, long place) {
    return SharedLongList.at(root.allocator(), place);
  }

  @Override
  Description describe(Root root, SharedLongList list) {
    long elements = list.size();
    return new Description(
        "list of numbers",
        "list of " + count(elements, "number"),
        Json.object("elements", elements));
  }

  /** Nothing is left to do by the dead. */
  @Override
  Verdict look(SharedLongList list) {
    LongListCheck check = list.check();
    return new Verdict(check.findings(), false);
  }

  @Override
  public void remove(Root root) {
    SharedLongList.remove(root.allocator(), root.name());
  }

  @Override
  void dump(Root root, SharedLongList list, PrintStream out, int most) {
    print(
        LongStream.range(0, list.size()).iterator(),
        out,
        most,
        index -> index + ": " + list.get(index));
  }

  @Override
  public Optional<Values> values(Root root) {
    SharedLongList list = open(root);
    return Optional.of(
        new IndexedValues(
            "list",
            list::size,
            index -> Long.toString(list.get(index)),
            (index, value) -> list.set(index, ElementText.number(value, "one of 64 bits"))));
  }
}
