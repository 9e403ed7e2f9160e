package dev.rszshm.allocator.internal.chunk;

import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;

/**
 * How much room there is in empty chunks, those included that the heap can still grow by; on a full
 * file system in those that have memory.
 *
 * @param bytes of all
 * @param longest bytes of the longest run
 */
public record FreeChunks(long bytes, long longest) {
  public static FreeChunks count(Tables tables, boolean fullFileSystem) {
    long all = 0;
    long row = 0;
    long longest = 0;
    int frontier = tables.frontier();
    for (int chunk = 0; chunk < frontier; chunk++) {
      long word = tables.owner(chunk);
      boolean empty =
          OwnerWord.state(word) == OwnerWord.EMPTY && (!fullFileSystem || OwnerWord.isBacked(word));
      row = empty ? row + 1 : 0;
      all += empty ? 1 : 0;
      longest = Math.max(longest, row);
    }
    long beyond = fullFileSystem ? 0 : (long) tables.geometry.chunkCount() - frontier;
    return new FreeChunks(
        (all + beyond) << SizeClasses.CHUNK_SHIFT,
        Math.max(longest, row + beyond) << SizeClasses.CHUNK_SHIFT);
  }
}
