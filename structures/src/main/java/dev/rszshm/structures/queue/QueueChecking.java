package dev.rszshm.structures.queue;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.structures.internal.codec.FormatWord;
import dev.rszshm.structures.internal.process.LockLook;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Looks at every word of a queue. The caller has both locks. */
final class QueueChecking {
  private static final int MOST_FINDINGS = 100;

  private final Segments segments;
  private final Heap heap;
  private final List<String> findings = new ArrayList<>();
  private final Set<Long> blocks = new HashSet<>();
  private long elements;
  private long elementBytes;
  private long segmentCount;
  private long large;
  private long removed;
  private long gaps;

  QueueChecking(Segments segments) {
    this.segments = segments;
    this.heap = segments.heap;
  }

  QueueCheck run(Head head, Tail tail) {
    boolean settled =
        heap.isReadOnly()
            ? isLeft(QueueLayout.HEAD_LOCK, head::isBusy)
                | isLeft(QueueLayout.TAIL_LOCK, tail::isBusy)
            : head.isBusy() || tail.isBusy();
    try {
      head.settle();
      FormatWord.damage(heap, segments.at + QueueLayout.FORMAT)
          .ifPresent(what -> find(segments.at + QueueLayout.FORMAT, what));
      tail.settleInHeadLock();
      walk();
      long at = segments.at;
      if (heap.getLongAcquire(at + QueueLayout.TRASH) != 0) {
        find(at + QueueLayout.TRASH, "a segment is left in trash, and nobody is at work");
      }
      if (head.removed() != removed + gaps) {
        find(
            at + QueueLayout.REMOVED,
            "the queue says that "
                + head.removed()
                + " elements were removed, there are "
                + (removed + gaps));
      }
      if (findings.isEmpty() && head.size() != elements) {
        find(at, "the queue says that it has " + head.size() + " elements, there are " + elements);
      }
    } catch (HeapException e) {
      find(segments.at, e.getMessage());
    }
    return new QueueCheck(elements, elementBytes, segmentCount, large, removed, settled, findings);
  }

  private boolean isLeft(int lock, BooleanSupplier isBusy) {
    LockLook look = LockLook.at(heap, segments.at + lock, isBusy);
    look.damage().forEach(text -> find(segments.at + lock, text));
    return look.isLeft();
  }

  private void find(long offset, String what) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add(String.format(Locale.ROOT, "offset %d: %s", offset, what));
    }
  }

  private void walk() {
    long last = 0;
    long behind = -1;
    for (long s = segments.first(); s != 0; s = segments.next(s)) {
      if (!checkBlock(s, s, segments.spec.segmentLength())) {
        return; // it is there twice: the chain has no end
      }
      segmentCount++;
      long base = segments.base(s);
      if (base < 0) {
        find(s, "its elements begin at index " + base);
        return;
      }
      if (behind >= 0 && base < behind) {
        find(s, "its elements begin at index " + base + ", expected " + behind + " or more");
      }
      gaps += behind >= 0 ? base - behind : 0;
      behind = base + QueueLayout.count(segments.published(s));
      checkRecords(s, behind == base ? 0 : QueueLayout.count(segments.published(s)));
      last = s;
    }
    long puts = heap.getLongAcquire(segments.at + QueueLayout.PUTS);
    if (behind >= 0 && puts != behind && puts != behind - 1) { // it is written after the element
      find(
          segments.at + QueueLayout.PUTS,
          "the queue says that its elements end at index " + puts + ", they end at " + behind);
    }
    long place = segments.at + QueueLayout.LAST;
    if (heap.getLongAcquire(place) != last) {
      find(place, heap.getLongAcquire(place) + " is said to be the last segment, it is " + last);
    }
  }

  private void checkRecords(long segment, int count) {
    long published = segments.published(segment);
    long passed = segments.passed(segment, published);
    int limit = QueueLayout.end(published);
    int number = QueueLayout.count(passed);
    int removedHere = 0;
    long header;
    for (int i = QueueLayout.end(passed); i < limit; i += (int) Segments.bytes(header)) {
      header = segments.header(segment, i, limit);
      number++;
      if (!QueueLayout.isPresent(header)) {
        removedHere++;
        continue;
      }
      elements++;
      elementBytes += QueueLayout.length(header);
      if (QueueLayout.isLarge(header)) {
        large++;
        long block = segments.content(segment + i, header);
        if (block == 0) {
          find(segment + i, "the element has no block");
        } else {
          checkBlock(segment + i, block, QueueLayout.length(header));
        }
      }
    }
    if (number != count) {
      find(segment, "the segment says that it has " + count + " records, there are " + number);
    }
    int said = heap.getInt(segment + QueueLayout.SEGMENT_REMOVED);
    if (said != removedHere) {
      find(segment, "the segment says that " + said + " are removed, there are " + removedHere);
    }
    removed += removedHere;
  }

  private boolean checkBlock(long place, long block, long bytes) {
    boolean once = blocks.add(block);
    if (!once) {
      find(place, "the block at " + block + " is used twice");
    }
    try {
      if (segments.allocator.usableSize(block) < bytes) {
        find(place, "the block at " + block + " is shorter than " + bytes + " bytes");
      }
    } catch (InvalidFreeException e) {
      find(place, "the block at " + block + " is not allocated");
    }
    return once;
  }
}
