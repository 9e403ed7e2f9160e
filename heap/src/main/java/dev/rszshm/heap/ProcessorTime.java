package dev.rszshm.heap;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** How long a thread has run on a processor, where the JVM can tell. */
final class ProcessorTime {
  private static final boolean KNOWN = ModuleLayer.boot().findModule("java.management").isPresent();

  private ProcessorTime() {}

  /** Nanoseconds that a thread has run so far; 0 if that is not known. */
  static long of(Thread thread) {
    return KNOWN ? Math.max(0, Bean.nanos(thread.getId())) : 0;
  }

  /** Apart, because loading the bean takes tens of milliseconds, and most programs need none. */
  private static final class Bean {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final boolean SUPPORTED =
        THREADS.isThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();

    static long nanos(long thread) {
      return SUPPORTED ? THREADS.getThreadCpuTime(thread) : 0;
    }
  }
}
