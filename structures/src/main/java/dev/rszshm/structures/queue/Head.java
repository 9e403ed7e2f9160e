package dev.rszshm.structures.queue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.bytes.ShortBytes;
import dev.rszshm.structures.internal.codec.StructureCodec;
import dev.rszshm.structures.internal.process.SettledSlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * The head of a queue: takes elements, looks at them, removes them from the middle, counts, and frees the
 * segments that are passed. All in the head's lock.
 *
 * Layout
 * ------
 * QueueLayout: the line of the head, and of each segment "passed" and the number of removed ones.
 *
 * Protocol
 * --------
 * take:
 *  1 read the first segment, its next one, and then how far it is published; passed less than published: there is
 *    a record. A segment that has a next one is published to its end, so the order of the two reads matters;
 *  2 copy the element, and make sure that its format is still a known one (StructureCodec); 3 passed := behind it. Now it is taken.
 *  A large one: busy := 1; free its block from the record's slot (Allocator.freeFrom): now it is taken; 3; busy := 0.
 *  Nothing is left in the segment, and there is a next one: unlink it, and again from 1.
 *  Records that are marked as removed: busy := 1; passed := behind them; their number is taken off from the number of
 *  removed ones; busy := 0.
 * remove: busy := 1; a large one's block is freed from its slot; mark the record; both numbers + 1; busy := 0. If all of
 *  its segment is removed then, unlink segments in the middle of which nothing is left.
 * unlink the segment that a slot refers to, and that has a next one:
 *  a if the tail still says that it is the last, because somebody is in the middle of linking the next one: let the
 *    tail say the next one, by compare-and-set; b busy := 1; note the slot; c move the reference to trash; d move the
 *    next one's from there into the slot; e free what is in trash; f busy := 0.
 * How many there are: the index behind what is published, less that of what is passed, less the number of removed ones.
 *
 * If a process dies here
 * ----------------------
 * The lock passes to the next one, and the allocator has ended what it was doing (SettledSlot), so that each slot has its block
 * or not. Without busy all is done with one store or not at all. With busy (settle): if there is something in
 * trash, d if the slot is empty, and e: after c, nothing else fills that slot, because nobody puts
 * behind a segment that is not the last. Then all is counted: a large record without a block becomes a removed one, and the
 * numbers of removed ones are found by a walk. All that can be done again.
 * A process that dies with an element that it has copied and not returned: from 3 on it is gone, as after the return;
 * before, it is still there.
 */
final class Head {
  /** Elements that were found, and where. */
  record Found(byte[] bytes, long segment, int offset, long index, long unlinks) {}

  /** A place in the queue, between two elements. */
  static final class Cursor {
    private long segment;
    private int offset;
    private long index = -1;
    private long unlinks;
  }

  /** So many are possible in any queue; beyond that, the heap says how many there can be. */
  private static final int STEPS = 16;

  private final Segments segments;
  private final Allocator allocator;
  private final Heap heap;
  private final long at;
  private final EndLock lock;

  // What firstRecord() has found; of whoever has the lock.
  private long segment;
  private long extent;
  private int offset;
  private long header;

  Head(Segments segments, EndLock lock) {
    this.segments = segments;
    this.allocator = segments.allocator;
    this.heap = segments.heap;
    this.at = segments.at;
    this.lock = lock;
  }

  EndLock lock() {
    return lock;
  }

  private void setBusy() {
    heap.putLongRelease(at + QueueLayout.HEAD_BUSY, 1);
  }

  private void setDone() {
    heap.putLongRelease(at + QueueLayout.HEAD_BUSY, 0);
  }

  boolean isBusy() {
    return heap.getLongAcquire(at + QueueLayout.HEAD_BUSY) != 0;
  }

  long removed() {
    return heap.getLongAcquire(at + QueueLayout.REMOVED);
  }

  private void addRemoved(long number) {
    heap.putLongRelease(at + QueueLayout.REMOVED, removed() + number);
  }

  private long unlinks() {
    return heap.getLongAcquire(at + QueueLayout.UNLINKS);
  }

  // Taking.

  /**
   * Takes the first element; null if there is none.
   *
   * @param codec knows what it is
   */
  byte @Nullable [] take(StructureCodec<?> codec) {
    settle();
    if (!firstRecord()) {
      return null;
    }
    byte[] bytes = copy(segment, offset, header);
    codec.requireInLock();
    pass();
    return bytes;
  }

