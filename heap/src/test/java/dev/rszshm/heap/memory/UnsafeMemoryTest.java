package dev.rszshm.heap.memory;

class UnsafeMemoryTest extends MemoryContract {
  @Override
  Memory memory() {
    return new UnsafeMemory();
  }
}
