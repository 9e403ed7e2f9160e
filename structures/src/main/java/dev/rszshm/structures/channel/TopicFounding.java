package dev.rszshm.structures.channel;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.errors.NotAChannelException;

/*
 * How a topic comes to be in a heap.
 *
 * Layout
 * ------
 * TopicLayout.
 *
 * Protocol
 * --------
 * 1 options: from 0, by compare-and-set. If they are there, they must be the same;
 * 2 make the ring (Founding), which must be of the same kind;
 * 3 write the other fields; 4 write the magic, with release order.
 * Any number of processes may be at this at once.
 *
 * If a process dies here
 * ----------------------
 * Before 4 there is no magic, and the next one does it all again.
 */
final class TopicFounding {
  private TopicFounding() {}

  /** Finds a topic, or makes one where there are zeros. */
  static void findOrMake(Heap heap, long offset, TopicSpec spec) {
    Founding.require(heap, offset);
    heap.region(offset, spec.bytes(heap));
    if (heap.getLongAcquire(offset + TopicLayout.MAGIC) == 0) {
      make(heap, offset, spec);
    }
    TopicSpec found = find(heap, offset);
    if (!found.equals(spec)) {
      throw mismatch(heap, offset, found.toString(), spec);
    }
  }

  private static void make(Heap heap, long offset, TopicSpec spec) {
    long wanted = TopicLayout.options(spec.isOverwriting(), spec.subscribers());
    long found = heap.compareAndExchangeLong(offset + TopicLayout.OPTIONS, 0, wanted);
    if (found != 0 && found != wanted) {
      throw mismatch(heap, offset, "other options", spec);
    }
    long ring = TopicLayout.ring(spec.subscribers());
    Founding.findOrMake(heap, offset + ring, spec.messages());
    heap.putInt(offset + TopicLayout.VERSION, TopicLayout.CURRENT_VERSION);
    heap.putLong(offset + TopicLayout.RING, ring);
    heap.putLong(offset + TopicLayout.BYTES, spec.bytes(heap));
    heap.putLongRelease(offset + TopicLayout.MAGIC, TopicLayout.MAGIC_VALUE);
  }

  /** Says what topic there is. */
  static TopicSpec find(Heap heap, long offset) {
    Founding.require(heap, offset);
    long magic = heap.getLongAcquire(offset + TopicLayout.MAGIC);
    int version = heap.getInt(offset + TopicLayout.VERSION);
    if (magic != TopicLayout.MAGIC_VALUE || version != TopicLayout.CURRENT_VERSION) {
      throw new NotAChannelException(
          String.format(
              "%s has no topic at offset %d: found magic 0x%x and version %d, expected 0x%x and %d."
                  + " Make one where there are zeros, with Topic.create",
              heap.path(),
              offset,
              magic,
              version,
              TopicLayout.MAGIC_VALUE,
              TopicLayout.CURRENT_VERSION));
    }
    long options = heap.getLong(offset + TopicLayout.OPTIONS);
    int subscribers = TopicLayout.subscribers(options);
    long ring = heap.getLong(offset + TopicLayout.RING);
    if (subscribers < 1 || ring != TopicLayout.ring(subscribers)) {
      throw new NotAChannelException(
          String.format(
              "the topic at offset %d of %s is damaged: found %d subscribers and its ring at %d",
              offset, heap.path(), subscribers, ring));
    }
    ChannelSpec messages = Founding.find(heap, offset + ring);
    return new TopicSpec(messages, subscribers, TopicLayout.isOverwriting(options));
  }

  private static NotAChannelException mismatch(
      Heap heap, long offset, String found, TopicSpec expected) {
    return new NotAChannelException(
        "at offset "
            + offset
            + " of "
            + heap.path()
            + " is another topic: found "
            + found
            + ", expected "
            + expected
            + ". Use another place, or Topic.at, which takes what is there");
  }
}
