package dev.rszshm.allocator;

/**
 * How much room there is in empty chunks, those included that the heap can still grow by.
 *
 * @param bytes of all
 * @param longest bytes of the longest run
 */
record FreeChunks(long bytes, long longest) {
  static FreeChunks count(Tables tables) {
    long all = 0;
    long row = 0;
    long longest = 0;
    int frontier = tables.frontier();
    for (int chunk = 0; chunk < frontier; chunk++) {
      boolean empty = OwnerWord.state(tables.owner(chunk)) == OwnerWord.EMPTY;
      row = empty ? row + 1 : 0;
      all += empty ? 1 : 0;
      longest = Math.max(longest, row);
    }
    long beyond = (long) tables.at.chunkCount() - frontier;
    return new FreeChunks(
        (all + beyond) << SizeClasses.CHUNK_SHIFT,
        Math.max(longest, row + beyond) << SizeClasses.CHUNK_SHIFT);
  }
}
