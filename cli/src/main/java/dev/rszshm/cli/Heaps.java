package dev.rszshm.cli;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import java.nio.file.Path;

/** What commands ask of a heap before they change it. */
final class Heaps {
  private Heaps() {}

  /**
   * Looks whether a heap has an allocator, through an attachment for reading: the command must not
   * set one up in a heap with nothing in it yet.
   *
   * @throws dev.rszshm.allocator.errors.NotAnAllocatorException if it has none
   */
  static void requireAllocator(Path file) {
    try (Heap heap = Opening.forReading(file)) {
      Allocator.on(heap).close();
    }
  }
}
