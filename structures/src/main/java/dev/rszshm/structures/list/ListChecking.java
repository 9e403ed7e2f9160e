package dev.rszshm.structures.list;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.structures.internal.codec.FormatWord;
import dev.rszshm.structures.internal.process.LockLook;
import dev.rszshm.structures.internal.segment.Segments;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Looks at every word of a list, while others append; those who set elements wait meanwhile. */
final class ListChecking {
  private static final int MOST_FINDINGS = 100;

  private final ListElements list;
  private final Heap heap;
  private final List<String> findings = new ArrayList<>();
  private final Set<Long> blocks = new HashSet<>();
  private long size;
  private long bytes;
  private long segments;
  private long segmentBytes;
  private boolean settled;

  /** The first empty slot that was found, and its index. */
  private long empty;

  private long emptyIndex;

  ListChecking(ListElements list) {
    this.list = list;
    this.heap = list.heap;
  }

  ListCheck run() {
    try {
      FormatWord.damage(heap, list.at + ListLayout.FORMAT)
          .ifPresent(what -> find(list.at + ListLayout.FORMAT, what));
      if (heap.isReadOnly()) {
        LockLook look = list.lock.look();
        settled = look.isLeft();
        look.damage().forEach(text -> find(list.at + ListLayout.LOCK, text));
        check();
      } else {
        settled = list.lock.isBusy();
        list.lock.run(this::check);
      }
    } catch (HeapException e) {
      find(list.at, e.getMessage());
    }
    return new ListCheck(size, bytes, size, segments, segmentBytes, settled, findings);
  }

  private void find(long offset, String what) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add(String.format(Locale.ROOT, "offset %d: %s", offset, what));
    }
  }

  private void check() {
    long spare = list.at + ListLayout.SPARE;
    if (!list.lock.isBusy() && heap.getLongAcquire(spare) != 0) {
      find(spare, "an element is left in the spare slot, and nobody sets one");
    }
    long hint = heap.getLongAcquire(list.at + ListLayout.SIZE_HINT);
    if (hint < 0) {
      find(list.at + ListLayout.SIZE_HINT, "it is said that there are " + hint + " elements");
    }
    long least = list.size();
    for (int segment = 0; segment < Segments.COUNT; segment++) {
      long offset = list.segments.offset(segment);
      if (offset != 0) {
        segments++;
        segmentBytes += Segments.words(segment) * Long.BYTES;
        checkBlock(offset, offset, Segments.words(segment) * Long.BYTES);
        checkSlots(segment, offset);
      }
    }
    if (size < least) {
      find(list.at, "there are " + size + " elements in a row, and were " + least + " before");
    }
  }

  private void checkSlots(int segment, long offset) {
    long first = Segments.first(segment);
    for (long i = 0; i < Segments.words(segment); i++) {
      long slot = offset + i * Long.BYTES;
      if (heap.getLongAcquire(slot) == 0) {
        if (empty == 0) {
          empty = slot;
          emptyIndex = first + i;
        }
      } else if (empty == 0 || heap.getLongAcquire(empty) == 0) {
        checkElement(slot, first + i);
      } // else others have appended since then, and what is here is newer than this check
    }
  }

  private void checkElement(long slot, long index) {
    if (empty != 0) {
      find(slot, "there is an element " + index + " behind " + emptyIndex + ", which is empty");
    }
    size++;
    try {
      byte[] element = list.get(index);
      if (element != null) {
        bytes += element.length;
        long block = list.allocator.get(slot);
        checkBlock(slot, block, ListLayout.ELEMENT_BYTES + (long) element.length);
      }
    } catch (HeapException e) {
      find(slot, e.getMessage());
    }
  }

  private void checkBlock(long offset, long block, long needed) {
    if (!blocks.add(block)) {
      find(offset, "the block at " + block + " is used twice");
    }
    try {
      long usable = list.allocator.usableSize(block);
      if (usable < needed) {
        find(offset, "its block has " + usable + " bytes, and needs " + needed);
      }
    } catch (InvalidFreeException e) {
      find(offset, "there is no block at " + block);
    }
  }
}
