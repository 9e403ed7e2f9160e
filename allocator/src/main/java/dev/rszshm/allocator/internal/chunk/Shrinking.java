package dev.rszshm.allocator.internal.chunk;

import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.AllocatorLayout;
import dev.rszshm.allocator.internal.table.HintLayout;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.heap.Region;
import dev.rszshm.heap.errors.DamagedHeapException;

/*
 * Lets the chunks at the end go that are empty, when nobody uses the allocator.
 *
 * Protocol
 * --------
 * 1 find the last chunk that is not EMPTY; let those behind it be without memory, and clear all hints of them;
 * 2 lower the number of chunks; then the heap is made shorter (HeapShrinking).
 * The owner words of chunks that are gone stay EMPTY, with their generations, as a growth expects.
 *
 * If a process dies here
 * ----------------------
 * In 1 chunks have memory that say they have none, which is right for empty chunks, and hints are missing,
 * but before it grows the next one looks at every chunk. After 2 the heap is longer than
 * its chunks say, which the next growth uses.
 */
public final class Shrinking {
  private static final int GROUP = 1 << HintLayout.GROUP_SHIFT;

  private Shrinking() {}

  /** Returns the end of the last chunk. */
  public static long cut(Region file, long dataOffset, long span) {
    AllocatorGeometry geometry = AllocatorGeometry.of(dataOffset, span);
    long word = dataOffset + AllocatorLayout.FRONTIER;
    long chunks = file.getLongAcquire(word);
    if (chunks < 0
        || chunks > geometry.chunkCount()
        || geometry.chunkOffset(chunks) > file.length()) {
      throw new DamagedHeapException(
          "the allocator says that it has "
              + chunks
              + " chunks, for which the file has no room: check the heap");
    }
    long before = chunks;
    while (chunks > 0 && isEmpty(file, geometry.ownerOffset(chunks - 1))) {
      chunks--;
    }
    clearHints(file, geometry, chunks, before);
    file.putLongRelease(word, chunks);
    return geometry.chunkOffset(chunks);
  }

  /** Whether a chunk is empty, which says from now on that it has no memory. */
  private static boolean isEmpty(Region file, long owner) {
    long word = file.getLongAcquire(owner);
    if (OwnerWord.state(word) != OwnerWord.EMPTY) {
      return false;
    }
    if (OwnerWord.isBacked(word)) {
      file.putLongRelease(owner, OwnerWord.emptyAgain(word, 0));
    }
    return true;
  }

  private static void clearHints(Region file, AllocatorGeometry geometry, long from, long to) {
    long group = from >>> HintLayout.GROUP_SHIFT;
    long groups = (to + GROUP - 1) >>> HintLayout.GROUP_SHIFT;
    long stay = (1L << from) - 1; // of the first group
    for (; group < groups; group++, stay = 0) {
      for (int kind = 0; kind < HintLayout.KINDS; kind++) {
        clear(file, geometry.groupOffset(group, kind), stay);
        if (stay == 0) {
          int word = (int) (group >>> HintLayout.GROUP_SHIFT);
          clear(file, geometry.summaryOffset(kind, word), ~(1L << group));
        }
      }
    }
  }

  private static void clear(Region file, long word, long stay) {
    long bits = file.getLongAcquire(word);
    if ((bits & ~stay) != 0) {
      file.putLongRelease(word, bits & stay);
    }
  }
}
