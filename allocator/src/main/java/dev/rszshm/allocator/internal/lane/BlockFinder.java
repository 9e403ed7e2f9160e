package dev.rszshm.allocator.internal.lane;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;

/** Finds the block that an offset names, and changes nothing. */
public final class BlockFinder {
  private final Tables tables;
  private final Heap heap;
  private final AllocatorGeometry geometry;
  private int knownFrontier;

  public BlockFinder(Tables tables) {
    this.tables = tables;
    this.heap = tables.heap;
    this.geometry = tables.geometry;
  }

  int indexOf(long offset, long chunk, long word) {
    tables.requireWithin(chunk, OwnerWord.chunks(word), word);
    int sizeClass = OwnerWord.sizeClass(word);
    return SizeClasses.index(offset - geometry.chunkOffset(chunk), sizeClass);
  }

  /** The chunk in which an offset lies. */
  int chunkOf(long offset) {
    long distance = offset - geometry.chunks();
    long chunk = distance >> SizeClasses.CHUNK_SHIFT;
    if (chunk < 0 || chunk >= knownFrontier) {
      knownFrontier = tables.frontier();
    }
    if (chunk < 0 || chunk >= knownFrontier || (offset & SizeClasses.GRANULE - 1) != 0) {
      heap.requireOpen(); // or what was read is nothing
      throw new InvalidFreeException(
          "offset "
              + offset
              + " is not a block: blocks begin at multiples of 16 from "
              + geometry.chunks()
              + " to "
              + geometry.chunkOffset(knownFrontier));
    }
    return (int) chunk;
  }

  /** The first chunk of the slab or run in which an offset lies. */
  public int firstChunkOf(long offset) {
    int chunk = chunkOf(offset);
    long word = tables.owner(chunk);
    int first = firstOf(chunk, word);
    if (first < 0) {
      throw notInUse(offset);
    }
    return first;
  }

  /** The first chunk of those that a chunk with this word belongs to; -1 if there is none. */
  int firstOf(int chunk, long word) {
    if (OwnerWord.state(word) != OwnerWord.BODY) {
      return chunk;
    }
    long distance = OwnerWord.aux(word);
    boolean belongs =
        distance > 0
            && distance <= chunk
            && OwnerWord.chunks(tables.owner(chunk - distance)) > distance;
    return belongs ? chunk - (int) distance : -1;
  }

  /**
   * Length of a block in use.
   *
   * @throws InvalidFreeException if there is none
   */
  public long usableSize(long offset) {
    int chunk = firstChunkOf(offset);
    long word = tables.owner(chunk);
    if (OwnerWord.state(word) == OwnerWord.LARGE && offset == geometry.chunkOffset(chunk)) {
      tables.requireWithin(chunk, OwnerWord.aux(word), word);
      return OwnerWord.aux(word) << SizeClasses.CHUNK_SHIFT;
    }
    if (!OwnerWord.isSlab(word)) {
      throw notInUse(offset);
    }
    int index = indexOf(offset, chunk, word);
    if (index < 0) {
      throw interior(offset);
    }
    long bit = 1L << index;
    if ((heap.getLongAcquire(tables.local(chunk, index >>> 6)) & bit) == 0
        || (heap.getLongAcquire(tables.remote(chunk, index >>> 6)) & bit) != 0) {
      throw notInUse(offset);
    }
    return SizeClasses.size(OwnerWord.sizeClass(word));
  }

  InvalidFreeException interior(long offset) {
    heap.requireOpen(); // or what was read is nothing
    return new InvalidFreeException(
        "offset "
            + offset
            + " lies inside a block, or behind the last one of a slab: pass the offset at which"
            + " the block begins");
  }

  InvalidFreeException notInUse(long offset) {
    heap.requireOpen(); // or what was read is nothing
    return new InvalidFreeException(
        "offset " + offset + " is not a block in use: it was freed before, or never allocated");
  }
}
