package dev.rszshm.testkit.process;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.testkit.memory.StoreAnnouncingMemory;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A platform that counts the steps of all threads, and stops or kills the process at one of them
 * when it has been told to. While nothing was told, a step costs two reads more.
 */
final class Countdown {
  private static final long NEVER = Long.MAX_VALUE;

  private final AtomicLong leftToDeath;
  private final AtomicLong leftToStop;
  private final Consumer<String> die;
  private final Consumer<String> stop;
  private final Platform platform;

  Countdown(Platform host, WorkerLine line, Consumer<String> die, Consumer<String> stop) {
    this.leftToDeath = line.stepsLeft;
    this.leftToStop = line.stepsToStop;
    this.die = die;
    this.stop = stop;
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
    if (isNow(leftToStop)) {
      stop.accept(name + " in " + caller());
    }
    if (isNow(leftToDeath)) {
      die.accept(name + " in " + caller());
    }
  }

  private static boolean isNow(AtomicLong left) {
    return left.get() != NEVER && left.getAndDecrement() == 0;
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
