package dev.rszshm.allocator.internal.check;

import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;

/**
 * Walks over all blocks in use. If others allocate and free meanwhile, it meets those of slightly
 * different times.
 */
public final class AllocatedBlocks {
  /** Gets the blocks. */
  @FunctionalInterface
  public interface Visitor {
    /** Gets one; the length is that of its size class, or of its chunks. */
    void visit(long offset, long length);
  }

  private AllocatedBlocks() {}

  /** Walks in the order of offsets. What is damaged is passed over: the check tells of it. */
  public static void forEach(Tables tables, Visitor visitor) {
    int frontier = tables.frontier();
    for (int chunk = 0; chunk < frontier; chunk++) {
      long word = tables.owner(chunk);
      long chunks = Math.max(1, OwnerWord.chunks(word));
      if (chunk + chunks > frontier) {
        continue;
      }
      if (OwnerWord.state(word) == OwnerWord.LARGE) {
        visitor.visit(tables.geometry.chunkOffset(chunk), chunks << SizeClasses.CHUNK_SHIFT);
      } else if (OwnerWord.isSlab(word) && OwnerWord.sizeClass(word) < SizeClasses.COUNT) {
        visitSlab(tables, chunk, OwnerWord.sizeClass(word), visitor);
      }
    }
  }

  private static void visitSlab(Tables tables, int chunk, int sizeClass, Visitor visitor) {
    long size = SizeClasses.size(sizeClass);
    long first = tables.geometry.chunkOffset(chunk);
    for (int i = 0; i < Tables.words(sizeClass); i++) {
      long local = tables.heap.getLongAcquire(tables.local(chunk, i));
      long remote = tables.heap.getLongAcquire(tables.remote(chunk, i));
      for (long bits = local & ~remote & Tables.mask(sizeClass, i); bits != 0; bits &= bits - 1) {
        long index = (long) i * Long.SIZE + Long.numberOfTrailingZeros(bits);
        visitor.visit(first + index * size, size);
      }
    }
  }
}
