package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.structures.queue.DequeCheck;
import dev.rszshm.structures.queue.SharedDeque;
import java.io.PrintStream;

/** Deques, of elements that are bytes here, the first one first. */
final class DequeKind extends StructureKind<SharedDeque<byte[]>> {
  DequeKind() {
    super(64);
  }

  @Override
  SharedDeque<byte[]> open(Root root, long place) {
    return there(SharedDeque.find(root.allocator(), root.name()));
  }

  @Override
  Description describe(Root root, SharedDeque<byte[]> deque) {
    long elements = deque.elementCount();
    long capacity = deque.spec().capacity();
    return new Description(
        "deque",
        "deque of "
            + count(elements, "element")
            + (capacity == 0 ? "" : ", at most " + capacity)
            + ", codec "
            + FormatText.of(deque.format()),
        FormatText.add(
            Json.object("elements", elements, "capacity", capacity == 0 ? null : capacity),
            "",
            deque.format()));
  }

  @Override
  Verdict look(SharedDeque<byte[]> deque) {
    DequeCheck check = deque.check();
    return new Verdict(check.findings(), check.settled());
  }

  @Override
  public void remove(Root root) {
    SharedDeque.remove(root.allocator(), root.name());
  }

  @Override
  void dump(Root root, SharedDeque<byte[]> deque, PrintStream out, int most) {
    print(deque.iterator(), out, most, element -> CodecText.of(deque.format(), element));
  }
}