  /** Drops the first element; false if there is none. */
  boolean drop() {
    settle();
    if (!firstRecord()) {
      return false;
    }
    pass();
    return true;
  }

  /** Copies the first element; null if there is none. */
  byte @Nullable [] peek() {
    settle();
    if (heap.isReadOnly()) {
      List<Found> found = new ArrayList<>();
      read(new Cursor(), found, 1, 1);
      return found.isEmpty() ? null : found.get(0).bytes();
    }
    return firstRecord() ? copy(segment, offset, header) : null;
  }

  private byte[] copy(long of, int from, long recordHeader) {
    long content = segments.content(of + from, recordHeader);
    if (content == 0) {
      throw segments.damaged(of + from, recordHeader, "a record with its block");
    }
    int length = QueueLayout.length(recordHeader);
    return QueueLayout.isLarge(recordHeader)
        ? heap.getBytes(content, length)
        : ShortBytes.get(heap, content, length);
  }

  /** Finds the first element, and frees segments in front of it. */
  private boolean firstRecord() {
    for (long steps = 0; steps < STEPS || steps < 2 * segments.most(); steps++) {
      segment = segments.first();
      long next = segments.next(segment); // before what is published: then that is all
      long published = segments.published(segment);
      extent = segments.passed(segment, published);
      offset = QueueLayout.end(extent);
      if (offset < QueueLayout.end(published)) {
        header = segments.header(segment, offset, QueueLayout.end(published));
        if (QueueLayout.isPresent(header)) {
          return true;
        }
        passRemoved(published);
      } else if (next == 0) {
        return false;
      } else {
        unlinkFirst(next, published);
      }
    }
    throw segments.damaged(at + QueueLayout.FIRST, segment, "a chain of segments that ends");
  }

  private void pass() {
    boolean large = QueueLayout.isLarge(header);
    if (large) {
      setBusy();
      allocator.freeFrom(segment + offset + QueueLayout.RECORD_CONTENT);
    }
    int count = QueueLayout.count(extent) + 1;
    int end = offset + (int) Segments.bytes(header);
    heap.putLongRelease(segment + QueueLayout.SEGMENT_PASSED, QueueLayout.extent(count, end));
    if (large) {
      setDone();
    }
  }

  private void passRemoved(long published) {
    int limit = QueueLayout.end(published);
    int end = offset;
    int number = 0;
    while (end < limit) {
      long found = segments.header(segment, end, limit);
      if (QueueLayout.isPresent(found)) {
        break;
      }
      end += (int) Segments.bytes(found);
      number++;
    }
    setBusy();
    heap.putLongRelease(
        segment + QueueLayout.SEGMENT_PASSED,
        QueueLayout.extent(QueueLayout.count(extent) + number, end));
    addRemoved(-number);
    long place = segment + QueueLayout.SEGMENT_REMOVED;
    heap.putIntRelease(place, heap.getInt(place) - number);
    setDone();
  }

  private void unlinkFirst(long next, long published) {
    long gap = segments.base(next) - segments.base(segment) - QueueLayout.count(published);
    unlink(at + QueueLayout.FIRST, segment, next);
    addRemoved(-gap);
    setDone();
  }

  /** Takes a segment out of the chain, and frees it. Busy afterwards. */
  private void unlink(long slot, long unlinked, long next) {
    if (heap.getLongAcquire(at + QueueLayout.LAST) == unlinked) {
      heap.compareAndSetLong(at + QueueLayout.LAST, unlinked, next);
    }
    heap.putLongRelease(at + QueueLayout.UNLINKED_FROM, slot);
    setBusy();
    allocator.move(slot, at + QueueLayout.TRASH);
    completeUnlink();
  }

  private void completeUnlink() {
    long trash = allocator.get(at + QueueLayout.TRASH);
    if (trash == 0) {
      return;
    }
    long slot = unlinkedFrom();
    if (allocator.get(slot) == 0 && !allocator.move(trash + QueueLayout.SEGMENT_NEXT, slot)) {
      throw segments.damaged(trash, 0, "the reference of the next segment");
    }
    allocator.freeFrom(at + QueueLayout.TRASH);
  }

  private long unlinkedFrom() {
    long place = at + QueueLayout.UNLINKED_FROM;
    long slot = heap.getLongAcquire(place);
    if ((slot & Long.BYTES - 1) != 0 || slot <= 0 || slot > heap.length() - Long.BYTES) {
      throw segments.damaged(place, slot, "the offset of a slot");
    }
    return slot;
  }

