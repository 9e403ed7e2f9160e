package dev.rszshm.structures.queue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.internal.codec.StructureCodec;
import dev.rszshm.structures.internal.codec.StructureName;
import dev.rszshm.structures.queue.errors.NotAQueueException;
import dev.rszshm.sync.EventCount;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a deque comes to be in a heap, and goes. */
final class DequeFounding {
  private DequeFounding() {}

  /**
   * Finds a deque, or makes it: options and format, from 0 by compare-and-set, version, and at last
   * the magic; whoever else does so meanwhile, or after a death, writes the same, or is refused.
   *
   * @param expected null: only finds it
   * @return how it was made
   */
  static DequeSpec findOrMake(
      Heap heap, long offset, @Nullable DequeSpec expected, StructureCodec<?> codec) {
    if (offset % DequeLayout.ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "a deque must be at a multiple of " + DequeLayout.ALIGNMENT + ", found " + offset);
    }
    heap.region(offset, DequeLayout.LENGTH); // throws if it cannot be there
    if (expected != null
        && !heap.isReadOnly()
        && heap.getLongAcquire(offset + DequeLayout.MAGIC) == 0) {
      heap.compareAndSetLong(offset + DequeLayout.OPTIONS, 0, expected.encode());
      if (heap.getLongAcquire(offset + DequeLayout.OPTIONS) == expected.encode()) {
        codec.claim();
        heap.putInt(offset + DequeLayout.VERSION, DequeLayout.CURRENT_VERSION);
        heap.putLongRelease(offset + DequeLayout.MAGIC, DequeLayout.MAGIC_VALUE);
      }
    }
    long magic = heap.getLongAcquire(offset + DequeLayout.MAGIC);
    int version = heap.getInt(offset + DequeLayout.VERSION);
    long options = heap.getLongAcquire(offset + DequeLayout.OPTIONS);
    DequeSpec found = null;
    if (magic == DequeLayout.MAGIC_VALUE
        && version == DequeLayout.CURRENT_VERSION
        && (options & 1) != 0) {
      try {
        found = DequeSpec.decode(options);
      } catch (IllegalArgumentException e) {
        found = null;
      }
    }
    if (found == null || (expected != null && !found.equals(expected))) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAQueueException(
          String.format(
              Locale.ROOT,
              "%s has no deque at offset %d as expected: found magic 0x%x, version %d, %s; expected"
                  + " 0x%x, %d, %s",
              heap.path(),
              offset,
              magic,
              version,
              found == null ? "options 0x" + Long.toHexString(options) : found,
              DequeLayout.MAGIC_VALUE,
              DequeLayout.CURRENT_VERSION,
              expected == null ? "any specification" : expected));
    }
    codec.require();
    return found;
  }

  /** The codec of the deque at an offset, there or being made. */
  static <E> StructureCodec<E> codec(Allocator allocator, long offset, Codec<E> elements) {
    Heap heap = allocator.heap();
    StructureName name = new StructureName("deque", heap, offset, allocator);
    return new StructureCodec<>(
        heap, offset + DequeLayout.FORMAT, elements, StructureCodec.Use.ELEMENTS, name);
  }

  /** Frees all that a deque has, when nobody uses it any more; wakes those who wait. */
  static void dismantle(Allocator allocator, long at) {
    EndLock lock = new EndLock(allocator.heap(), at + DequeLayout.LOCK, null);
    DequeChain chain = new DequeChain(allocator, at);
    lock.enter();
    try {
      allocator.heap().putLongVolatile(at + DequeLayout.MAGIC, 0);
      EventCount.at(allocator.heap(), at + DequeLayout.NOT_EMPTY).signalAll();
      EventCount.at(allocator.heap(), at + DequeLayout.NOT_FULL).signalAll();
      while (chain.drop()) {
        // and the next
      }
    } finally {
      lock.leave();
    }
  }
}
