package dev.rszshm.heap.internal.map;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the JVM's management interface tells of threads. It takes tens of milliseconds to load, so
 * it is used only where there is no other way.
 */
final class ThreadBean {
  private static final boolean PRESENT =
      ModuleLayer.boot().findModule("java.management").isPresent();

  /** More frames of the JDK than any method of this project has above itself. */
  private static final int DEPTH = 64;

  private ThreadBean() {}

  /** Whether this JVM has that interface: one that was linked without it does not. */
  static boolean isPresent() {
    return PRESENT;
  }

  /** Nanoseconds that a thread has run on a processor so far; 0 if that is not known. */
  static long processorTime(Thread thread) {
    return PRESENT ? Math.max(0, Bean.nanos(thread.getId())) : 0;
  }

  /** The topmost frames of some threads, all looked at in one go. */
  static Map<Thread, StackTraceElement[]> stacks(List<Thread> threads) {
    long[] ids = threads.stream().mapToLong(Thread::getId).toArray();
    ThreadInfo[] infos = Bean.THREADS.getThreadInfo(ids, DEPTH);
    Map<Thread, StackTraceElement[]> stacks = new LinkedHashMap<>();
    for (int i = 0; i < infos.length; i++) {
      ThreadInfo info = infos[i];
      stacks.put(threads.get(i), info == null ? new StackTraceElement[0] : info.getStackTrace());
    }
    return stacks;
  }

  private static final class Bean {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final boolean TIMED =
        THREADS.isThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();

    static long nanos(long thread) {
      return TIMED ? THREADS.getThreadCpuTime(thread) : 0;
    }
  }
}
