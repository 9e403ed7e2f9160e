package dev.rszshm.cli.worker;

import dev.rszshm.heap.Heap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cleans up when the user interrupts a command, or the system ends it: kills the workers and
 * removes the heap, even if it was to be kept, since it is worth nothing half done.
 *
 * <p>The thread that works calls {@link #own} and {@link #over}; the JVM calls {@link #run} when it
 * is told to end, and exits when that returns, whatever the other thread does meanwhile.
 */
public final class Interruption extends Thread {
  private final Consumer<String> errors;
  private @Nullable Heap heap;
  private @Nullable Runnable ending;
  private boolean begun;

  private Interruption(Consumer<String> errors) {
    super("clean-up");
    this.errors = errors;
  }

  /** Cleans up from now on; tells the user through {@code errors}. */
  public static Interruption handle(Consumer<String> errors) {
    Interruption interruption = new Interruption(errors);
    Runtime.getRuntime().addShutdownHook(interruption);
    return interruption;
  }

  /** Makes the heap, so that there is no moment when it exists and nobody would remove it. */
  public synchronized Heap own(Supplier<Heap> creation) {
    if (!begun) {
      Heap made = creation.get();
      heap = made;
      return made;
    }
    while (true) {
      LockSupport.park(this); // the JVM is ending
    }
  }

  /** Lets this end the workers: what is run returns when they have gone. */
  public synchronized void own(Runnable endOfWorkers) {
    ending = endOfWorkers;
  }

  @Override
  public void run() {
    Heap made;
    Runnable end;
    synchronized (this) {
      begun = true;
      made = heap;
      end = ending;
    }
    if (end != null) {
      end.run();
    }
    if (made != null) {
      made.remove();
      errors.accept("interrupted: the workers were ended and " + made.path() + " was removed");
    }
  }

  /** Leaves everything as it is from now on. Does not return if the JVM is ending already. */
  public void over() {
    try {
      Runtime.getRuntime().removeShutdownHook(this);
    } catch (IllegalStateException ending) {
      while (true) {
        LockSupport.park(this);
      }
    }
  }
}
