package dev.rszshm.testkit.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Records a {@link History}: tell it of every call before it is made, and of every return after it.
 *
 * <p>Any thread may use it at any time. It is lock-free, so that a thread that is stopped for ever
 * while it records stops nobody else. Threads meet on its clock, one atomic addition for each call
 * and each return; that orders their other accesses too, and so can hide an error that is a missing
 * barrier and nothing else. To find those is the task of a tool such as jcstress.
 *
 * <p>A process is what calls one operation after the other, mostly a thread. If calls of one name
 * overlap they are taken as concurrent, like those of different processes.
 */
public final class HistoryRecorder<O, R> {
  private final AtomicLong clock = new AtomicLong();
  private final Queue<Invocation<O, R>> invocations = new ConcurrentLinkedQueue<>();
  private final Map<String, Dying> deaths = new ConcurrentHashMap<>();

  /**
   * Notes that a process is about to call an operation.
   *
   * @return where to report the return; without a report the call is pending
   * @throws IllegalStateException if the process is dead
   */
  public Invocation<O, R> invoke(String process, O operation) {
    requireAlive(process, "call", operation);
    Invocation<O, R> invocation = new Invocation<>(this, process, operation, now());
    invocations.add(invocation);
    return invocation;
  }

  /**
   * Makes a call and records it. If the body throws, the call stays pending, since nobody knows
   * what it has done by then: if an exception is a result, return it as one.
   *
   * @return what the body returned
   */
  public <T extends @Nullable R> T record(String process, O operation, Supplier<T> body) {
    Invocation<O, R> invocation = invoke(process, operation);
    T result = body.get();
    invocation.returned(result);
    return result;
  }

  /**
   * Notes that a process died just now, for a test that knows: a simulated process. What it has
   * called and what has not returned stays pending.
   *
   * @throws IllegalStateException if it has died before
   */
  public void died(String process) {
    dying(process).dead();
  }

  /**
   * Notes that a process is about to be killed, for a test that cannot know the instant: a real
   * process. Call this before the signal is sent, and {@link Dying#dead} when the process is known
   * to have ended.
   *
   * @throws IllegalStateException if that has been noted before
   */
  public Dying dying(String process) {
    Dying dying = new Dying(this, process, now());
    if (deaths.putIfAbsent(process, dying) != null) {
      throw new IllegalStateException(
          process + " is dead or dying already: a restarted process needs a name of its own");
    }
    return dying;
  }

  /**
   * What has been recorded so far; calls that have not returned are pending. It may be called while
   * others go on recording.
   */
  public History<O, R> history() {
    // Who sees an effect sees the invocation before it in the queue or behind it, never none: so
    // no recorded result depends on a call that is missing here.
    List<Call<O, R>> calls = new ArrayList<>();
    for (Invocation<O, R> invocation : invocations) {
      calls.add(invocation.call);
    }
    return History.of(calls, deaths.values().stream().map(dying -> dying.death).toList());
  }

  private long now() {
    return clock.incrementAndGet();
  }

  private void requireAlive(String process, String what, O operation) {
    Dying dying = deaths.get(process);
    if (dying != null && dying.death.to().isPresent()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "%s of %s by %s, which is dead: a restarted process needs a name of its own",
              what,
              Notation.of(operation),
              process));
    }
  }

  /** A call that has been noted, and waits for its return. */
  public static final class Invocation<O, R> {
    private final HistoryRecorder<O, R> recorder;
    private volatile Call<O, R> call;

    private Invocation(HistoryRecorder<O, R> recorder, String process, O operation, long at) {
      this.recorder = recorder;
      this.call = Call.pending(process, operation, at);
    }

    /**
     * Notes the return, with its result or null.
     *
     * @throws IllegalStateException if it has returned before, or the process is dead
     */
    public void returned(@Nullable R result) {
      Call<O, R> made = call;
      if (!made.isPending()) {
        throw new IllegalStateException(made + " has returned before");
      }
      recorder.requireAlive(made.process(), "return", made.operation());
      call = Call.returned(made.process(), made.operation(), made.at(), result, recorder.now());
    }

    /** Notes the return of a call that has no result. */
    public void returned() {
      returned(null);
    }
  }

  /** A process that is being killed. */
  public static final class Dying {
    private final HistoryRecorder<?, ?> recorder;
    private volatile Death death;

    private Dying(HistoryRecorder<?, ?> recorder, String process, long from) {
      this.recorder = recorder;
      this.death = new Death(Objects.requireNonNull(process), from, OptionalLong.empty());
    }

    /** Notes that the process has ended. Calls after the first do nothing. */
    public void dead() {
      if (death.to().isEmpty()) {
        death = new Death(death.process(), death.from(), OptionalLong.of(recorder.now()));
      }
    }
  }
}
