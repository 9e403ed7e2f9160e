package dev.rszshm.testkit.history;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random operations of the models, on few values, so that they get into each other's way. */
final class Operations {
  private Operations() {}

  static Arbitrary<RegisterModel.Operation<Integer>> register() {
    return Arbitraries.oneOf(
        Arbitraries.create(RegisterModel.Read::new),
        value().map(RegisterModel.Write::new),
        value().map(RegisterModel.GetAndSet::new),
        Combinators.combine(value(), value()).as(RegisterModel.CompareAndSet::new));
  }

  static Arbitrary<CounterModel.Operation> counter() {
    return Arbitraries.oneOf(
        Arbitraries.create(CounterModel.Get::new),
        Arbitraries.longs().between(-1, 2).map(CounterModel.GetAndAdd::new));
  }

  static Arbitrary<MapModel.Operation<String, Integer>> map() {
    return Arbitraries.oneOf(
        key().map(MapModel.Get::new),
        key().map(MapModel.ContainsKey::new),
        key().map(MapModel.Remove::new),
        Combinators.combine(key(), value()).as(MapModel.Put::new),
        Combinators.combine(key(), value()).as(MapModel.PutIfAbsent::new),
        Combinators.combine(key(), value()).as(MapModel.RemoveValue::new),
        Combinators.combine(key(), value()).as(MapModel.Replace::new),
        Combinators.combine(key(), value(), value()).as(MapModel.ReplaceValue::new));
  }

  static Arbitrary<SetModel.Operation<Integer>> set() {
    return Arbitraries.oneOf(
        value().map(SetModel.Add::new),
        value().map(SetModel.Remove::new),
        value().map(SetModel.Contains::new));
  }

  static Arbitrary<QueueModel.Operation<Integer>> queue() {
    return Arbitraries.oneOf(
        value().map(QueueModel.Offer::new),
        Arbitraries.create(QueueModel.Poll::new),
        Arbitraries.create(QueueModel.Peek::new));
  }

  static Arbitrary<StackModel.Operation<Integer>> stack() {
    return Arbitraries.oneOf(
        value().map(StackModel.Push::new),
        Arbitraries.create(StackModel.Pop::new),
        Arbitraries.create(StackModel.Peek::new));
  }

  static Arbitrary<LockModel.Operation> lock() {
    return Arbitraries.of(
        new LockModel.Acquire(), new LockModel.TryAcquire(), new LockModel.Release());
  }

  static Arbitrary<Integer> value() {
    return Arbitraries.of(1, 2);
  }

  static Arbitrary<String> key() {
    return Arbitraries.of("a", "b");
  }
}
