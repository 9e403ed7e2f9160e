package dev.rszshm.tests.sync;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.FairMutex;
import dev.rszshm.sync.FastMutex;
import dev.rszshm.sync.Monitor;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.RobustLock;
import dev.rszshm.sync.SharedReadWriteLock;

/** The kinds of robust locks, each with a place of its own in a heap. */
enum LockKind {
  MUTEX,
  FAST_MUTEX,
  FAIR_MUTEX,
  MONITOR,
  WRITE_LOCK;

  /** Enough for each place. */
  static final int LENGTH = 16384;

  /** Where a place has room for what the lock protects. */
  static final int PROTECTED = 12288;

  static long end(Heap heap) {
    return heap.dataOffset() + (long) values().length * LENGTH;
  }

  @SuppressWarnings("EnumOrdinal") // nothing is kept: each run has a heap of its own
  long offset(Heap heap) {
    return heap.dataOffset() + (long) ordinal() * LENGTH;
  }

  RobustLock at(Heap heap) {
    long offset = offset(heap);
    return switch (this) {
      case MUTEX -> Mutex.at(heap, offset);
      case FAST_MUTEX -> FastMutex.at(heap, offset);
      case FAIR_MUTEX -> FairMutex.at(heap, offset);
      case MONITOR -> Monitor.at(heap, offset);
      case WRITE_LOCK -> readWriteLock(heap).writeLock();
    };
  }

  static SharedReadWriteLock readWriteLock(Heap heap) {
    return SharedReadWriteLock.at(heap, WRITE_LOCK.offset(heap));
  }
}
