package dev.rszshm.heap.internal.map;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the other threads of this JVM are doing right now.
 *
 * <p>Threads that wait, sleep or are blocked are told by their state alone, which costs a tenth of
 * a microsecond each and stops nobody. Only of those that run Java code or a native method the
 * stack is looked at.
 */
final class OtherThreads {
  private static final String CONTINUATION = "jdk.internal.vm.Continuation";

  /** Threads of the JVM that never run anybody's code. */
  private static final Set<String> OF_THE_JVM =
      Set.of("Reference Handler", "Signal Dispatcher", "Notification Thread");

  /** Up to so many stacks are looked at one by one: each look may stop all threads for a moment. */
  private static final int ONE_BY_ONE = 2;

  private OtherThreads() {}

  /** The threads that may be running Java code now: those that wait for nothing. */
  static List<Thread> runnable() {
    List<Thread> found = new ArrayList<>();
    Thread self = Thread.currentThread();
    String ownCarrier = carrierName(self);
    for (Thread thread : all()) {
      if (thread != self
          && thread.getState() == Thread.State.RUNNABLE
          && !isOfTheJvm(thread)
          && !thread.getName().equals(ownCarrier)) {
        found.add(thread);
      }
    }
    return found;
  }

  /** The stacks of some threads. A thread that has ended has an empty one. */
  static Map<Thread, StackTraceElement[]> stacks(List<Thread> threads) {
    if (threads.size() > ONE_BY_ONE && ThreadBean.isPresent()) {
      return ThreadBean.stacks(threads);
    }
    Map<Thread, StackTraceElement[]> stacks = new LinkedHashMap<>();
    threads.forEach(thread -> stacks.put(thread, thread.getStackTrace()));
    return stacks;
  }

  /**
   * Whether a stack is that of a thread that carries a virtual one, which cannot be looked into.
   */
  static boolean carriesVirtualThread(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      if (frame.getClassName().equals(CONTINUATION)) {
        return true;
      }
    }
    return false;
  }

  private static List<Thread> all() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    Thread[] threads = new Thread[root.activeCount() + 64];
    int count = root.enumerate(threads, true);
    while (count == threads.length) { // there may be more
      threads = new Thread[threads.length * 2];
      count = root.enumerate(threads, true);
    }
    return Arrays.asList(threads).subList(0, count);
  }

  private static boolean isOfTheJvm(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    return group != null && group.getParent() == null && OF_THE_JVM.contains(thread.getName());
  }

  /**
   * The name of the thread that carries the current one, which cannot be between the check of an
   * access and the access; null if that is a platform thread. A virtual thread is described as
   * {@code VirtualThread[#21]/runnable@ForkJoinPool-1-worker-1}.
   */
  private static @Nullable String carrierName(Thread self) {
    String description = self.toString();
    int at = description.lastIndexOf('@');
    return description.startsWith("VirtualThread[") && at >= 0
        ? description.substring(at + 1)
        : null;
  }
}
