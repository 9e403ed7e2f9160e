package dev.rszshm.cli;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.NotAnAllocatorException;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapInfo;
import dev.rszshm.heap.Participant;
import java.nio.file.Path;
import java.util.List;

/** What commands ask of a heap before they change it. */
final class Heaps {
  private Heaps() {}

  /** Returns who has a heap attached for writing, and lives. */
  static List<Participant> living(HeapInfo heap) {
    return heap.participants().stream().filter(Participant::alive).toList();
  }

  /**
   * Looks whether a heap has an allocator, through an attachment for reading: the command must not
   * set one up in a heap with nothing in it yet.
   *
   * @throws CommandException if it has none
   */
  static void requireAllocator(Path file) {
    try (Heap heap = Opening.forReading(file)) {
      allocator(heap).close();
    }
  }

  /**
   * Returns the allocator of a heap that is attached for reading.
   *
   * @throws CommandException if it has none
   * @throws NotAnAllocatorException if it has one that is damaged, or is a plain file
   */
  static Allocator allocator(Heap heap) {
    try {
      return Allocator.on(heap);
    } catch (NotAnAllocatorException e) {
      if (heap.isPlain() || Allocator.isPresent(heap)) {
        throw e;
      }
      throw CommandException.failed(
          e.kind(),
          heap.path()
              + ": there is no allocator. The content is a program's own, and nothing in it has a"
              + " name: rszshm info and rszshm map show what is known of it");
    }
  }
}
