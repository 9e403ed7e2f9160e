package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.FastMutex;
import dev.rszshm.sync.Monitor;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.RobustLock;
import dev.rszshm.sync.SharedSemaphore;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Locks, semaphores and conditions of one kind. A JVM of the benchmark uses one kind only, so the
 * compiler knows which, and the calls through these types cost nothing.
 */
abstract class SyncTarget {
  static final String MUTEX = "Mutex";
  static final String FAST_MUTEX = "FastMutex";
  static final String MONITOR = "Monitor";
  static final String SHARED_SEMAPHORE = "SharedSemaphore";

  /** Of the JVM, so for one process. */
  static final String REENTRANT_LOCK = "ReentrantLock";

  /** Of the JVM, so for one process. */
  static final String SEMAPHORE = "Semaphore";

  /** A counting semaphore, 0 at first. */
  interface Permits {
    void release();

    void acquire() throws InterruptedException;
  }

  /** Finds one of the kinds that are named here. */
  static SyncTarget of(String name, LapMember member) {
    return switch (name) {
      case MUTEX, FAST_MUTEX, MONITOR, SHARED_SEMAPHORE -> new OfHeap(name, member);
      case REENTRANT_LOCK, SEMAPHORE -> new OfJvm();
      default -> throw new IllegalArgumentException("unknown kind of lock " + name);
    };
  }

  /** The lock of that number, the same for all members. */
  abstract Lock lock(int index);

  /** The semaphore of that number, the same for all members. */
  abstract Permits permits(int index);

  /** The condition of that number of a lock. */
  abstract Condition condition(Lock lock, int index);

  private static final class OfHeap extends SyncTarget {
    private static final int LOCKS = SyncWorks.TARGET;
    private static final int SEMAPHORES = LOCKS + SyncWorks.CHASE;
    private static final int CONDITIONS = SEMAPHORES + SyncWorks.MEMBERS;

    private final String kind;
    private final LapMember member;

    OfHeap(String kind, LapMember member) {
      this.kind = kind;
      this.member = member;
    }

    @Override
    Lock lock(int index) {
      Heap heap = member.heap();
      long offset = member.lines(LOCKS + index);
      return switch (kind) {
        case MUTEX -> Mutex.at(heap, offset);
        case FAST_MUTEX -> FastMutex.at(heap, offset);
        case MONITOR -> Monitor.at(heap, offset);
        default -> throw new IllegalArgumentException(kind + " is no lock");
      };
    }

    @Override
    Permits permits(int index) {
      SharedSemaphore semaphore =
          SharedSemaphore.at(member.heap(), member.lines(SEMAPHORES + index), 0);
      return new Permits() {
        @Override
        public void release() {
          semaphore.release();
        }

        @Override
        public void acquire() throws InterruptedException {
          semaphore.acquire();
        }
      };
    }

    @Override
    Condition condition(Lock lock, int index) {
      return ((RobustLock) lock).condition(member.lines(CONDITIONS + index));
    }
  }

  private static final class OfJvm extends SyncTarget {
    @Override
    Lock lock(int index) {
      return new ReentrantLock();
    }

    @Override
    Permits permits(int index) {
      Semaphore semaphore = new Semaphore(0);
      return new Permits() {
        @Override
        public void release() {
          semaphore.release();
        }

        @Override
        public void acquire() throws InterruptedException {
          semaphore.acquire();
        }
      };
    }

    @Override
    Condition condition(Lock lock, int index) {
      return lock.newCondition();
    }
  }
}
