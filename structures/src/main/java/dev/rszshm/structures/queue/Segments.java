package dev.rszshm.structures.queue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.bytes.DamagedWord;
import dev.rszshm.structures.queue.errors.DamagedQueueException;

/** Reads the segments of a queue, and believes nothing that cannot be. */
final class Segments {
  final Allocator allocator;
  final Heap heap;
  final long at;
  final QueueSpec spec;
  private final BlockBounds bounds;

  Segments(Allocator allocator, long at, QueueSpec spec) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.at = at;
    this.spec = spec;
    this.bounds = new BlockBounds(heap);
  }

  /** The most segments that there can be, whatever is in memory. */
  long most() {
    return heap.length() / QueueSpec.MIN_SEGMENT_LENGTH + 1;
  }

  /** The first segment. */
  long first() {
    long segment = allocator.get(at + QueueLayout.FIRST);
    if (segment == 0) {
      throw damaged(at + QueueLayout.FIRST, 0, "the reference of a segment");
    }
    return require(at + QueueLayout.FIRST, segment);
  }

  /** The segment behind another; 0 if there is none. */
  long next(long segment) {
    return segment(segment + QueueLayout.SEGMENT_NEXT);
  }

  /** The segment in a slot; 0 if there is none. */
  long segment(long slot) {
    long segment = allocator.get(slot);
    return segment == 0 ? 0 : require(slot, segment);
  }

  /** The last segment, as a word of the queue says. */
  long last() {
    long place = at + QueueLayout.LAST;
    return require(place, heap.getLongAcquire(place));
  }

  private long require(long place, long segment) {
    if (!bounds.isWithin(segment, spec.segmentLength())
        || heap.getInt(segment + QueueLayout.SEGMENT_LENGTH) != spec.segmentLength()) {
      throw damaged(place, segment, "the place of a segment of " + spec.segmentLength() + " bytes");
    }
    return segment;
  }

  /** The index of the first element of a segment. */
  long base(long segment) {
    return heap.getLong(segment + QueueLayout.SEGMENT_BASE);
  }

  /** How far a segment is published. */
  long published(long segment) {
    return requireExtent(segment + QueueLayout.SEGMENT_PUBLISHED, spec.segmentLength());
  }

  /** How far a segment is passed. */
  long passed(long segment, long published) {
    return requireExtent(segment + QueueLayout.SEGMENT_PASSED, QueueLayout.end(published));
  }

  private long requireExtent(long place, int limit) {
    long extent = heap.getLongAcquire(place);
    int end = QueueLayout.end(extent);
    int count = QueueLayout.count(extent);
    if (end < QueueLayout.SEGMENT_RECORDS
        || end > limit
        || (end & Long.BYTES - 1) != 0
        || count < 0
        || count > (end - QueueLayout.SEGMENT_RECORDS) / QueueLayout.RECORD_CONTENT) {
      throw damaged(place, extent, "a number of records and an offset up to " + limit);
    }
    return extent;
  }

  /** The header of the record at an offset in a segment, which ends within what is published. */
  long header(long segment, int offset, int limit) {
    long header = heap.getLongAcquire(segment + offset);
    int length = QueueLayout.length(header);
    int state = QueueLayout.state(header) & ~QueueLayout.LARGE;
    if (length < 0
        || (state != QueueLayout.PRESENT && state != QueueLayout.REMOVED_STATE)
        || offset + bytes(header) > limit) {
      throw damaged(segment + offset, header, "a record within its segment");
    }
    return header;
  }

  /** The bytes of a record in its segment. */
  static long bytes(long header) {
    return QueueLayout.isLarge(header)
        ? QueueLayout.LARGE_RECORD_LENGTH
        : QueueLayout.recordLength(QueueLayout.length(header));
  }

  /** Where the content of a record is; 0 if it had a block of its own, which is freed. */
  long content(long record, long header) {
    long content = record + QueueLayout.RECORD_CONTENT;
    if (!QueueLayout.isLarge(header)) {
      return content;
    }
    long block = allocator.get(content);
    if (block != 0 && !bounds.isWithin(block, QueueLayout.length(header))) {
      throw damaged(content, block, "the place of " + QueueLayout.length(header) + " bytes");
    }
    return block;
  }

  /** The index behind the last element that is published. */
  long end() {
    long last = last();
    long next = next(last);
    if (next != 0) {
      last = next; // whoever links a segment has not said so yet
    }
    return base(last) + QueueLayout.count(published(last));
  }

  DamagedQueueException damaged(long place, long found, String expected) {
    return new DamagedQueueException(DamagedWord.message(heap, this, place, found, expected));
  }

  @Override
  public String toString() {
    return "the queue at offset " + at + " of " + heap.path();
  }
}
