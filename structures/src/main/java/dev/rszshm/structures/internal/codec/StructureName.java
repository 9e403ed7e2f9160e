package dev.rszshm.structures.internal.codec;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import org.jspecify.annotations.Nullable;

/**
 * What messages call a structure: its kind, its name if it has one, and where it is.
 *
 * @param kind such as "queue"
 * @param allocator knows the names of roots; null if it is not known
 */
public record StructureName(String kind, Heap heap, long offset, @Nullable Allocator allocator) {
  /** Looks for the root that the structure is in, when somebody asks. */
  @Override
  public String toString() {
    return "the " + kind + name() + " at offset " + offset + " of " + heap.path();
  }

  private String name() {
    if (allocator == null) {
      return "";
    }
    try {
      for (RootEntry root : allocator.roots()) {
        long block = allocator.get(root.slot());
        if (block > 0 && block <= offset && offset - block < root.size()) {
          return " \"" + root.name() + "\"";
        }
      }
    } catch (HeapException | IllegalStateException e) {
      return ""; // what the message is about is more important
    }
    return "";
  }
}
