package dev.rszshm.allocator.internal.ownership;

import dev.rszshm.heap.errors.HeapException;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;

/**
 * Looks every now and then for lanes whose threads have ended, in a process that does nothing else:
 * others may need them. It does what any thread of the process does that takes a lane, so that
 * nothing is new if it dies with its process at any point. It ends when the allocator is closed or
 * forgotten.
 */
final class LaneKeeper implements Runnable {
  static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final WeakReference<Lanes> lanes;

  private LaneKeeper(Lanes lanes) {
    this.lanes = new WeakReference<>(lanes);
  }

  static Thread start(Lanes lanes) {
    Thread thread = new Thread(null, new LaneKeeper(lanes), "rszshm-lanes", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    return thread;
  }

  @Override
  public void run() {
    try {
      do {
        TimeUnit.NANOSECONDS.sleep(PERIOD_NANOS);
      } while (keep());
    } catch (InterruptedException closed) {
      // The allocator was closed.
    } catch (IllegalStateException | HeapException told) {
      // The heap was closed in the midst of it, or is damaged: who uses it is told the same.
    }
  }

  /** Goes on where the JVM has run out of memory for a moment: others were told of that. */
  private boolean keep() {
    try {
      Lanes present = lanes.get();
      return present != null && present.keep();
    } catch (OutOfMemoryError forNow) {
      return true;
    }
  }
}
