package dev.rszshm.testkit.process;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Platform;
import dev.rszshm.heap.memory.Memory;
import dev.rszshm.testkit.memory.StoreAnnouncingMemory;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A platform that counts the steps of all threads, and kills the process at one of them when it has
 * been told to. While nothing was told, a step costs one read more.
 */
final class Countdown {
  private static final long NEVER = Long.MAX_VALUE;

  private final AtomicLong left;
  private final Consumer<String> die;
  private final Platform platform;

  Countdown(Platform host, AtomicLong left, Consumer<String> die) {
    this.left = left;
    this.die = die;
    this.platform =
        new Platform(
            new StoreAnnouncingMemory(host.memory(), this::step),
            StepAnnouncingCalls.of(host.calls(), this::step));
  }

  /** Steps left that nobody counts down. */
  static AtomicLong unset() {
    return new AtomicLong(NEVER);
  }

  Platform platform() {
    return platform;
  }

  private void step(String name) {
    if (left.get() != NEVER && left.getAndDecrement() == 0) {
      die.accept(name + " in " + caller());
    }
  }

  /** The method that takes the step: the first one that does not just hand it on. */
  private static String caller() {
    return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
        .walk(
            frames ->
                frames
                    .filter(frame -> !handsOn(frame.getDeclaringClass()))
                    .findFirst()
                    .map(Countdown::place)
                    .orElse("no method"));
  }

  /** The harness, a memory, the heap as a region of bytes, and what the JDK puts between. */
  private static boolean handsOn(Class<?> type) {
    boolean harness = type.getPackage() == Countdown.class.getPackage();
    return (harness && !WorkerJob.class.isAssignableFrom(type))
        || Memory.class.isAssignableFrom(type)
        || type.isAssignableFrom(Heap.class)
        || Proxy.isProxyClass(type)
        || type.getName().startsWith("java.");
  }

  private static String place(StackWalker.StackFrame frame) {
    String type = frame.getClassName().substring(frame.getClassName().lastIndexOf('.') + 1);
    return type + "." + frame.getMethodName() + ":" + frame.getLineNumber();
  }
}
