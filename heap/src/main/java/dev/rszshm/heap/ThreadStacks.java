package dev.rszshm.heap;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What the other threads of this JVM are doing, as their stacks tell. */
final class ThreadStacks {
  private static final String MOUNTED = "jdk.internal.vm.Continuation";

  private ThreadStacks() {}

  /** The threads, other than the present one, whose stack has a property. */
  static Set<Thread> others(Predicate<StackTraceElement[]> property) {
    Set<Thread> found = new HashSet<>();
    for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
      if (thread.getKey() != Thread.currentThread() && property.test(thread.getValue())) {
        found.add(thread.getKey());
      }
    }
    return found;
  }

  /**
   * Whether a frame shows that its thread carries a virtual thread, which cannot be looked into.
   */
  static boolean carriesVirtualThread(StackTraceElement frame) {
    return frame.getClassName().equals(MOUNTED);
  }
}
