package dev.rszshm.allocator;

import dev.rszshm.heap.Heap;
import java.util.function.LongConsumer;

/**
 * Tells which blocks a block refers to: what a {@link LeakSearch} follows. An offset within a block
 * counts as one of its beginning; what is no block is passed over.
 */
@FunctionalInterface
public interface ReferenceTracer {
  /**
   * Tells of the references in a block.
   *
   * @param heap the heap it is in
   * @param block its offset
   * @param length its length, which may be more than was asked for; what was not written is
   *     undefined
   * @param references gets the offset of each block that it refers to
   */
  void trace(Heap heap, long block, long length, LongConsumer references);

  /**
   * Returns the tracer that needs to know nothing: every aligned word that could be a reference is
   * one. It knows offsets, slots of the allocator, what the structures of this project keep, and
   * addresses at which the heap lies. So it finds no block that is referred to in one of these
   * ways; but a number that happens to look like a reference hides a leak.
   */
  static ReferenceTracer anyWord() {
    return (heap, block, length, references) -> {
      long end = block + length - (Long.BYTES - 1);
      for (long at = block; at < end; at += Long.BYTES) {
        long word = heap.getLong(at);
        if (word != 0) {
          references.accept(word);
          references.accept(word >>> 24 << 4); // a slot, and a reference with a count
          references.accept(word - heap.address());
        }
      }
    };
  }

  /** Returns the tracer of blocks with references, as offsets, at known places. */
  static ReferenceTracer offsetsAt(long... places) {
    long[] known = places.clone();
    return (heap, block, length, references) -> {
      for (long place : known) {
        if (place >= 0 && place <= length - Long.BYTES) {
          references.accept(heap.getLong(block + place));
        }
      }
    };
  }

  /** Returns the tracer of blocks with slots, as {@link Allocator#get} reads, at known places. */
  static ReferenceTracer slotsAt(Allocator allocator, long... places) {
    long[] known = places.clone();
    return (heap, block, length, references) -> {
      for (long place : known) {
        if (place >= 0 && place <= length - Long.BYTES) {
          references.accept(allocator.get(block + place));
        }
      }
    };
  }
}
