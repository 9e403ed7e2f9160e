package dev.rszshm.structures.pool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/*
 * The threads that complete futures for which nobody waits, and with them run what depends on those futures: code of the caller,
 * which may take its time, or wait for a future that is completed here as well.
 *
 * Layout
 * ------
 * Objects of this process only: who leads, and since when it has been in the caller's code.
 *
 * Protocol
 * --------
 * One thread leads: it alone looks at all tasks. 1 before it completes a future it notes the time, and after that, that it is back.
 * 2 A look by the clock of the JVM, which is asked for at 1 unless one is to come already, finds it in the same code after
 * HELD_UP_MILLIS: then another thread leads. 3 A thread that is about to wait for something of the pool in such code hands
 * over at once. 4 Who comes back and does not lead any more ends.
 * At 1 the time is noted before the look is asked for, and the look says that it is over before it looks at the time: one of both
 * sees the other.
 *
 * If a process dies here
 * ----------------------
 * Nothing is left. If a thread cannot be started, the one that leads goes on; the next look tries again.
 */

/** The threads that complete the futures of a pool: one, and another if that is held up. */
final class ResultThreads {
  /** So many may be in the caller's code at once; as many as a common ForkJoinPool adds. */
  static final int MAX_THREADS = 256;

  private static final int HELD_UP_MILLIS = 20;
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(HELD_UP_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);

  private final String name;
  private final Body body;
  private final AtomicBoolean lookIsToCome = new AtomicBoolean();

  private volatile @Nullable Lead lead;

  /** Changed in the monitor of this object. */
  private int threads;

  /** What the thread that leads does, until it leads no more. */
  interface Body {
    void run(Lead lead);
  }

  ResultThreads(String name, Body body) {
    this.name = name;
    this.body = body;
  }

  /** One thread, as long as it leads. */
  final class Lead {
    private final Thread thread;

    /** When it went into the caller's code; 0: it is not there. */
    private volatile long since;

    private Lead() {
      thread = new Thread(this::run, name);
      thread.setDaemon(true);
    }

    /** Whether this thread is still the one to look at tasks. */
    boolean isLeading() {
      return lead == this;
    }

    private void run() {
      try {
        body.run(this);
      } finally {
        resign(this);
      }
    }
  }

  private synchronized void resign(Lead ended) {
    threads--;
    if (lead == ended) {
      lead = null;
    }
  }

  /** Makes sure that a thread leads. */
  void start() {
    if (lead == null) {
      startFirst();
    }
  }

  private synchronized void startFirst() {
    if (lead == null) {
      startOther();
    }
  }

  private void startOther() {
    Lead next = new Lead();
    Lead before = lead;
    boolean started = false;
    threads++;
    lead = next;
    try {
      next.thread.start();
      started = true;
    } finally {
      if (!started) {
        threads--;
        lead = before;
      }
    }
  }

  /** Returns the lead of the current thread; null if it does not lead. */
  private @Nullable Lead own() {
    Lead now = lead;
    return now != null && now.thread == Thread.currentThread() ? now : null;
  }

  /** Completes a future: runs what depends on it. */
  void complete(Runnable completion) {
    Lead own = own();
    if (own == null) {
      completion.run();
      return;
    }
    long outer = own.since;
    own.since = System.nanoTime() | 1;
    lookLater();
    try {
      completion.run();
    } finally {
      own.since = outer;
    }
  }

  private void lookLater() {
    if (!lookIsToCome.get() && lookIsToCome.compareAndSet(false, true)) {
      LATER.execute(this::look);
    }
  }

  private void look() {
    lookIsToCome.set(false);
    Lead now = lead;
    long since = now == null ? 0 : now.since;
    if (now == null || since == 0) {
      return;
    }
    try {
      if (System.nanoTime() - since >= TimeUnit.MILLISECONDS.toNanos(HELD_UP_MILLIS)) {
        replace(now);
      }
    } finally {
      lookLater();
    }
  }

  /** Lets another thread lead in the place of one; false if there are too many. */
  private synchronized boolean replace(Lead heldUp) {
    if (lead != heldUp) {
      return true;
    }
    if (threads >= MAX_THREADS) {
      return false;
    }
    startOther();
    return true;
  }

  /**
   * Lets another thread lead if the current one does: it is about to wait.
   *
   * @throws IllegalStateException if too many are waiting already
   */
  void handOver() {
    Lead own = own();
    if (own != null && !replace(own)) {
      throw new IllegalStateException(
          MAX_THREADS
              + " threads wait in what depends on futures of this pool: do not wait there, or only"
              + " in a thread of yours (thenApplyAsync)");
    }
  }

  /** Waits until the thread that leads has ended, unless it is the current one. */
  void join(long millis) throws InterruptedException {
    Lead now = lead;
    if (now != null && now.thread != Thread.currentThread()) {
      now.thread.join(millis);
    }
  }
}
