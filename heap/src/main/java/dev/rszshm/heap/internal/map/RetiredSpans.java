package dev.rszshm.heap.internal.map;

import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/*
 * The spans of closed heaps whose addresses a thread of this JVM might still touch.
 *
 * A thread may be between the check of an access and the access itself while another closes the heap.
 * Counting threads in and out would cost more than the accesses do. So threads are looked at instead, and
 * only when a heap is closed, or attached where a closed one was.
 *
 * What a look can tell
 * --------------------
 * Compiled code has no safepoint between check and access, so a thread that shows its stack is in one of
 * three places: before a check, which will fail; behind its access; or in the interpreter, which can stop
 * at any bytecode, between the two as well. In that last case the methods of this project that have
 * checked are the topmost on its stack, below at most some methods of the JDK that they have called. So
 * a thread is outside
 *  - if it waits, sleeps or is blocked: nothing waits between a check and an access, and whatever of ours
 *    has waited checks again;
 *  - if the topmost method that is not the JDK's is not ours: what of ours lies below has called the
 *    caller's code, and checks again when that returns;
 *  - if it is in a system call, made by jffi: the kernel has the address by then and bears a wrong one
 *    (Span.onAddresses).
 * A thread that carries a virtual thread does not show the stack of that one. And a thread may be seen in
 * our methods each time, because it works in another heap all day. Both are outside once they have used
 * PROGRESS of processor time since the span was retired: between a check and an access lie some dozens of
 * bytecodes, or one call into the JVM that copies memory, which no look interrupts. A virtual
 * thread that does not run keeps its carrier only inside a native method.
 *
 * Protocol
 * --------
 * 1 A span comes here when no new access passes its check any more, and with empty pages in the place of
 *   the file: whoever is late harms nobody as long as the addresses belong to nobody else. What the span
 *   had reserved and never mapped is given back before.
 * 2 The first look takes down which threads are not outside.
 * 3 Every later look strikes off the threads that are outside then, or have ended. Nobody is added. (What a
 *   thread has used of the processor is read before the next look, so that a call into the JVM that was
 *   under way has ended by then.)
 * 4 When nobody is left, and no buffer, the addresses are given back.
 * While many threads run, they are looked at only if somebody wants the addresses, or many spans are here.
 * Neither threads that wait nor virtual threads cost anything.
 *
 * If a process dies here
 * ----------------------
 * The kernel takes the addresses back.
 */
public final class RetiredSpans {
  private static final List<RetiredSpan> SPANS = new ArrayList<>();

  /** What the packages begin with whose methods access memory by address. */
  private static final Set<String> OURS = ConcurrentHashMap.newKeySet();

  static {
    register(Heap.class.getPackageName());
  }

  private static final List<String> CALLED_BY_OURS =
      List.of("java.", "jdk.", "sun.", "com.kenai.jffi.", "jnr.");
  private static final String SYSTEM_CALL = "com.kenai.jffi.";

  /** So many threads are looked at whenever a heap is closed. */
  private static final int FEW = 16;

  /** So many spans are worth a look at any number of threads. */
  private static final int MANY = 8;

  private static final long PROGRESS = TimeUnit.MILLISECONDS.toNanos(10);

  private RetiredSpans() {}

  /** Registers a package, with those below it, whose methods access memory by address. */
  public static void register(String packageName) {
    OURS.add(packageName + ".");
  }

  static synchronized void add(Span span) {
    SPANS.add(new RetiredSpan(span));
  }

  /**
   * Gives back every span that nobody can touch any more, unless finding that out is not worth it.
   */
  public static synchronized void release() {
    if (!SPANS.isEmpty()) {
      List<Thread> running = OtherThreads.runnable();
      if (running.size() <= FEW || SPANS.size() >= MANY) {
        release(running);
      }
    }
  }

  /**
   * Looks at all threads, and gives back every span that nobody can touch any more.
   *
   * @return whether there is a span still that overlaps some addresses
   */
  static synchronized boolean release(long address, long length) {
    if (isOverlapped(address, length)) {
      release(OtherThreads.runnable());
    }
    return isOverlapped(address, length);
  }

  private static boolean isOverlapped(long address, long length) {
    return SPANS.stream().anyMatch(s -> s.span.overlaps(address, length));
  }

  private static void release(List<Thread> running) {
    Map<Thread, StackTraceElement[]> inside = OtherThreads.stacks(running);
    inside.values().removeIf(RetiredSpans::isOutside);
    SPANS.removeIf(span -> span.release(inside));
  }

  static boolean isOutside(StackTraceElement[] stack) {
    if (OtherThreads.carriesVirtualThread(stack)) {
      return false;
    }
    for (StackTraceElement frame : stack) {
      String name = frame.getClassName();
      if (frame.isNativeMethod() && name.startsWith(SYSTEM_CALL)) {
        return true;
      }
      if (OURS.stream().anyMatch(name::startsWith)) {
        return false;
      }
      if (CALLED_BY_OURS.stream().noneMatch(name::startsWith)) {
        return true;
      }
    }
    return true;
  }

  /** A span with the threads that were not outside at any look so far. */
  private static final class RetiredSpan {
    private final Span span;
    private @Nullable Map<Thread, Suspect> suspects;

    RetiredSpan(Span span) {
      this.span = span;
    }

    boolean release(Map<Thread, StackTraceElement[]> inside) {
      Map<Thread, Suspect> left = suspects;
      if (left == null) {
        left = new HashMap<>();
        for (Thread thread : inside.keySet()) {
          left.put(thread, new Suspect(thread));
        }
        suspects = left;
      } else {
        left.keySet().retainAll(inside.keySet());
        left.values().removeIf(Suspect::hasGoneOn);
      }
      boolean free = left.isEmpty() && !span.hasViews();
      if (free) {
        span.release();
      }
      return free;
    }
  }

  /** A thread that may be between a check and an access. */
  private static final class Suspect {
    private final Thread thread;
    private final long atFirst;
    private long atLastLook;

    Suspect(Thread thread) {
      this.thread = thread;
      this.atFirst = ThreadBean.processorTime(thread);
      this.atLastLook = atFirst;
    }

    boolean hasGoneOn() {
      if (atLastLook - atFirst >= PROGRESS) {
        return true;
      }
      atLastLook = ThreadBean.processorTime(thread);
      return false;
    }
  }
}
