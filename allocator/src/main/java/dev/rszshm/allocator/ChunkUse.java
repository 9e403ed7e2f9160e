package dev.rszshm.allocator;

import dev.rszshm.allocator.internal.table.LaneLayout;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What some chunks that belong together are used for, as it was when they were looked at.
 *
 * @param offset the offset of the first
 * @param length the length of all of them in bytes
 * @param state what they are
 * @param blockSize bytes of each block in them, for a slab or a long block
 * @param used number of blocks in use
 * @param capacity number of blocks they have room for
 * @param owner the slot of the participant that allocates from them, or is at work on them; empty
 *     if that is nobody
 */
public record ChunkUse(
    long offset,
    long length,
    State state,
    long blockSize,
    int used,
    int capacity,
    OptionalInt owner) {

  /** What chunks are. */
  public enum State {
    /** Nothing is in them. */
    EMPTY,
    /** Nothing is in them, and they have no memory. */
    DISCARDED,
    /** Blocks of one size. */
    SLAB,
    /** One block that is longer than those in slabs. */
    LARGE,
    /** A thread is allocating or freeing them; or the words about them are damaged. */
    CHANGING
  }

  /** Bytes of a chunk. */
  public static final int CHUNK_LENGTH = SizeClasses.CHUNK;

  static void forEach(Tables tables, Consumer<ChunkUse> action) {
    int frontier = tables.frontier();
    for (int chunk = 0; chunk < frontier; ) {
      ChunkUse use = of(tables, chunk, frontier);
      action.accept(use);
      chunk += (int) (use.length >>> SizeClasses.CHUNK_SHIFT);
    }
  }

  private static ChunkUse of(Tables tables, int chunk, int frontier) {
    long word = tables.owner(chunk);
    return switch (OwnerWord.state(word)) {
      case OwnerWord.EMPTY ->
          simple(tables, chunk, 1, OwnerWord.isBacked(word) ? State.EMPTY : State.DISCARDED, word);
      case OwnerWord.ACTIVE, OwnerWord.FULL, OwnerWord.PARTIAL ->
          slab(tables, chunk, word, frontier);
      case OwnerWord.LARGE -> {
        long chunks = Math.max(1, Math.min(OwnerWord.aux(word), frontier - chunk));
        long bytes = chunks << SizeClasses.CHUNK_SHIFT;
        yield new ChunkUse(
            tables.geometry.chunkOffset(chunk),
            bytes,
            State.LARGE,
            bytes,
            1,
            1,
            OptionalInt.empty());
      }
      default -> simple(tables, chunk, 1, State.CHANGING, word);
    };
  }

  private static ChunkUse simple(Tables tables, int chunk, long chunks, State state, long word) {
    return new ChunkUse(
        tables.geometry.chunkOffset(chunk),
        chunks << SizeClasses.CHUNK_SHIFT,
        state,
        0,
        0,
        0,
        state == State.CHANGING ? owner(tables, word) : OptionalInt.empty());
  }

  private static ChunkUse slab(Tables tables, int chunk, long word, int frontier) {
    int sizeClass = OwnerWord.sizeClass(word);
    if (sizeClass >= SizeClasses.COUNT) {
      return simple(tables, chunk, 1, State.CHANGING, word); // damaged: check() says so
    }
    int used = 0;
    for (int i = 0; i < Tables.words(sizeClass); i++) {
      long local = tables.heap.getLongAcquire(tables.local(chunk, i));
      long remote = tables.heap.getLongAcquire(tables.remote(chunk, i));
      used += Long.bitCount(local & ~remote & Tables.mask(sizeClass, i));
    }
    long chunks = Math.max(1, Math.min(SizeClasses.chunks(sizeClass), frontier - chunk));
    return new ChunkUse(
        tables.geometry.chunkOffset(chunk),
        chunks << SizeClasses.CHUNK_SHIFT,
        State.SLAB,
        SizeClasses.size(sizeClass),
        used,
        SizeClasses.blocks(sizeClass),
        OwnerWord.state(word) == OwnerWord.ACTIVE ? owner(tables, word) : OptionalInt.empty());
  }

  private static OptionalInt owner(Tables tables, long word) {
    int lane = OwnerWord.lane(word);
    if (lane < 1 || lane > tables.laneFrontier()) {
      return OptionalInt.empty();
    }
    long owner = tables.heap.getLongAcquire(tables.geometry.laneOffset(lane) + LaneLayout.WORD);
    return LaneLayout.state(owner) == LaneLayout.FREE
        ? OptionalInt.empty()
        : OptionalInt.of(LaneLayout.participant(owner));
  }
}
