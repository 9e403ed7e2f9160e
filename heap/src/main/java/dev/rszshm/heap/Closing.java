package dev.rszshm.heap;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.util.Map;

/*
 * Lets threads notice that a heap was closed, at no cost to those that use one.
 *
 * Every checked access reads plain fields: what may be touched, and whether the heap is closed. The
 * compiler may read them once before a loop, and should: that is what makes a checked access cost what
 * an unchecked one costs. But then a loop that is running does not see that the heap has been closed.
 *
 * Protocol
 * --------
 * 1 Every access calls `observe`, which calls a method handle that does nothing. Compiled code does not
 *   contain the call: it relies on the handle staying the same, and the JVM keeps a list of such code.
 * 2 Closing sets the plain field, and then, if another thread may be in a loop, sets another handle. The
 *   JVM then throws away all compiled code that relied on the old one, and the frames that run it go on
 *   in the interpreter, at the bytecode where they are. The next access reads the fields again.
 * A thread in a native method or blocked is at a call; compiled code remembers no field across a call.
 * So handles are changed only when a thread runs Java code: the code is compiled again soon, but closing
 * many heaps beside busy threads should not be what a program does all day. (java.lang.foreign closes a
 * shared arena in a similar way.)
 */
final class Closing {
  private static final MethodHandle[] NOTHING = {nothing(0), nothing(1)};
  private static final MutableCallSite SITE = new MutableCallSite(NOTHING[0]);
  private static final MethodHandle OBSERVE = SITE.dynamicInvoker();
  private static final String MOUNTED = "jdk.internal.vm.Continuation";

  private static int announcements;

  private Closing() {}

  /** A handle that does nothing and is not the same as the other one. */
  private static MethodHandle nothing(int number) {
    MethodHandle constant = MethodHandles.constant(int.class, number);
    return constant.asType(MethodType.methodType(void.class));
  }

  /** Makes the code around it notice {@link #announce}. */
  static void observe() {
    try {
      OBSERVE.invokeExact();
    } catch (Throwable impossible) {
      throw new AssertionError("a method handle that does nothing threw", impossible);
    }
  }

  /** Makes every thread read again what it may have read before a loop. */
  static synchronized void announce() {
    if (someoneRuns()) {
      announcements++;
      SITE.setTarget(NOTHING[announcements % NOTHING.length]);
      MutableCallSite.syncAll(new MutableCallSite[] {SITE});
    }
  }

  private static boolean someoneRuns() {
    for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
      if (thread.getKey() != Thread.currentThread() && runs(thread.getValue())) {
        return true;
      }
    }
    return false;
  }

  /** A virtual thread on a carrier cannot be looked into: it may be running. */
  private static boolean runs(StackTraceElement[] stack) {
    if (stack.length == 0) {
      return false;
    }
    boolean running = !stack[0].isNativeMethod();
    for (StackTraceElement frame : stack) {
      running |= frame.getClassName().equals(MOUNTED);
    }
    return running;
  }
}