  private void awaitSlots() {
    SettledSlot.await(allocator, at + QueueLayout.FIRST);
    SettledSlot.await(allocator, at + QueueLayout.TRASH);
    long trash = segments.segment(at + QueueLayout.TRASH);
    if (trash != 0) {
      SettledSlot.await(allocator, unlinkedFrom());
      SettledSlot.await(allocator, trash + QueueLayout.SEGMENT_NEXT);
    }
  }

  // Counting.

  /** Ends what somebody has left. */
  void settle() {
    if (!isBusy() || heap.isReadOnly()) {
      return;
    }
    awaitSlots();
    completeUnlink();
    long sum = 0;
    long left = segments.most();
    long behind = -1;
    for (long s = segments.first(); s != 0 && left > 0; left--) {
      SettledSlot.await(allocator, s + QueueLayout.SEGMENT_NEXT);
      long next = segments.next(s);
      long published = segments.published(s);
      if (behind >= 0) {
        sum += segments.base(s) - behind;
      }
      behind = segments.base(s) + QueueLayout.count(published);
      int number = countRemoved(s, published);
      heap.putIntRelease(s + QueueLayout.SEGMENT_REMOVED, number);
      sum += number;
      s = next;
    }
    if (left == 0) {
      throw segments.damaged(at + QueueLayout.FIRST, 0, "a chain of segments that ends");
    }
    heap.putLongRelease(at + QueueLayout.REMOVED, sum);
    setDone();
  }

  private int countRemoved(long of, long published) {
    int number = 0;
    int limit = QueueLayout.end(published);
    long found;
    for (int i = QueueLayout.end(segments.passed(of, published));
        i < limit;
        i += (int) Segments.bytes(found)) {
      found = segments.header(of, i, limit);
      if (QueueLayout.isPresent(found) && segments.content(of + i, found) == 0) {
        found = QueueLayout.removed(found);
        heap.putLongRelease(of + i, found);
      }
      number += QueueLayout.isPresent(found) ? 0 : 1;
    }
    return number;
  }

  /** Finds the last segment, by a walk. */
  long findLast() {
    long last = segments.first();
    for (long left = segments.most(); left > 0; left--) {
      long next = segments.next(last);
      if (next == 0) {
        return last;
      }
      last = next;
    }
    throw segments.damaged(at + QueueLayout.FIRST, last, "a chain of segments that ends");
  }

  /** The index of the first record that is not passed. */
  private long index(long first) {
    long published = segments.published(first);
    return segments.base(first) + QueueLayout.count(segments.passed(first, published));
  }

  /** The number of elements that were ever put and are gone. */
  long gone() {
    settle();
    return index(segments.first()) + removed();
  }

  /** The number of elements. */
  long size() {
    long gone = gone();
    return Math.max(0, segments.end() - gone);
  }

  // Looking, and removing.

  /** Copies elements behind a cursor, and moves it behind them. */
  void read(Cursor cursor, List<Found> into, int most, long mostBytes) {
    settle();
    seek(cursor);
    long bytes = 0;
    for (long left = segments.most(); left > 0; left--) {
      long next = segments.next(cursor.segment);
      int limit = QueueLayout.end(segments.published(cursor.segment));
      while (cursor.offset < limit && into.size() < most && bytes < mostBytes) {
        long found = segments.header(cursor.segment, cursor.offset, limit);
        if (QueueLayout.isPresent(found)) {
          byte[] copy = copy(cursor.segment, cursor.offset, found);
          into.add(new Found(copy, cursor.segment, cursor.offset, cursor.index, cursor.unlinks));
          bytes += copy.length;
        }
        cursor.offset += (int) Segments.bytes(found);
        cursor.index++;
      }
      if (cursor.offset < limit || next == 0) {
        return;
      }
      begin(cursor, next);
    }
    throw segments.damaged(at + QueueLayout.FIRST, 0, "a chain of segments that ends");
  }

  private void begin(Cursor cursor, long of) {
    cursor.segment = of;
    cursor.offset = QueueLayout.SEGMENT_RECORDS;
    cursor.index = segments.base(of);
  }

