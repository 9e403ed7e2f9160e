package dev.rszshm.testkit.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Linearizability by its definition, for a few calls: is there, among all orders of all choices of
 * calls, one that has what it must have, keeps to the times, and is one of the model?
 */
final class BruteForce<S, O, R> {

  /** A call or a death, exactly one of them null, with a number that makes it unique. */
  private record Event<O, R>(int number, Call<O, R> call, Death death) {
    long from() {
      return call != null ? call.at() : death.from();
    }

    long to() {
      return call != null
          ? call.response().map(Response::at).orElse(Long.MAX_VALUE)
          : death.to().orElse(Long.MAX_VALUE);
    }
  }

  private final History<O, R> history;
  private final Model<S, O, R> model;
  private final boolean strict;
  private final long until;
  private final List<Event<O, R>> events = new ArrayList<>();

  private BruteForce(History<O, R> history, Model<S, O, R> model, boolean strict, long until) {
    this.history = history;
    this.model = model;
    this.strict = strict;
    this.until = until;
    history.calls().forEach(call -> events.add(new Event<>(events.size(), call, null)));
    if (model instanceof DeathAwareModel) {
      history.deaths().forEach(death -> events.add(new Event<>(events.size(), null, death)));
    }
  }

  static <S, O, R> boolean isLinearizable(
      History<O, R> history, Model<S, O, R> model, boolean strict) {
    return explainsUntil(history, model, strict, Long.MAX_VALUE - 1);
  }

  /** Whether an order has everything that ended by this time, and perhaps more. */
  static <S, O, R> boolean explainsUntil(
      History<O, R> history, Model<S, O, R> model, boolean strict, long until) {
    return new BruteForce<>(history, model, strict, until).anyOrder(new ArrayList<>());
  }

  /** Whether this order of calls is one of the model. */
  static <S, O, R> boolean isAllowed(List<Call<O, R>> order, Model<S, O, R> model) {
    BruteForce<S, O, R> force =
        new BruteForce<>(History.of(order), model, false, Long.MAX_VALUE - 1);
    List<Event<O, R>> events = new ArrayList<>(force.events);
    events.sort(Comparator.comparingInt(event -> indexOf(event.call(), order)));
    return force.keepsTimes(events) && force.isOfModel(events);
  }

  private static <T> int indexOf(T very, List<T> list) {
    return IntStream.range(0, list.size()).filter(i -> list.get(i) == very).findFirst().orElse(-1);
  }

  private boolean anyOrder(List<Event<O, R>> order) {
    if (isComplete(order) && keepsTimes(order) && keepsDeaths(order) && isOfModel(order)) {
      return true;
    }
    for (Event<O, R> event : events) {
      if (!order.contains(event)) {
        order.add(event);
        boolean found = anyOrder(order);
        order.remove(order.size() - 1);
        if (found) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isComplete(List<Event<O, R>> order) {
    return events.stream().allMatch(e -> e.to() > until || order.contains(e));
  }

  private boolean keepsTimes(List<Event<O, R>> order) {
    for (int i = 0; i < order.size(); i++) {
      for (Event<O, R> before : order.subList(0, i)) {
        if (order.get(i).to() < before.from()) {
          return false;
        }
      }
      for (Event<O, R> other : events) {
        if (other.to() < order.get(i).from() && !order.subList(0, i).contains(other)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean keepsDeaths(List<Event<O, R>> order) {
    if (!strict) {
      return true;
    }
    for (int i = 0; i < order.size(); i++) {
      Call<O, R> call = order.get(i).call();
      if (call == null || !call.isPending()) {
        continue;
      }
      long death =
          history
              .deathOf(call.process())
              .map(d -> d.to().orElse(Long.MAX_VALUE))
              .orElse(Long.MAX_VALUE);
      if (order.subList(0, i).stream().anyMatch(before -> before.from() > death)) {
        return false;
      }
    }
    return true;
  }

  private boolean isOfModel(List<Event<O, R>> order) {
    Set<S> states = new HashSet<>(Set.of(model.initial()));
    for (Event<O, R> event : order) {
      Set<S> next = new HashSet<>();
      states.forEach(state -> next.addAll(next(state, event)));
      states = next;
    }
    return !states.isEmpty();
  }

  private Collection<S> next(S state, Event<O, R> event) {
    return event.call() != null
        ? model.step(state, event.call())
        : List.of(((DeathAwareModel<S, O, R>) model).died(state, event.death().process()));
  }
}
