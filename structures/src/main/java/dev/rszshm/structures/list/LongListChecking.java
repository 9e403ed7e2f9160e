package dev.rszshm.structures.list;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.structures.internal.segment.Segments;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Looks at every word of a list of numbers, while others go on. */
final class LongListChecking {
  private final LongElements list;
  private final List<String> findings = new ArrayList<>();
  private final Set<Long> blocks = new HashSet<>();
  private long size;
  private long segmentBytes;

  /** The first empty word that was found. */
  private long empty;

  LongListChecking(LongElements list) {
    this.list = list;
  }

  LongListCheck run() {
    try {
      long least = list.size();
      checkSegments(list.words, true);
      checkSegments(list.bits, false);
      if (size < least) {
        find(list.at, "there are " + size + " elements in a row, and were " + least + " before");
      }
    } catch (HeapException e) {
      find(list.at, e.getMessage());
    }
    return new LongListCheck(size, blocks.size(), segmentBytes, findings);
  }

  private void find(long offset, String what) {
    findings.add(String.format(Locale.ROOT, "offset %d: %s", offset, what));
  }

  private void checkSegments(Segments segments, boolean elements) {
    for (int segment = 0; segment < Segments.COUNT; segment++) {
      long offset = segments.offset(segment);
      if (offset != 0) {
        checkBlock(offset, Segments.words(segment) * Long.BYTES);
        if (elements) {
          checkWords(segment, offset);
        }
      }
    }
  }

  private void checkWords(int segment, long offset) {
    for (long i = 0; i < Segments.words(segment); i++) {
      long word = offset + i * Long.BYTES;
      if (list.heap.getLongAcquire(word) == 0) {
        empty = empty == 0 ? word : empty;
      } else if (empty == 0) {
        size++;
      } else if (list.heap.getLongAcquire(empty) == 0) {
        find(word, "there is an element behind offset " + empty + ", where there is none");
        return;
      } // else others have appended since then
    }
  }

  private void checkBlock(long block, long needed) {
    segmentBytes += needed;
    try {
      if (!blocks.add(block) || list.allocator.usableSize(block) < needed) {
        find(block, "a segment is there twice, or its block is too short");
      }
    } catch (InvalidFreeException e) {
      find(block, "there is a segment and no block");
    }
  }
}
