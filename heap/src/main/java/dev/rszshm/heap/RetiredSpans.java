package dev.rszshm.heap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The spans of closed heaps whose addresses a thread of this JVM might still touch.
 *
 * <p>A thread may be between the check of an access and the access itself while another closes the
 * heap. Counting threads in and out would cost more than the accesses, so they are looked for
 * instead: a thread that is inside an access has a frame of this project on its stack (compiled
 * code has no safepoint between check and access, so it is either before or behind both). A virtual
 * thread on a carrier cannot be looked into and counts as inside. Until a look finds nobody, the
 * addresses stay reserved, with private zero pages in the place of the file; that costs address
 * space and nothing else. The look happens when a heap is closed or attached.
 */
final class RetiredSpans {
  private static final List<Span> SPANS = new ArrayList<>();
  private static final List<String> PACKAGES =
      List.of("dev.rszshm.heap.", "dev.rszshm.allocator.", "dev.rszshm.structures.");
  private static final String MAKER = HeapBuilder.class.getName();
  private static final String MOUNTED = "jdk.internal.vm.Continuation";

  private RetiredSpans() {}

  static synchronized void add(Span span) {
    SPANS.add(span);
  }

  /** Gives back every span that nobody can touch any more. */
  static synchronized void release() {
    if (SPANS.isEmpty() || someoneInside()) {
      return;
    }
    SPANS.removeIf(
        span -> {
          boolean free = !span.hasViews();
          if (free) {
            span.release();
          }
          return free;
        });
  }

  static synchronized boolean overlap(long address, long length) {
    return SPANS.stream().anyMatch(s -> s.overlaps(address, length));
  }

  private static boolean someoneInside() {
    for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
      if (thread.getKey() != Thread.currentThread() && inside(thread.getValue())) {
        return true;
      }
    }
    return false;
  }

  /** A thread that makes or attaches a heap works on no retired one. */
  private static boolean inside(StackTraceElement[] stack) {
    boolean found = false;
    for (StackTraceElement frame : stack) {
      String name = frame.getClassName();
      if (name.equals(MAKER)) {
        return false;
      }
      found |= name.equals(MOUNTED) || PACKAGES.stream().anyMatch(name::startsWith);
    }
    return found;
  }
}
