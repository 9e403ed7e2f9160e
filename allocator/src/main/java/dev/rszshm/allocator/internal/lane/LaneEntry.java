package dev.rszshm.allocator.internal.lane;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.allocator.errors.NotASlotException;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.heap.Heap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who is in a lane: its own thread, or one of those that share it. Private to the process.
 *
 * <p>Each operation begins and ends in a lane. One that is cut short by a throwable has not ended:
 * the lane is of no more use then, and is recovered like one of the dead.
 */
abstract sealed class LaneEntry permits Lane {
  /** How often a thread that waits for a shared lane asks whether its owner has ended. */
  private static final long SLICE_MILLIS = 20;

  /** Null if threads share it, which then hold its lock. */
  public final @Nullable Thread thread;

  final Heap heap;
  private final Lock lock = new Lock();

  /** Whether an operation has begun and not ended. */
  public boolean entered;

  /** The lane's own thread while no operation is under way; null otherwise, and if it is shared. */
  public @Nullable Thread idle;

  /** Whether code of the caller runs in the midst of an operation that the record describes. */
  public boolean operating;

  private @Nullable Thread operator;

  /**
   * Whether an operation was cut short by a throwable: the lane is of no more use, and its memory
   * is what a death would have left. Others may look, who then see all that the operation has done.
   */
  public volatile boolean cutShort;

  LaneEntry(Heap heap, @Nullable Thread thread) {
    this.heap = heap;
    this.thread = thread;
    this.idle = thread;
  }

  /** A lock that says who holds it. */
  private static final class Lock extends ReentrantLock {
    private static final long serialVersionUID = 1;

    boolean isLeftBehind() {
      Thread owner = getOwner();
      return owner != null && !owner.isAlive();
    }
  }

  /** Begins an operation, in the lane's own thread; false if one has not ended. */
  public boolean begin() {
    if (entered) {
      return false;
    }
    entered = true;
    idle = null;
    return true;
  }

  /** As {@link #begin}, of threads that share the lane, when the others have left it. */
  public boolean beginShared() {
    if (!lock.tryLock() && !lockSlowly()) {
      return false;
    }
    if (!cutShort && begin()) {
      return true;
    }
    boolean within = lock.getHoldCount() > 1;
    lock.unlock();
    if (within && !cutShort) {
      throw within();
    }
    return false;
  }

  /** The refusal of an operation in the midst of another. */
  public IllegalStateException within() {
    return new IllegalStateException(
        heap.path()
            + ": the allocator was called by code that it calls in the middle of an operation,"
            + " such as a growth policy: call it before or after that");
  }

  /** Whether nobody is in the lane, which was cut short. Its own thread has gone then. */
  public boolean isDeserted() {
    if (operating || thread != null || lock.isHeldByCurrentThread()) {
      return !operating && thread != null;
    }
    if (lock.tryLock()) {
      lock.unlock();
      return true;
    }
    return lock.isLeftBehind();
  }

  /** Waits for the lane, whether the thread is interrupted or not; false if it is never left. */
  private boolean lockSlowly() {
    boolean interrupted = false;
    try {
      while (!cutShort && !lock.isLeftBehind()) {
        try {
          if (lock.tryLock(SLICE_MILLIS, TimeUnit.MILLISECONDS)) {
            return true;
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Notes that an operation has ended, well or with nothing changed. */
  public void done() {
    entered = false;
    idle = thread;
  }

  /** Notes what an exception means for the lane that is thrown out of it. */
  public RuntimeException refused(RuntimeException e) {
    if (!heap.isOpen() && !(e instanceof IllegalStateException)) {
      // It had been closed when this looked at it: what was found there means nothing.
      return new IllegalStateException(
          heap.path() + " is closed in this process: attach it again", e);
    }
    if (e instanceof InvalidFreeException
        || e instanceof OutOfHeapMemoryException
        || e instanceof NotASlotException) {
      done();
    }
    return e;
  }

  /** Lets go of a lane that threads share. */
  public void leave() {
    if (thread == null) {
      unlock();
    }
  }

  private void unlock() {
    if (lock.isHeldByCurrentThread()) {
      lock.unlock();
    }
  }

  /** Lets code of the caller run: others may use the lane meanwhile, but for its record. */
  public void beginOperation() {
    operating = true;
    operator = Thread.currentThread();
    done();
    leave();
  }

  /** Goes on with the operation after that; false if the lane was cut short meanwhile. */
  public boolean endOperation() {
    boolean mine = thread != null ? begin() : beginShared();
    operating = false;
    operator = null;
    cutShort |= !mine;
    return mine;
  }

  public IllegalStateException lostOperation() {
    return new IllegalStateException(
        heap.path()
            + ": while a block was being filled, another operation of this thread, or of one"
            + " that shares its lane, was aborted by an error. The block has been freed");
  }

  /** Whether the current thread's code runs in the midst of an operation. */
  public boolean isFilledByMe() {
    return operator == Thread.currentThread();
  }

  public boolean isOperating() {
    return operating;
  }

  public void requireNoOperation() {
    if (operating) {
      done();
      throw new IllegalStateException(
          "a block is being filled: allocate into other slots, free from them or move between them"
              + " before or after that");
    }
  }
}
