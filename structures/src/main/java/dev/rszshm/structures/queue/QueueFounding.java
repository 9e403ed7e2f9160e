package dev.rszshm.structures.queue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.internal.codec.StructureCodec;
import dev.rszshm.structures.internal.codec.StructureName;
import dev.rszshm.structures.internal.process.SettledSlot;
import dev.rszshm.structures.queue.errors.NotAQueueException;
import dev.rszshm.sync.EventCount;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/*
 * How a queue comes to be in a heap, and goes.
 *
 * Layout
 * ------
 * The first table of QueueLayout, in bytes that were zeros.
 *
 * Protocol
 * --------
 * make, in the head's lock, if there is no magic:
 *  1 options, version, and the format of the elements (StructureCodec); 2 the first segment, if there is none (Allocator.allocateInto); 3 which one is the last, and the index behind its elements; 4 the magic, with
 *  release order. Nobody uses a queue without magic.
 * dismantle, in both locks: 1 magic := 0, and wake all who wait, who find that; 2 free all elements and all segments but the last, as takers do; 3 free
 *  the last one from its slot. Then the caller frees the bytes of the queue.
 *
 * If a process dies here
 * ----------------------
 * make: there is no magic, and the next one does it all again, if it means the same at 1; a segment that is there stays. dismantle: there is no magic, but there are
 * options, by which the next one goes on, to dismantle it or to make it again.
 */
final class QueueFounding {
  private QueueFounding() {}

  /**
   * Finds the queue at an offset, or makes it.
   *
   * @param spec null: only finds it
   */
  static Segments findOrMake(
      Allocator allocator, long offset, @Nullable QueueSpec spec, StructureCodec<?> codec) {
    Heap heap = allocator.heap();
    if (offset % QueueLayout.ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "a queue must be at a multiple of " + QueueLayout.ALIGNMENT + ", found " + offset);
    }
    heap.region(offset, QueueLayout.LENGTH); // throws if it cannot be there
    if (spec != null
        && !heap.isReadOnly()
        && heap.getLongAcquire(offset + QueueLayout.MAGIC) == 0) {
      make(new Segments(allocator, offset, spec), codec);
    }
    long magic = heap.getLongAcquire(offset + QueueLayout.MAGIC);
    int version = heap.getInt(offset + QueueLayout.VERSION);
    if (magic != QueueLayout.MAGIC_VALUE || version != QueueLayout.CURRENT_VERSION) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAQueueException(
          String.format(
              Locale.ROOT,
              "%s has no queue at offset %d: found magic 0x%x and version %d, expected 0x%x and %d",
              heap.path(),
              offset,
              magic,
              version,
              QueueLayout.MAGIC_VALUE,
              QueueLayout.CURRENT_VERSION));
    }
    QueueSpec found = options(heap, offset);
    if (spec != null && !spec.equals(found)) {
      throw mismatch(heap, offset, found, spec);
    }
    codec.require();
    return new Segments(allocator, offset, found);
  }

  /** The codec of the queue at an offset, there or being made. */
  static <E> StructureCodec<E> codec(Allocator allocator, long offset, Codec<E> elements) {
    Heap heap = allocator.heap();
    StructureName name = new StructureName("queue", heap, offset, allocator);
    return new StructureCodec<>(
        heap, offset + QueueLayout.FORMAT, elements, StructureCodec.Use.ELEMENTS, name);
  }

  private static QueueSpec options(Heap heap, long offset) {
    long options = heap.getLongAcquire(offset + QueueLayout.OPTIONS);
    try {
      return QueueSpec.decode(options);
    } catch (IllegalArgumentException e) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAQueueException(
          String.format(
              Locale.ROOT,
              "the queue at offset %d of %s has the options 0x%x, which no queue has: %s",
              offset,
              heap.path(),
              options,
              e.getMessage()));
    }
  }

  private static NotAQueueException mismatch(
      Heap heap, long offset, QueueSpec found, QueueSpec expected) {
    heap.requireOpen(); // or what was read is nothing
    return new NotAQueueException(
        "at offset "
            + offset
            + " of "
            + heap.path()
            + " is another queue: found "
            + found
            + ", expected "
            + expected
            + ". Name what it was made with, or another queue");
  }

  private static void make(Segments segments, StructureCodec<?> codec) {
    Heap heap = segments.heap;
    long at = segments.at;
    EndLock lock = new EndLock(heap, at + QueueLayout.HEAD_LOCK, null);
    lock.enter();
    try {
      if (heap.getLongAcquire(at + QueueLayout.MAGIC) != 0) {
        return;
      }
      long options = segments.spec.encode();
      long found = heap.compareAndExchangeLong(at + QueueLayout.OPTIONS, 0, options);
      if (found != 0 && found != options) {
        throw mismatch(heap, at, options(heap, at), segments.spec);
      }
      heap.putInt(at + QueueLayout.VERSION, QueueLayout.CURRENT_VERSION);
      codec.claim();
      Head head = new Head(segments, lock);
      head.settle();
      SettledSlot.await(segments.allocator, at + QueueLayout.FIRST);
      Tail.makeSegment(segments, at + QueueLayout.FIRST, 0);
      long last = head.findLast();
      heap.putLongRelease(at + QueueLayout.LAST, last);
      long end = segments.base(last) + QueueLayout.count(segments.published(last));
      heap.putLongRelease(at + QueueLayout.PUTS, end); // not 0 where a removal was cut short
      heap.putLongRelease(at + QueueLayout.MAGIC, QueueLayout.MAGIC_VALUE);
    } finally {
      lock.leave();
    }
  }

  /** Frees all that a queue has, when nobody uses it any more. */
  static void dismantle(Allocator allocator, long offset) {
    Heap heap = allocator.heap();
    if (heap.getLongAcquire(offset + QueueLayout.OPTIONS) == 0) {
      return; // it was never made
    }
    Segments segments = new Segments(allocator, offset, options(heap, offset));
    Head head = new Head(segments, new EndLock(heap, offset + QueueLayout.HEAD_LOCK, null));
    Tail tail = new Tail(segments, new EndLock(heap, offset + QueueLayout.TAIL_LOCK, null), head);
    tail.lock().enter();
    try {
      head.lock().enter();
      try {
        heap.putLongVolatile(offset + QueueLayout.MAGIC, 0);
        EventCount.at(heap, offset + QueueLayout.NOT_EMPTY).signalAll();
        EventCount.at(heap, offset + QueueLayout.NOT_FULL).signalAll();
        head.settle();
        SettledSlot.await(allocator, offset + QueueLayout.FIRST);
        if (allocator.get(offset + QueueLayout.FIRST) != 0) {
          tail.settleInHeadLock();
          while (head.drop()) {
            // and the segments in front of it
          }
          allocator.freeFrom(offset + QueueLayout.FIRST);
        }
      } finally {
        head.lock().leave();
      }
    } finally {
      tail.lock().leave();
    }
  }
}
