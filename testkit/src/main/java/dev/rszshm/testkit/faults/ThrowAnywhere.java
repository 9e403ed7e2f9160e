package dev.rszshm.testkit.faults;

import dev.rszshm.heap.spi.Platform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Throws an error at the first access to memory or system call of an operation, in the next run at
 * the second, and so on to the last; each time, the test looks at what is left.
 *
 * <pre>{@code
 * ThrowAnywhere.on(Platform.host()).run(trial -> {
 *   Path path = directory.path().resolve("heap" + number++);
 *   try (Heap heap = Heap.builder().platform(trial.platform()).create(path)) {
 *     Mutex mutex = Mutex.at(heap, heap.dataOffset());
 *     trial.act(() -> { mutex.lock(); mutex.unlock(); });
 *     assertTrue(mutex.tryLock());
 *   }
 * });
 * }</pre>
 *
 * <p>A stack that overflows, memory that ends and an agent's bug come between any two calls. What
 * was thrown must come out as it is: not swallowed, not wrapped. What it leaves must be no more
 * than a death would leave there, and the process itself must be able to go on. Each trial has a
 * time limit, so that a lock that nobody gives back is a finding and no hang.
 *
 * <p>Immutable: each setting gives another one.
 */
public final class ThrowAnywhere {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int SHOWN = 20;

  /** After so many it ends: each leaves a thread behind. */
  private static final int HANGS = 3;

  /** A trial that did not end; its stack is the trial's. */
  private static final class Hang extends AssertionError {
    private static final long serialVersionUID = 1;

    Hang(Duration limit, StackTraceElement[] stack) {
      super("afterwards: it hangs for " + limit + ", in " + Arrays.asList(stack));
      setStackTrace(stack);
    }
  }

  /** What is tried with an error at each place: it makes its own heap, each time. */
  public interface Trial {
    /** Prepares, acts once, and looks at what is left; throws if that is wrong. */
    void run(ThrowPoint point) throws Exception;
  }

  private final Platform host;
  private final Supplier<? extends Throwable> maker;
  private final Duration limit;
  private final int step;

  private ThrowAnywhere(
      Platform host, Supplier<? extends Throwable> maker, Duration limit, int step) {
    this.host = host;
    this.maker = maker;
    this.limit = limit;
    this.step = step;
  }

  /** Throws at calls of a platform. */
  public static ThrowAnywhere on(Platform host) {
    return new ThrowAnywhere(host, InjectedError::new, LIMIT, 1);
  }

  /** What to throw instead of an {@link InjectedError}: a new one each time. */
  public ThrowAnywhere throwing(Supplier<? extends Throwable> other) {
    return new ThrowAnywhere(host, Objects.requireNonNull(other), limit, step);
  }

  /** How long a trial may take; two minutes by default. */
  public ThrowAnywhere limit(Duration time) {
    return new ThrowAnywhere(host, maker, time, step);
  }

  /**
   * Throws at each so many-th place only, for operations of thousands of places; at each one by
   * default.
   */
  public ThrowAnywhere every(int places) {
    if (places < 1) {
      throw new IllegalArgumentException("found every " + places + ", expected 1 or more");
    }
    return new ThrowAnywhere(host, maker, limit, places);
  }

  /**
   * Runs the trial with an error at each place, and once without.
   *
   * @return how many places there were
   * @throws AssertionError with the places at which something was wrong
   */
  public int run(Trial trial) throws InterruptedException {
    List<String> findings = new ArrayList<>();
    Optional<AssertionError> first = Optional.empty();
    int hangs = 0;
    int place = 0;
    while (true) {
      ThrowPoint point = new ThrowPoint(host, place, maker);
      Optional<AssertionError> wrong = run(trial, point);
      if (wrong.isPresent()) {
        findings.add(point.where() + ": " + wrong.get().getMessage());
        first = first.or(() -> wrong);
        hangs += wrong.get() instanceof Hang ? 1 : 0;
      }
      if (!point.hasThrown() || findings.size() >= SHOWN || hangs >= HANGS) {
        break;
      }
      place += step;
    }
    if (first.isPresent()) {
      throw new AssertionError(
          findings.size()
              + (findings.size() < SHOWN && hangs < HANGS ? "" : " and perhaps more")
              + " places where an error leaves something wrong, of "
              + (place + 1)
              + ":\n  "
              + String.join("\n  ", findings),
          first.get());
    }
    return place;
  }

  private Optional<AssertionError> run(Trial trial, ThrowPoint point) throws InterruptedException {
    AtomicReference<@Nullable AssertionError> wrong = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                trial.run(point);
                point
                    .complaint()
                    .ifPresent(text -> wrong.set(new AssertionError(text, point.surfaced())));
              } catch (Throwable e) {
                wrong.set(new AssertionError("afterwards: " + e, e));
              }
            },
            "throw-anywhere");
    thread.setDaemon(true);
    thread.start();
    thread.join(limit.toMillis());
    if (!thread.isAlive()) {
      return Optional.ofNullable(wrong.get());
    }
    return Optional.of(new Hang(limit, thread.getStackTrace()));
  }
}
