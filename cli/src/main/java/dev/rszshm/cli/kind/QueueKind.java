package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.structures.queue.QueueCheck;
import dev.rszshm.structures.queue.SharedQueue;
import java.io.PrintStream;

/** Queues, of elements that are bytes here. */
final class QueueKind extends StructureKind<SharedQueue<byte[]>> {
  QueueKind() {
    super(64);
  }

  @Override
  SharedQueue<byte[]> open(Root root, long place) {
    return there(SharedQueue.find(root.allocator(), root.name()));
  }

  @Override
  Description describe(Root root, SharedQueue<byte[]> queue) {
    long elements = queue.elementCount();
    long capacity = queue.spec().capacity();
    return new Description(
        "queue",
        "queue of "
            + count(elements, "element")
            + (capacity == 0 ? "" : ", at most " + capacity)
            + ", codec "
            + FormatText.of(queue.format()),
        FormatText.add(
            Json.object(
                "elements",
                elements,
                "capacity",
                capacity == 0 ? null : capacity,
                "segmentLength",
                (long) queue.spec().segmentLength()),
            "",
            queue.format()));
  }

  @Override
  Verdict look(SharedQueue<byte[]> queue) {
    QueueCheck check = queue.check();
    return new Verdict(check.findings(), check.settled());
  }

  @Override
  public void remove(Root root) {
    SharedQueue.remove(root.allocator(), root.name());
  }

  @Override
  void dump(Root root, SharedQueue<byte[]> queue, PrintStream out, int most) {
    print(queue.iterator(), out, most, element -> CodecText.of(queue.format(), element));
  }
}
