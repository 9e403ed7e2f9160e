package dev.rszshm.heap.internal.map;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.util.List;

/*
 * Lets threads notice that a heap was closed, at no cost to those that use one.
 *
 * Every checked access reads plain fields: what may be touched, and whether the heap is closed. The
 * compiler may read them once before a loop, and should: that is what makes a checked access cost what
 * an unchecked one costs. But then a loop that is running does not see that the heap has been closed.
 *
 * Protocol
 * --------
 * 1 Every access calls `happened`, which calls a method handle that answers with a constant: whether this
 *   JVM has closed any heap. Compiled code does not contain the call: it relies on the handle staying the
 *   same, and the JVM keeps a list of such code. As long as the answer is no, compiled code does not
 *   contain the look at the field either; that look would be the dearest part of an access after an
 *   atomic operation, where nothing may be remembered.
 * 2 Closing sets the plain field, and then sets another handle if the answer was no, or if another thread
 *   may be in a loop. The JVM then throws away all compiled code that relied on the old one, and the
 *   frames that run it go on in the interpreter, at the bytecode where they are. The next access reads
 *   the fields again.
 * A thread in a native method or blocked is at a call; compiled code remembers no field across a call.
 * So after the first time handles are changed only when a thread runs Java code, or so many may do so that
 * looking would cost more: the code is compiled again soon, but closing many heaps beside busy threads should not be what a program does all day.
 * (java.lang.foreign closes a shared arena in a similar way.)
 */
public final class Closing {
  private static final MethodHandle[] YES = {answer(1), answer(3)};
  private static final MutableCallSite SITE = new MutableCallSite(answer(0));
  private static final MethodHandle HAPPENED = SITE.dynamicInvoker();

  private static final int FEW = 16;

  private static long announcements;

  private Closing() {}

  /** A handle that answers with the lowest bit of a number; no two are the same. */
  private static MethodHandle answer(int number) {
    MethodHandle constant = MethodHandles.constant(int.class, number);
    return MethodHandles.explicitCastArguments(constant, MethodType.methodType(boolean.class));
  }

  /**
   * Whether any heap of this JVM was closed; only then an access has to look whether its own was.
   * Makes the code around it notice {@link #announce}.
   */
  public static boolean happened() {
    try {
      return (boolean) HAPPENED.invokeExact();
    } catch (Error e) {
      throw e; // of the JVM, such as an overflow of the stack
    } catch (Throwable impossible) {
      throw new AssertionError("a method handle that returns a constant threw", impossible);
    }
  }

  /**
   * Makes every thread read again what it may have read before a loop.
   *
   * @param toLoops whether that concerns loops that are running
   */
  static synchronized void announce(boolean toLoops) {
    if (announcements == 0 || toLoops && mayLoop(OtherThreads.runnable())) {
      announcements++;
      SITE.setTarget(YES[(int) (announcements % YES.length)]);
      MutableCallSite.syncAll(new MutableCallSite[] {SITE});
    }
  }

  /**
   * Whether one of some threads runs Java code. To look at many costs more than to compile again.
   */
  private static boolean mayLoop(List<Thread> running) {
    return running.size() > FEW
        || OtherThreads.stacks(running).values().stream().anyMatch(Closing::runs);
  }

  private static boolean runs(StackTraceElement[] stack) {
    return stack.length > 0
        && (!stack[0].isNativeMethod() || OtherThreads.carriesVirtualThread(stack));
  }
}