  /**
   * Lets a cursor point into the chain. Its segment is still there unless all of it is passed, or
   * segments were taken out of the middle.
   */
  private void seek(Cursor cursor) {
    long first = segments.first();
    long head = index(first);
    long wanted = cursor.index;
    if (wanted > head && cursor.unlinks == unlinks()) {
      return;
    }
    cursor.unlinks = unlinks();
    begin(cursor, first);
    cursor.offset = QueueLayout.end(segments.passed(first, segments.published(first)));
    cursor.index = head;
    for (long left = segments.most(); left > 0; left--) {
      long of = cursor.segment;
      long next = segments.next(of);
      long published = segments.published(of);
      int limit = QueueLayout.end(published);
      if (next == 0 || segments.base(of) + QueueLayout.count(published) > wanted) {
        while (cursor.index < wanted && cursor.offset < limit) {
          cursor.offset += (int) Segments.bytes(segments.header(of, cursor.offset, limit));
          cursor.index++;
        }
        if (cursor.offset < limit || next == 0) {
          return;
        }
      }
      begin(cursor, next);
      if (cursor.index >= wanted) {
        return;
      }
    }
    throw segments.damaged(at + QueueLayout.FIRST, first, "a chain of segments that ends");
  }

  /** Removes the first element with these bytes. */
  boolean remove(byte[] bytes) {
    return find(bytes, true);
  }

  boolean contains(byte[] bytes) {
    return find(bytes, false);
  }

  private boolean find(byte[] bytes, boolean removes) {
    settle();
    long of = segments.first();
    int from = QueueLayout.end(segments.passed(of, segments.published(of)));
    for (long left = segments.most(); left > 0; left--) {
      long next = segments.next(of);
      int limit = QueueLayout.end(segments.published(of));
      while (from < limit) {
        long found = segments.header(of, from, limit);
        if (QueueLayout.isPresent(found)
            && QueueLayout.length(found) == bytes.length
            && Arrays.equals(copy(of, from, found), bytes)) {
          if (removes) {
            mark(of, from, found);
          }
          return true;
        }
        from += (int) Segments.bytes(found);
      }
      if (next == 0) {
        return false;
      }
      of = next;
      from = QueueLayout.SEGMENT_RECORDS;
    }
    throw segments.damaged(at + QueueLayout.FIRST, of, "a chain of segments that ends");
  }

  /** Removes an element that was found, if it is still there. */
  boolean remove(Found found) {
    settle();
    if (found.index < index(segments.first())) {
      return false;
    }
    Cursor cursor = new Cursor();
    cursor.segment = found.segment;
    cursor.offset = found.offset;
    cursor.index = found.index;
    cursor.unlinks = found.unlinks;
    seek(cursor);
    int limit = QueueLayout.end(segments.published(cursor.segment));
    if (cursor.index != found.index || cursor.offset >= limit) {
      return false;
    }
    long now = segments.header(cursor.segment, cursor.offset, limit);
    if (!QueueLayout.isPresent(now)) {
      return false;
    }
    mark(cursor.segment, cursor.offset, now);
    return true;
  }

  private void mark(long of, int from, long present) {
    setBusy();
    if (QueueLayout.isLarge(present)) {
      allocator.freeFrom(of + from + QueueLayout.RECORD_CONTENT);
    }
    heap.putLongRelease(of + from, QueueLayout.removed(present));
    long place = of + QueueLayout.SEGMENT_REMOVED;
    int number = heap.getInt(place) + 1;
    heap.putIntRelease(place, number);
    addRemoved(1);
    setDone();
    long published = segments.published(of);
    int count = QueueLayout.count(published);
    if (number + QueueLayout.count(segments.passed(of, published)) >= count) {
      sweep();
    }
  }

  /** Unlinks the segments in the middle of which nothing is left. */
  private void sweep() {
    long slot = segments.first() + QueueLayout.SEGMENT_NEXT;
    for (long left = segments.most(); left > 0; left--) {
      long of = segments.next(slot - QueueLayout.SEGMENT_NEXT);
      long next = of == 0 ? 0 : segments.next(of);
      if (next == 0) {
        return;
      }
      int count = QueueLayout.count(segments.published(of));
      if (heap.getInt(of + QueueLayout.SEGMENT_REMOVED) == count) {
        heap.putLongRelease(at + QueueLayout.UNLINKS, unlinks() + 1);
        unlink(slot, of, next);
        setDone();
      } else {
        slot = of + QueueLayout.SEGMENT_NEXT;
      }
    }
    throw segments.damaged(at + QueueLayout.FIRST, slot, "a chain of segments that ends");
  }
}
