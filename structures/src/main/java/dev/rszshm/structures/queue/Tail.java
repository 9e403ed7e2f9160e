package dev.rszshm.structures.queue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.bytes.ShortBytes;

/*
 * The tail of a queue: puts elements. All in the tail's lock; who has it may take the head's as well, and never
 * the other way round.
 *
 * Layout
 * ------
 * QueueLayout: the line of the tail, and of each segment "published".
 *
 * Protocol
 * --------
 * put:
 *  1 no room in the last segment: busy := linking; allocate another, of nothing yet, into the last one's slot
 *    (Allocator.allocateInto), so that those at the head may see it; last := it, by compare-and-set, as those at the
 *    head may have done that (Head); busy := 0;
 *  2 write the element behind what is published, and its header;
 *    a large one: slot := 0; busy := where the slot is; allocate a block with the element into that slot; the header;
 *  3 published := behind it: now it is there, with one store; 4 the hint; busy := 0.
 * Those at the head look at nothing behind what is published.
 *
 * If a process dies here
 * ----------------------
 * Before 3 nothing has happened, and the next one writes over what was written. From 3 on it is there.
 * With busy (settle), in the head's lock as well: find the last segment by a walk from the first; if busy says where a slot
 * is, and that is behind what is published in the last segment, free what is in it. If it is not behind that, its element
 * was published: nobody has linked a segment since.
 */
final class Tail {
  private final Segments segments;
  private final Allocator allocator;
  private final Heap heap;
  private final long at;
  private final EndLock lock;
  private final Head head;
  private final int longestInside;

  /** Elements that are gone, as was found once; there are more by now. */
  private long gone;

  Tail(Segments segments, EndLock lock, Head head) {
    this.segments = segments;
    this.allocator = segments.allocator;
    this.heap = segments.heap;
    this.at = segments.at;
    this.lock = lock;
    this.head = head;
    this.longestInside = QueueLayout.longestInside(segments.spec.segmentLength());
  }

  EndLock lock() {
    return lock;
  }

  private void setBusy(long what) {
    heap.putLongRelease(at + QueueLayout.TAIL_BUSY, what);
  }

  boolean isBusy() {
    return heap.getLongAcquire(at + QueueLayout.TAIL_BUSY) != 0;
  }

  /** Ends what somebody has left. */
  void settle() {
    if (!isBusy()) {
      return;
    }
    head.lock().enter();
    try {
      settleInHeadLock();
    } finally {
      head.lock().leave();
    }
  }

  /** Ends what somebody has left, in the lock of the head as well. */
  void settleInHeadLock() {
    long busy = heap.getLongAcquire(at + QueueLayout.TAIL_BUSY);
    if (busy == 0 || heap.isReadOnly()) {
      return;
    }
    head.settle();
    long last = head.findLast();
    heap.putLongRelease(at + QueueLayout.LAST, last);
    long published = segments.published(last);
    if (busy != QueueLayout.LINKING
        && (busy & Long.BYTES - 1) == 0
        && busy >= last + QueueLayout.end(published)
        && busy <= last + segments.spec.segmentLength() - Long.BYTES) {
      allocator.freeFrom(busy);
    }
    long end = segments.base(last) + QueueLayout.count(published);
    heap.putLongRelease(at + QueueLayout.PUTS, end);
    setBusy(0);
  }

  /** Puts an element; returns whether there was room. */
  boolean put(byte[] element) {
    settle();
    boolean large = element.length > longestInside;
    long bytes = large ? QueueLayout.LARGE_RECORD_LENGTH : QueueLayout.recordLength(element.length);
    long last = segments.last();
    long published = segments.published(last);
    if (segments.spec.isBounded() && isFull(segments.base(last) + QueueLayout.count(published))) {
      return false;
    }
    if (QueueLayout.end(published) + bytes > segments.spec.segmentLength()) {
      last = link(last, published);
      published = segments.published(last);
    }
    long record = last + QueueLayout.end(published);
    long content = record + QueueLayout.RECORD_CONTENT;
    int state = QueueLayout.PRESENT;
    if (large) {
      state |= QueueLayout.LARGE;
      heap.putLongRelease(content, 0);
      setBusy(content);
      allocator.allocateInto(content, element.length, block -> heap.putBytes(block, element));
    } else {
      ShortBytes.put(heap, content, element);
    }
    heap.putLong(record, QueueLayout.header(element.length, state));
    int count = QueueLayout.count(published) + 1;
    heap.putLongRelease(
        last + QueueLayout.SEGMENT_PUBLISHED,
        QueueLayout.extent(count, (int) (QueueLayout.end(published) + bytes)));
    heap.putLongRelease(at + QueueLayout.PUTS, segments.base(last) + count);
    if (large) {
      setBusy(0);
    }
    return true;
  }

  /** Whether there are as many elements as may be; asks the head only if it seems so. */
  private boolean isFull(long end) {
    if (end - gone < segments.spec.capacity()) {
      return false;
    }
    head.lock().enter();
    try {
      gone = head.gone();
    } finally {
      head.lock().leave();
    }
    return end - gone >= segments.spec.capacity();
  }

  private long link(long last, long published) {
    long base = segments.base(last) + QueueLayout.count(published);
    setBusy(QueueLayout.LINKING);
    long block = makeSegment(segments, last + QueueLayout.SEGMENT_NEXT, base);
    if (block == 0) {
      throw segments.damaged(last, heap.getLongAcquire(last), "no segment behind the last");
    }
    heap.compareAndSetLong(at + QueueLayout.LAST, last, block);
    setBusy(0);
    return block;
  }

  /** Allocates a segment of nothing into a slot; 0 if there is one. */
  static long makeSegment(Segments segments, long slot, long base) {
    Heap heap = segments.heap;
    int length = segments.spec.segmentLength();
    long nothing = QueueLayout.extent(0, QueueLayout.SEGMENT_RECORDS);
    return segments.allocator.allocateInto(
        slot,
        length,
        block -> {
          heap.putLong(block + QueueLayout.SEGMENT_BASE, base);
          heap.putInt(block + QueueLayout.SEGMENT_LENGTH, length);
          heap.putLong(block + QueueLayout.SEGMENT_PASSED, nothing);
          heap.putLong(block + QueueLayout.SEGMENT_PUBLISHED, nothing);
        });
  }
}
