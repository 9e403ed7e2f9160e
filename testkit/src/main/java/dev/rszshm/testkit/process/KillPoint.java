package dev.rszshm.testkit.process;

import dev.rszshm.heap.spi.Platform;
import dev.rszshm.testkit.memory.StoreAnnouncingMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A platform on which a process dies at a chosen step of what it does with a heap.
 *
 * <p>A step is a system call with an effect, or a store to memory. What a process has done when it
 * is killed is a number of whole steps, so there are as many deaths as steps, and one more: after
 * all of them. A test records the steps once and then goes through the deaths 0 to {@link #size}:
 * death {@code k} is the one with {@code k} steps done.
 *
 * <p>Steps count between {@link #begin} and {@link #end} only, and on any thread. From the place of
 * its death on, no thread of the process takes another step.
 */
public final class KillPoint {
  private final int death;
  private final Consumer<String> die;
  private final List<String> steps = new ArrayList<>();
  private final Platform platform;
  private boolean counting;

  private KillPoint(Platform host, int death, Consumer<String> die) {
    this.death = death;
    this.die = die;
    this.platform =
        new Platform(
            new StoreAnnouncingMemory(host.memory(), this::step),
            StepAnnouncingCalls.of(host.calls(), this::step));
  }

  /** Lets nobody die, and notes the steps. */
  public static KillPoint recording(Platform host) {
    return new KillPoint(host, -1, where -> {});
  }

  /**
   * Lets the process die when so many steps are done.
   *
   * @param steps from 0 up; if there are fewer, it dies at the end
   * @param die what kills the process: {@link WorkerContext#die} if the test wants to look first,
   *     else {@link WorkerContext#fall}. It gets a description of the place and must not return.
   */
  public static KillPoint after(Platform host, int steps, Consumer<String> die) {
    return new KillPoint(host, steps, die);
  }

  /** What to give to {@link dev.rszshm.heap.HeapBuilder#platform}. */
  public Platform platform() {
    return platform;
  }

  /** Begins to count. */
  public synchronized void begin() {
    counting = true;
  }

  /** Ends counting; whoever should have died by now dies here. */
  public synchronized void end() {
    if (steps.size() <= death) {
      die.accept(place("the end"));
    }
    counting = false;
  }

  /** Number of steps so far. */
  public synchronized int size() {
    return steps.size();
  }

  /** The steps so far. */
  public synchronized List<String> steps() {
    return List.copyOf(steps);
  }

  private synchronized void step(String name) {
    if (!counting) {
      return;
    }
    if (steps.size() == death) {
      die.accept(place(name));
    }
    steps.add(name);
  }

  private String place(String next) {
    String last = steps.isEmpty() ? "the beginning" : steps.get(steps.size() - 1);
    return String.format(
        Locale.ROOT, "after %d steps, between %s and %s", steps.size(), last, next);
  }
}
