package dev.rszshm.structures.internal.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.internal.Spinning;
import dev.rszshm.sync.internal.WaitPoint;
import java.util.function.BooleanSupplier;

/**
 * Where a thread of a client sleeps until its task is over. Each task has an event count of its
 * own, but all waits of a client learn together how long to look before they sleep.
 */
final class TaskPoint implements WaitPoint {
  private final EventCount over;
  private final BooleanSupplier isOver;
  private final Spinning spinning;
  private int key;
  private boolean woken;

  /**
   * A point for one wait.
   *
   * @param isOver what the wait looks at; true for good when it is true once, but for a while
   */
  TaskPoint(EventCount over, BooleanSupplier isOver, Spinning spinning) {
    this.over = over;
    this.isOver = isOver;
    this.spinning = spinning;
  }

  @Override
  public Heap heap() {
    return over.heap();
  }

  @Override
  public long offset() {
    return over.offset();
  }

  @Override
  public boolean spin(BooleanSupplier look) {
    return spinning.until(look);
  }

  /**
   * Announces a sleep, unless there will be none: a sign without a sleeper costs the worker that
   * ends the next task of the slot a system call. If the task is under way after all, the key is an
   * old one, and the next sleep ends at once.
   */
  @Override
  public void prepare() {
    if (!woken || !isOver.getAsBoolean()) {
      key = over.prepare();
    }
  }

  @Override
  public boolean sleep(long nanos) {
    boolean sliceIsOver = spinning.sleepWhile(over.offset(), key, nanos);
    woken = !sliceIsOver;
    return sliceIsOver;
  }

  @Override
  public void passOn() {
    over.signalOne();
  }
}
