package dev.rszshm.sync;

import dev.rszshm.heap.Heap;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class WriteLockTest extends LockDeathContract {
  @Override
  RobustLock at(Heap heap, long offset) {
    return SharedReadWriteLock.at(heap, offset).writeLock();
  }
}
