package dev.rszshm.heap;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/*
 * The spans of closed heaps whose addresses a thread of this JVM might still touch.
 *
 * A thread may be between the check of an access and the access itself while another closes the heap.
 * Counting threads in and out would cost more than the accesses do, so they are looked for instead, and
 * only when a heap is closed or attached.
 *
 * Protocol
 * --------
 * 1 A span comes here when no new access passes its check any more, and with private zero pages in the
 *   place of the file: whoever is late harms nobody as long as the addresses belong to nobody else.
 * 2 The first look takes down which threads are inside: those with a frame of this project on their
 *   stack. Compiled code has no safepoint between check and access, so a thread without such a frame is
 *   before a check, which will fail, or behind its access. A carrier with a virtual thread on it cannot
 *   be looked into and counts as inside; a virtual thread leaves its carrier only outside of accesses.
 * 3 Every later look strikes off the threads that are outside then, or have ended. Nobody is added.
 * 4 When nobody is left, no waiter and no buffer, the addresses are given back.
 * A thread that makes or attaches a heap, grows one, waits, or throws is not taken down: the first works
 * on no retired span, growing is over before a span comes here, and waiters are counted.
 *
 * If a process dies here
 * ----------------------
 * The kernel takes the addresses back.
 */
final class RetiredSpans {
  private static final List<RetiredSpan> SPANS = new ArrayList<>();
  private static final List<String> PACKAGES =
      List.of("dev.rszshm.heap.", "dev.rszshm.allocator.", "dev.rszshm.structures.");
  private static final Set<String> HARMLESS =
      Set.of(
          HeapBuilder.class.getName(),
          Growth.class.getName(),
          WordWait.class.getName(),
          ClosedHeap.class.getName());

  private RetiredSpans() {}

  static synchronized void add(Span span) {
    SPANS.add(new RetiredSpan(span));
  }

  /** Gives back every span that nobody can touch any more. */
  static synchronized void release() {
    if (SPANS.isEmpty()) {
      return;
    }
    Set<Thread> inside = ThreadStacks.others(RetiredSpans::isInside);
    SPANS.removeIf(span -> span.release(inside));
  }

  static synchronized boolean overlap(long address, long length) {
    return SPANS.stream().anyMatch(s -> s.span.overlaps(address, length));
  }

  private static boolean isInside(StackTraceElement[] stack) {
    boolean inside = false;
    for (StackTraceElement frame : stack) {
      String name = frame.getClassName();
      if (HARMLESS.contains(name)) {
        return false;
      }
      inside |=
          ThreadStacks.carriesVirtualThread(frame) || PACKAGES.stream().anyMatch(name::startsWith);
    }
    return inside;
  }

  /** A span with the threads that were inside at every look so far. */
  private static final class RetiredSpan {
    private final Span span;
    private Set<Thread> suspects;

    RetiredSpan(Span span) {
      this.span = span;
    }

    boolean release(Set<Thread> inside) {
      if (suspects == null) {
        suspects = new HashSet<>(inside);
      } else {
        suspects.retainAll(inside);
      }
      boolean free = suspects.isEmpty() && !span.isWaitedOn() && !span.hasViews();
      if (free) {
        span.release();
      }
      return free;
    }
  }
}
