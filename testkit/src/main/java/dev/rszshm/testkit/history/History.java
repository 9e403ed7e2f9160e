package dev.rszshm.testkit.history;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What several processes did to one shared object: their calls with the times of call and return,
 * and their deaths.
 *
 * <p>Times are logical: only their order counts. Two calls are concurrent unless one returned
 * before the other was made; equal times are concurrent.
 *
 * <p>Immutable, and made by a {@link HistoryRecorder}, or from records that a test has gathered by
 * other means, such as logs of several JVMs with times of one monotonic clock.
 */
public final class History<O, R> {
  private final List<Call<O, R>> calls;
  private final List<Death> deaths;

  private History(List<Call<O, R>> calls, List<Death> deaths) {
    this.calls = calls.stream().sorted(Comparator.comparingLong(Call::at)).toList();
    this.deaths = deaths.stream().sorted(Comparator.comparingLong(Death::from)).toList();
  }

  /** A history of calls, in any order, in which nobody died. */
  public static <O, R> History<O, R> of(List<Call<O, R>> calls) {
    return of(calls, List.of());
  }

  /**
   * A history of calls and deaths, in any order.
   *
   * @throws IllegalArgumentException if a process dies twice, or calls or returns after its death
   */
  public static <O, R> History<O, R> of(List<Call<O, R>> calls, List<Death> deaths) {
    History<O, R> history = new History<>(calls, deaths);
    Set<String> dead = new HashSet<>();
    for (Death death : history.deaths) {
      if (!dead.add(death.process())) {
        throw new IllegalArgumentException(
            death.process() + " dies twice: a restarted process needs a name of its own");
      }
      for (Call<O, R> call : history.calls) {
        long last = call.response().map(Response::at).orElse(call.at());
        if (call.process().equals(death.process()) && last > death.to().orElse(Long.MAX_VALUE)) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "%s at %d is after the death of %s at %d: a restarted process needs a name of its own",
                  call,
                  last,
                  death.process(),
                  death.to().getAsLong()));
        }
      }
    }
    return history;
  }

  /** The calls, by the time of the call. */
  public List<Call<O, R>> calls() {
    return calls;
  }

  /** The deaths, by the time from which on they are possible. */
  public List<Death> deaths() {
    return deaths;
  }

  /** How and when the process died, if it did. */
  public Optional<Death> deathOf(String process) {
    return deaths.stream().filter(death -> death.process().equals(process)).findFirst();
  }

  /** The same deaths, with these calls only. */
  History<O, R> with(List<Call<O, R>> some) {
    return new History<>(some, deaths);
  }

  /**
   * A time diagram, one line a call. {@code ...} stands for the result of a pending call; the bar
   * of one that died ends with x, and the bar of one that may still return has no end.
   */
  @Override
  public String toString() {
    return new Diagram(this).toString();
  }
}
