package dev.rszshm.heap.internal.os;

import java.util.concurrent.Callable;

/**
 * Work that an interrupt from before, or one that comes meanwhile, must not end half-way: reading a
 * file through a channel of the JDK closes the channel, and a class whose initializer does so is
 * unusable from then on. The interrupt is noted and set again afterwards.
 */
public final class Uninterrupted {
  private Uninterrupted() {}

  /** Runs an action with the interrupt of the current thread put aside. */
  public static <T> T call(Callable<T> action) throws Exception {
    boolean interrupted = Thread.interrupted();
    try {
      return action.call();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
