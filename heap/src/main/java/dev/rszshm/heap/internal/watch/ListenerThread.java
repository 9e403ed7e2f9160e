package dev.rszshm.heap.internal.watch;

import dev.rszshm.heap.watch.HeapListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Calls one listener, with one report after the other, from when it is added until it is removed.
 */
final class ListenerThread extends Thread {
  /** From how long on the listener wants to know of a wait. */
  final Duration slowWait;

  /** From how long on the listener wants to know of an allocation. */
  final Duration slowAllocation;

  private final HeapListener listener;
  private final Path heap;
  private final Queue<Consumer<HeapListener>> reports = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private volatile boolean removed;
  private volatile boolean closed;

  ListenerThread(HeapListener listener, Path heap) {
    super(null, null, "rszshm-listener", 0, false);
    setDaemon(true);
    this.listener = listener;
    this.heap = heap;
    this.slowWait = listener.slowWaitThreshold();
    this.slowAllocation = listener.slowAllocationThreshold();
  }

  boolean calls(HeapListener other) {
    return listener == other;
  }

  /** Lets the listener get a report, or drops it if too many wait already. */
  void offer(Consumer<HeapListener> report) {
    if (pending.get() >= HeapListener.MAX_PENDING) {
      drop();
      return;
    }
    reports.add(report);
    pending.incrementAndGet();
    LockSupport.unpark(this);
  }

  /** Notes that a report is missing. */
  void drop() {
    dropped.incrementAndGet();
  }

  /** Ends the thread without another report. */
  void remove() {
    removed = true;
    LockSupport.unpark(this);
  }

  /** Ends the thread after the last report. */
  void close() {
    closed = true;
    LockSupport.unpark(this);
  }

  @Override
  public void run() {
    while (!removed) {
      boolean last = closed;
      Consumer<HeapListener> report = reports.poll();
      if (report != null) {
        pending.decrementAndGet();
        call(report);
        tellDropped();
      } else if (last) {
        tellDropped();
        call(to -> to.closed(heap));
        return;
      } else {
        LockSupport.park(this);
        Thread.interrupted(); // by the listener itself, for nothing
      }
    }
  }

  private void tellDropped() {
    long missing = dropped.getAndSet(0);
    if (missing > 0) {
      call(to -> to.dropped(missing));
    }
  }

  /** What the listener throws is its handler's, and does not end the thread, as in a pool. */
  private void call(Consumer<HeapListener> report) {
    try {
      report.accept(listener);
    } catch (Throwable thrown) {
      getUncaughtExceptionHandler().uncaughtException(this, thrown);
    }
  }
}
