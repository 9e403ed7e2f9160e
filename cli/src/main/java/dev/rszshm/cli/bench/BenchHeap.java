package dev.rszshm.cli.bench;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;

/** A heap in memory, which is gone when it is closed. */
final class BenchHeap implements AutoCloseable {
  private static final long SPAN = 1L << 30;

  final Heap heap;
  final Allocator allocator;

  BenchHeap() {
    this.heap = Heap.builder().name("rszshm bench").span(SPAN).createAnonymous();
    this.allocator = Allocator.on(heap);
  }

  @Override
  public void close() {
    allocator.close();
    heap.close();
  }
}
