package dev.rszshm.heap.internal.memory;

import dev.rszshm.heap.spi.Memory;

class UnsafeMemoryTest extends MemoryContract {
  @Override
  Memory memory() {
    return new UnsafeMemory();
  }
}
