package dev.rszshm.heap.internal.passing;

import dev.rszshm.heap.internal.os.VirtualThreads;
import dev.rszshm.heap.internal.wait.Nanos;
import dev.rszshm.heap.spi.DescriptorCalls;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One wait for a socket, until a time that is settled when it begins. It looks every 20 ms whether
 * the thread is interrupted or the channel was closed, neither of which ends a system call. A
 * virtual thread gives its carrier away, and looks every millisecond.
 */
public final class SocketWait {
  private static final int SLICE_MILLIS = 20;
  private static final long VIRTUAL_SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final DescriptorCalls calls;
  private final SocketChannel channel;
  private final long start = System.nanoTime();
  private final long nanos;

  public SocketWait(DescriptorCalls calls, SocketChannel channel, Duration timeout) {
    this.calls = calls;
    this.channel = channel;
    this.nanos = Nanos.saturated(timeout);
  }

  /** Throws an exception if the current thread was interrupted, as every wait does that begins. */
  public static void requireNoInterrupt() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while a heap was passed on");
    }
  }

  /**
   * Waits a while.
   *
   * @return whether to try again: {@code false} once the time has run out
   * @throws IllegalStateException if the channel was closed meanwhile
   */
  public boolean await(int socket, boolean toWrite) throws InterruptedException {
    requireNoInterrupt();
    if (!channel.isOpen()) {
      throw new IllegalStateException(channel + " was closed while a heap was passed on");
    }
    long left = nanos - (System.nanoTime() - start);
    if (left <= 0) {
      return false;
    }
    if (VirtualThreads.isVirtual(Thread.currentThread())) {
      LockSupport.parkNanos(Math.min(left, VIRTUAL_SLICE_NANOS));
    } else {
      long millis = TimeUnit.NANOSECONDS.toMillis(left - 1) + 1;
      calls.await(socket, toWrite, (int) Math.min(millis, SLICE_MILLIS));
    }
    return true;
  }
}
