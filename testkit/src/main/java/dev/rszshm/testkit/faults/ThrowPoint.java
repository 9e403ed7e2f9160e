package dev.rszshm.testkit.faults;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import dev.rszshm.testkit.memory.AccessAnnouncingMemory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link ThrowAnywhere.Trial}: the platform for its heaps, and the part of it in which
 * something is thrown.
 *
 * <p>Only calls of the thread that is in {@link #act} count. When the error has been thrown, calls
 * do what they always do: what runs on the way out runs undisturbed.
 */
public final class ThrowPoint {
  private static final StackTraceElement[] NO_FRAMES = {};

  private final Platform platform;
  private final long place;
  private final Supplier<? extends Throwable> maker;
  private @Nullable Thread acting;
  private long calls;
  private @Nullable Throwable thrown;
  private String where = "";
  private @Nullable Throwable surfaced;
  private boolean acted;

  ThrowPoint(Platform host, long place, Supplier<? extends Throwable> maker) {
    this.place = place;
    this.maker = maker;
    this.platform =
        new Platform(
            new AccessAnnouncingMemory(host.memory(), this::call),
            (SystemCalls)
                Proxy.newProxyInstance(
                    SystemCalls.class.getClassLoader(),
                    new Class<?>[] {SystemCalls.class},
                    (proxy, method, arguments) -> call(host.calls(), method, arguments)));
  }

  /** An operation under test. */
  public interface Operation {
    /** Does it. */
    void run() throws Exception;
  }

  /** What to give to {@link dev.rszshm.heap.HeapBuilder#platform}. */
  public Platform platform() {
    return platform;
  }

  /**
   * Does the operation in which something is thrown, once in a trial, and returns when it has ended
   * in whatever way.
   */
  public void act(Operation operation) {
    if (acted) {
      throw new IllegalStateException("a trial acts once: put all of it into one operation");
    }
    acted = true;
    acting = Thread.currentThread();
    try {
      operation.run();
    } catch (Throwable e) {
      surfaced = e;
    } finally {
      acting = null;
    }
  }

  /** Whether something was thrown in this trial: the last one runs to its end undisturbed. */
  public boolean hasThrown() {
    return thrown != null;
  }

  private @Nullable Object call(SystemCalls target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getDeclaringClass() == SystemCalls.class) {
      call(method.getName());
    }
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private void call(String name) {
    if (Thread.currentThread() != acting || thrown != null) {
      return;
    }
    if (calls++ == place) {
      where = name;
      Throwable made = maker.get();
      thrown = made;
      ThrowPoint.<RuntimeException>raise(made);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void raise(Throwable e) throws T {
    throw (T) e;
  }

  /** What is wrong with how the operation ended, if anything is. */
  Optional<String> complaint() {
    if (!acted) {
      return Optional.of("the trial has not acted");
    }
    if (thrown == surfaced) {
      return Optional.empty();
    }
    if (thrown == null) {
      return Optional.of("the operation fails by itself: " + surfaced);
    }
    return Optional.of(
        surfaced == null
            ? "what was thrown was swallowed"
            : "what was thrown came out as " + surfaced);
  }

  /** What the operation has thrown; null if it has returned, or has not come about. */
  @Nullable Throwable surfaced() {
    return surfaced;
  }

  /** Where it was thrown, for people. */
  String where() {
    String line = "";
    for (StackTraceElement frame : thrown == null ? NO_FRAMES : thrown.getStackTrace()) {
      if (!isWayThrough(frame.getClassName())) {
        line = " in " + frame.getFileName() + ":" + frame.getLineNumber();
        break;
      }
    }
    return "call " + (place + 1) + ", " + where + line;
  }

  /** The kit, a memory, the heap as a region of bytes, and what the JDK puts between. */
  private static boolean isWayThrough(String type) {
    for (Class<?> part = Heap.class; part != null; part = part.getSuperclass()) {
      if (type.equals(part.getName())) {
        return true;
      }
    }
    return type.startsWith("java.")
        || type.startsWith("dev.rszshm.testkit.memory.")
        || type.startsWith(Memory.class.getName())
        || type.startsWith("dev.rszshm.heap.internal.memory.")
        || type.startsWith("dev.rszshm.heap.internal.wait.")
        || type.startsWith(ThrowPoint.class.getName())
        || type.contains("$Proxy");
  }
}
