package dev.rszshm.testkit.history;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Histories that are linearizable because of how they were made: an object of the JDK is called in
 * an order, and each call is stretched at random around the instant of its effect. All of them are
 * accepted.
 */
class SequentialOriginTest {
  private static final long BETWEEN = 100;

  /** What becomes of a call. */
  enum Fate {
    RETURNS,
    DIES_WITH_EFFECT,
    DIES_WITHOUT_EFFECT
  }

  /** A call, and how long before and after its effect it begins and ends. */
  record Plan<O>(O operation, Fate fate, long before, long after) {}

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void registersAreAccepted(
      @ForAll("register") List<Plan<RegisterModel.Operation<Integer>>> plans) {
    AtomicReference<Integer> register = new AtomicReference<>();
    assertAccepted(plans, o -> RealObjects.call(register, o), new RegisterModel<>(null));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void countersAreAccepted(@ForAll("counter") List<Plan<CounterModel.Operation>> plans) {
    AtomicLong counter = new AtomicLong(-1);
    assertAccepted(plans, o -> RealObjects.call(counter, o), new CounterModel(-1));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void mapsAreAccepted(@ForAll("map") List<Plan<MapModel.Operation<String, Integer>>> plans) {
    ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();
    assertAccepted(plans, o -> RealObjects.call(map, o), new MapModel<>());
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void setsAreAccepted(@ForAll("set") List<Plan<SetModel.Operation<Integer>>> plans) {
    HashSet<Integer> set = new HashSet<>();
    assertAccepted(plans, o -> RealObjects.call(set, o), new SetModel<>());
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void queuesAreAccepted(@ForAll("queue") List<Plan<QueueModel.Operation<Integer>>> plans) {
    Queue<Integer> queue = new ArrayDeque<>();
    assertAccepted(plans, o -> RealObjects.call(queue, o), QueueModel.unbounded());
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void boundedQueuesAreAccepted(@ForAll("queue") List<Plan<QueueModel.Operation<Integer>>> plans) {
    ArrayBlockingQueue<Integer> queue = new ArrayBlockingQueue<>(3);
    assertAccepted(plans, o -> RealObjects.call(queue, o), QueueModel.bounded(3));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void stacksAreAccepted(@ForAll("stack") List<Plan<StackModel.Operation<Integer>>> plans) {
    ArrayDeque<Integer> stack = new ArrayDeque<>();
    assertAccepted(plans, o -> RealObjects.call(stack, o), new StackModel<>());
  }

  /** Every call has a process of its own, as those that die have no second one. */
  private static <O, R> void assertAccepted(
      List<Plan<O>> plans, Function<O, R> object, Model<?, O, R> model) {
    List<Call<O, R>> calls = new ArrayList<>();
    List<Death> deaths = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      Plan<O> plan = plans.get(i);
      String process = "p" + i;
      long effect = i * BETWEEN;
      long begin = effect - plan.before();
      long end = effect + plan.after();
      R result = plan.fate() == Fate.DIES_WITHOUT_EFFECT ? null : object.apply(plan.operation());
      if (plan.fate() == Fate.RETURNS) {
        calls.add(Call.returned(process, plan.operation(), begin, result, end));
      } else {
        calls.add(Call.pending(process, plan.operation(), begin));
        deaths.add(new Death(process, begin, OptionalLong.of(end)));
      }
    }
    History<O, R> history = History.of(calls, deaths);
    for (Linearizability<?, O, R> check :
        List.of(Linearizability.of(model), Linearizability.of(model).strict())) {
      Verdict<O, R> verdict = check.check(history);
      assertTrue(verdict.isLinearizable(), verdict::explanation);
    }
  }

  @Provide
  Arbitrary<List<Plan<RegisterModel.Operation<Integer>>>> register() {
    return plans(Operations.register());
  }

  @Provide
  Arbitrary<List<Plan<CounterModel.Operation>>> counter() {
    return plans(Operations.counter());
  }

  @Provide
  Arbitrary<List<Plan<MapModel.Operation<String, Integer>>>> map() {
    return plans(Operations.map());
  }

  @Provide
  Arbitrary<List<Plan<SetModel.Operation<Integer>>>> set() {
    return plans(Operations.set());
  }

  @Provide
  Arbitrary<List<Plan<QueueModel.Operation<Integer>>>> queue() {
    return plans(Operations.queue());
  }

  @Provide
  Arbitrary<List<Plan<StackModel.Operation<Integer>>>> stack() {
    return plans(Operations.stack());
  }

  private static <O> Arbitrary<List<Plan<O>>> plans(Arbitrary<O> operations) {
    return Combinators.combine(
            operations,
            Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just(Fate.RETURNS)),
                Tuple.of(2, Arbitraries.of(Fate.class))),
            Arbitraries.longs().between(0, 3 * BETWEEN),
            Arbitraries.longs().between(0, 3 * BETWEEN))
        .as(Plan::new)
        .list()
        .ofMaxSize(30);
  }
}
