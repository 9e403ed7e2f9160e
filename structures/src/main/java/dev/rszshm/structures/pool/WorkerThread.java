package dev.rszshm.structures.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.pool.PoolTables;

/** A thread of a worker: it runs tasks of one pool, and must not wait for others of them. */
final class WorkerThread extends Thread {
  private final PoolTables tables;

  WorkerThread(PoolTables tables, Runnable body, String name) {
    super(body, name);
    this.tables = tables;
  }

  /** Returns whether the current thread runs tasks of a pool, whoever has opened that. */
  static boolean isOf(PoolTables pool) {
    return Thread.currentThread() instanceof WorkerThread
        && ((WorkerThread) Thread.currentThread()).runs(pool);
  }

  private boolean runs(PoolTables pool) {
    Heap own = tables.allocator().heap();
    Heap other = pool.allocator().heap();
    return tables.offset() == pool.offset() && own.id().equals(other.id());
  }
}
