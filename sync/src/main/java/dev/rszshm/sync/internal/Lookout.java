package dev.rszshm.sync.internal;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;

/*
 * Layout
 * ------
 * Nothing in shared memory: those threads that wait with one handle, in the order in which they came.
 *
 * Protocol
 * --------
 * join: 1 become the last.
 * sleep: 2 say that one does not watch; 3 the last one is another: sleep for as long as one likes; it is this
 *    one: say that one watches, and sleep for an interval at most.
 * leave: 4 leave; 5 the last one does not say that it watches: signal it.
 * 2 comes before 3, and 4 before 5: of one who goes to sleep and one who leaves behind it, the first finds
 * that it is the last, or the second that it does not watch. A signal is not lost, whenever it comes: that
 * is up to whoever is signalled.
 * In a line the last one leaves last, so a signal is needed only if one gives up.
 *
 * If a process dies here
 * ----------------------
 * Nothing is left. Each process that waits has somebody who watches.
 */

/**
 * Lets one of the threads that wait with a handle look every 50 ms for what nobody announces, so
 * that the others can sleep on.
 */
public final class Lookout {
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final ConcurrentLinkedDeque<Waiter> waiters = new ConcurrentLinkedDeque<>();

  /** One thread that waits. */
  public abstract class Waiter {
    private volatile boolean watches;

    /** Lets the thread look again, even if it is not asleep yet. Another thread calls it. */
    protected abstract void signal();

    /** Waits from now on. */
    public final void join() {
      waiters.addLast(this);
    }

    /** Returns how long this thread may sleep now, which would sleep for so long. */
    public final long limit(long nanos) {
      watches = false;
      watches = waiters.peekLast() == this;
      return watches ? Math.min(nanos, INTERVAL_NANOS) : nanos;
    }

    /** Waits no longer. */
    public final void leave() {
      waiters.remove(this);
      Waiter last = waiters.peekLast();
      if (last != null && !last.watches) {
        last.signal();
      }
    }
  }
}
