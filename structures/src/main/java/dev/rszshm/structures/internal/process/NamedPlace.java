package dev.rszshm.structures.internal.process;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.allocator.errors.RootMismatchException;
import dev.rszshm.heap.Directory;
import dev.rszshm.heap.errors.HeapException;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * Says in what a structure differs from what is expected of its name, where the directory can only
 * tell that it has another length.
 */
public final class NamedPlace {
  private static final long USUAL_ALIGNMENT = 16;

  private NamedPlace() {}

  /**
   * Finds a place, or makes it.
   *
   * @param finding looks for it in a directory, by name and length
   * @param made tells how the structure of this type at an offset was made; changes nothing
   * @param expected how it should have been made
   */
  public static <T> T find(
      Directory directory,
      String name,
      long type,
      long alignment,
      Supplier<T> finding,
      LongFunction<Object> made,
      Object expected) {
    try {
      return finding.get();
    } catch (RootMismatchException e) {
      if (directory instanceof Allocator allocator) {
        RootEntry root = allocator.findRoot(name).orElseThrow(() -> e);
        long block = allocator.get(root.slot());
        if (root.type() == type && block > 0) {
          throw explained(e, place(block, alignment), made, expected);
        }
      }
      throw e;
    }
  }

  /**
   * Finds the place of a name, and makes nothing.
   *
   * @return where a structure of this type is, whose first word is its type; empty if there is none
   *     of this name, or nobody has finished making it
   */
  public static Optional<Long> existing(
      Allocator allocator, String name, long type, long alignment) {
    return allocator
        .findRoot(name)
        .filter(root -> root.type() == type)
        .map(root -> allocator.get(root.slot()))
        .filter(block -> block > 0)
        .map(block -> place(block, alignment))
        .filter(place -> allocator.heap().getLongAcquire(place) != 0);
  }

  private static long place(long block, long alignment) {
    return block + Math.max(0, alignment - USUAL_ALIGNMENT) & -alignment;
  }

  private static RootMismatchException explained(
      RootMismatchException mismatch, long place, LongFunction<Object> made, Object expected) {
    Object found;
    try {
      found = made.apply(place);
    } catch (HeapException | IllegalArgumentException e) {
      mismatch.addSuppressed(e);
      return mismatch;
    }
    RootMismatchException explained =
        new RootMismatchException(
            mismatch.getMessage() + ". It was made as " + found + ", expected " + expected);
    explained.initCause(mismatch);
    return explained;
  }
}
