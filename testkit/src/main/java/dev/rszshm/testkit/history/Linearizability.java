package dev.rszshm.testkit.history;

import dev.rszshm.testkit.history.Search.Step;
import dev.rszshm.testkit.history.Verdict.Linearizable;
import dev.rszshm.testkit.history.Verdict.NotLinearizable;
import dev.rszshm.testkit.history.Verdict.Undecided;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Checks whether a history is linearizable: whether every call seems to take effect at one instant
 * between its call and its return, so that all results are those of a sequential object (Herlihy
 * and Wing, 1990).
 *
 * <p>A pending call may take effect at any time after it was made, or never. With processes that
 * are killed this is durable linearizability (Izraelevitz, Mendes and Scott, 2016; used for a queue
 * by Friedman, Herlihy, Marathe and Petrank, 2018): what a dead process had begun may still be
 * completed by somebody else, however late. {@link #strict} asks for more.
 *
 * <p>The search is that of Wing and Gong (1993) with the memory of Lowe (2017), for each partition
 * of the object by itself (Horn and Kroening, 2015). There is no limit to the length of a history.
 * What counts is how many calls of a partition are under way at the same time, and pending ones are
 * under way for ever. With about four at a time, registers, counters, maps, sets and short queues
 * of thousands of calls take milliseconds. A queue or a stack that grows is harder, since the order
 * of two concurrent additions shows only when their elements are taken: keep such histories to
 * about thirty calls. And from about twenty pending calls on a partition on a check may not end. It
 * then gives up at {@link #limit} and says so.
 *
 * <p>Immutable; any thread may use it.
 */
public final class Linearizability<S, O, R> {
  /** How many configurations a check remembers at most, unless told otherwise. */
  public static final long DEFAULT_LIMIT = 1_000_000;

  private static final long NEVER = Long.MAX_VALUE;

  private final Model<S, O, R> model;
  private final boolean strict;
  private final long limit;

  private Linearizability(Model<S, O, R> model, boolean strict, long limit) {
    this.model = Objects.requireNonNull(model, "model");
    this.strict = strict;
    this.limit = limit;
  }

  /** A check against this model. */
  public static <S, O, R> Linearizability<S, O, R> of(Model<S, O, R> model) {
    return new Linearizability<>(model, false, DEFAULT_LIMIT);
  }

  /** Checks a history: {@code of(model).check(history)}. */
  public static <O, R> Verdict<O, R> check(History<O, R> history, Model<?, O, R> model) {
    return of(model).check(history);
  }

  /**
   * Checks a history: {@code of(model).require(history)}.
   *
   * @throws AssertionError unless it is certain that the history is linearizable
   */
  public static <O, R> void requireLinearizable(History<O, R> history, Model<?, O, R> model) {
    of(model).require(history);
  }

  /**
   * The same check, but what a process had begun must take effect before its death or never: strict
   * linearizability (Aguilera and Frølund, 2003). It finds what comes back from the dead: an effect
   * that nobody saw after the death, and then somebody does. An effect is taken to be before the
   * death as long as no call that began after the death precedes it; so a structure may complete
   * what was begun, if the first who could notice does it.
   */
  public Linearizability<S, O, R> strict() {
    return new Linearizability<>(model, true, limit);
  }

  /**
   * The same check with another limit: how many configurations to remember, for each partition. One
   * takes some hundred bytes, and its state.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public Linearizability<S, O, R> limit(long configurations) {
    if (configurations < 1) {
      throw new IllegalArgumentException(
          "limit " + configurations + ": give 1 or more, " + DEFAULT_LIMIT + " is usual");
    }
    return new Linearizability<>(model, strict, configurations);
  }

  /**
   * Checks a history.
   *
   * @throws AssertionError with the explanation, unless it is certain that it is linearizable
   */
  public void require(History<O, R> history) {
    Verdict<O, R> verdict = check(history);
    if (!verdict.isLinearizable()) {
      throw new AssertionError(verdict.explanation());
    }
  }

  /** Checks a history. */
  public Verdict<O, R> check(History<O, R> history) {
    Map<Object, List<Call<O, R>>> partitions = new LinkedHashMap<>();
    for (Call<O, R> call : history.calls()) {
      Object partition = model.partitionOf(call.operation());
      partitions.computeIfAbsent(partition, key -> new ArrayList<>()).add(call);
    }
    List<Placed<O, R>> order = new ArrayList<>();
    List<Verdict<O, R>> undecided = new ArrayList<>();
    for (Map.Entry<Object, List<Call<O, R>>> entry : partitions.entrySet()) {
      History<O, R> part = history.with(entry.getValue());
      List<Event<S, O, R>> events = events(part);
      List<Step<S>> steps = events.stream().map(Event::step).toList();
      Search.Result<S> result = new Search<>(steps, limit).from(model.initial());
      switch (result.end()) {
        case FOUND -> order.addAll(place(calls(events, result.order())));
        case NONE -> {
          return new NotLinearizable<>(
              entry.getKey(),
              part,
              calls(events, result.order()),
              result.state(),
              refusals(calls(events, result.refused()), result.state()),
              result.barrier());
        }
        case GAVE_UP -> undecided.add(new Undecided<>(entry.getKey(), part, limit));
      }
    }
    return undecided.isEmpty() ? new Linearizable<>(history, merge(order)) : undecided.get(0);
  }

  /** A step of the search, and the call that it is, or nothing if it is a death. */
  private record Event<S, O, R>(Step<S> step, Optional<Call<O, R>> call) {}

  private List<Event<S, O, R>> events(History<O, R> history) {
    List<Event<S, O, R>> events = new ArrayList<>();
    for (Call<O, R> call : history.calls()) {
      long end =
          call.response().map(Response::at).orElse(strict ? timeOfDeath(history, call) : NEVER);
      events.add(
          new Event<>(
              new Step<>(call.at(), end, call.isPending(), state -> model.step(state, call)),
              Optional.of(call)));
    }
    if (model instanceof DeathAwareModel<S, O, R> aware) {
      for (Death death : history.deaths()) {
        events.add(
            new Event<>(
                new Step<>(
                    death.from(),
                    death.to().orElse(NEVER),
                    death.to().isEmpty(),
                    state -> List.of(aware.died(state, death.process()))),
                Optional.empty()));
      }
    }
    events.sort(Comparator.comparingLong(event -> event.step().from()));
    return events;
  }

  private static <O, R> long timeOfDeath(History<O, R> history, Call<O, R> call) {
    return history.deathOf(call.process()).map(death -> death.to().orElse(NEVER)).orElse(NEVER);
  }

  private static <S, O, R> List<Call<O, R>> calls(
      List<Event<S, O, R>> events, List<Integer> numbers) {
    return numbers.stream().map(events::get).flatMap(e -> e.call().stream()).toList();
  }

  private List<NotLinearizable.Refusal<O, R>> refusals(List<Call<O, R>> calls, S state) {
    return calls.stream()
        .map(call -> new NotLinearizable.Refusal<>(call, model.objection(state, call)))
        .toList();
  }

  /** A call, and the instant at which it takes effect in the order of its partition. */
  private record Placed<O, R>(Call<O, R> call, long at) {}

  /**
   * Places each call as early as its order permits: at its own beginning, or at the latest
   * beginning of those before it. That is never after its end, as an order never puts a call behind
   * one that begins after its end.
   */
  private static <O, R> List<Placed<O, R>> place(List<Call<O, R>> order) {
    List<Placed<O, R>> placed = new ArrayList<>();
    long at = Long.MIN_VALUE;
    for (Call<O, R> call : order) {
      at = Math.max(at, call.at());
      placed.add(new Placed<>(call, at));
    }
    return placed;
  }

  /** One order of the calls of all partitions, which keeps the order of each. */
  private static <O, R> List<Call<O, R>> merge(List<Placed<O, R>> placed) {
    List<Placed<O, R>> sorted = new ArrayList<>(placed);
    sorted.sort(Comparator.comparingLong(Placed::at));
    return sorted.stream().map(Placed::call).toList();
  }
}
