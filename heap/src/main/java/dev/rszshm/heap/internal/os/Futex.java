package dev.rszshm.heap.internal.os;

import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.SystemCalls.Wait;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** The kernel's sleep on words of shared memory. The words are found by their place in the file. */
final class Futex {
  private static final int WAIT = 0;
  private static final int WAKE = 1;
  private static final long NUMBER_X86 = 202;
  private static final long NUMBER_OTHERS = 98;

  private static final long WAIT_VECTOR = 449;
  private static final int VECTOR_WORD = 2;
  private static final int VECTOR_LENGTH = 24;
  private static final int CLOCK_MONOTONIC = 1;
  private static final long WITHOUT_VECTOR_NANOS = 1_000_000;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int TIME_LENGTH = 16;

  private final LibC c;
  private final Runtime runtime;
  private final long number = HostPlatform.isX86() ? NUMBER_X86 : NUMBER_OTHERS;

  /**
   * Memory for the time-outs of waits, which would cost more to get than a wait itself. Not one for
   * each thread: a thread that outlives this class's loader would keep it from being unloaded.
   */
  private final Queue<Pointer> times = new ConcurrentLinkedQueue<>();

  private volatile boolean hasVector = true;

  Futex(LibC c, Runtime runtime) {
    this.c = c;
    this.runtime = runtime;
  }

  private Pointer time(long nanos) {
    Pointer pooled = times.poll();
    Pointer time = pooled == null ? Memory.allocateDirect(runtime, TIME_LENGTH, false) : pooled;
    time.putLong(0, nanos / NANOS_PER_SECOND);
    time.putLong(8, nanos % NANOS_PER_SECOND);
    return time;
  }

  Wait sleep(long address, int expected, long nanos) {
    Pointer time = time(nanos);
    boolean woken = c.syscall(number, address, WAIT, expected, time.address()) >= 0;
    int errno = woken ? 0 : runtime.getLastError();
    times.offer(time);
    return woken ? Wait.WOKEN : end("futex(FUTEX_WAIT)", errno);
  }

  Wait sleep(long[] addresses, int[] expected, long nanos) {
    if (hasVector) {
      Pointer words = Memory.allocateDirect(runtime, addresses.length * VECTOR_LENGTH, true);
      for (int i = 0; i < addresses.length; i++) {
        words.putLong((long) i * VECTOR_LENGTH, Integer.toUnsignedLong(expected[i]));
        words.putLong((long) i * VECTOR_LENGTH + 8, addresses[i]);
        words.putInt((long) i * VECTOR_LENGTH + 16, VECTOR_WORD);
      }
      // The time-out is a point on the monotonic clock, which is the one of System.nanoTime.
      Pointer until = time(System.nanoTime() + nanos);
      boolean woken =
          c.syscall(WAIT_VECTOR, words, addresses.length, 0, until, CLOCK_MONOTONIC) >= 0;
      int errno = woken ? 0 : runtime.getLastError();
      times.offer(until);
      if (woken) {
        return Wait.WOKEN;
      }
      if (errno != Errno.ENOSYS && errno != Errno.EPERM) {
        return end("futex_waitv", errno);
      }
      hasVector = false;
    }
    return sleep(addresses[0], expected[0], Math.min(nanos, WITHOUT_VECTOR_NANOS));
  }

  private static Wait end(String call, int errno) {
    return switch (errno) {
      case Errno.EAGAIN -> Wait.CHANGED;
      case Errno.ETIMEDOUT -> Wait.TIMED_OUT;
      case Errno.EINTR -> Wait.INTERRUPTED;
      default -> throw new SystemCallException(call, errno, Errno.describe(errno));
    };
  }

  int wake(long address, int count) {
    long woken = c.syscall(number, address, WAKE, count, 0L);
    if (woken < 0) {
      int errno = runtime.getLastError();
      throw new SystemCallException("futex(FUTEX_WAKE)", errno, Errno.describe(errno));
    }
    return (int) woken;
  }
}
