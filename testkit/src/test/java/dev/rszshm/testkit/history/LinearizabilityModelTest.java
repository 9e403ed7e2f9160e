package dev.rszshm.testkit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.testkit.history.Verdict.Linearizable;
import dev.rszshm.testkit.history.Verdict.NotLinearizable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/** Any small history, mostly a wrong one: the checker says what the definition says. */
class LinearizabilityModelTest {
  private static final long END = 12;

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  @StatisticsReport(onFailureOnly = true)
  void agreesWithTheDefinitionAboutRegisters(
      @ForAll("registerCalls") @Size(max = 5)
          List<Call<RegisterModel.Operation<Integer>, Object>> calls,
      @ForAll("deaths") List<Death> deaths,
      @ForAll boolean strict) {
    RegisterModel<Integer> model = new RegisterModel<>(1);
    assertAgrees(calls, deaths, model, model, strict);
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  @StatisticsReport(onFailureOnly = true)
  void agreesWithTheDefinitionAboutQueues(
      @ForAll("queueCalls") @Size(max = 5) List<Call<QueueModel.Operation<Integer>, Object>> calls,
      @ForAll("deaths") List<Death> deaths,
      @ForAll boolean strict) {
    QueueModel<Integer> model = QueueModel.bounded(2);
    assertAgrees(calls, deaths, model, model, strict);
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  @StatisticsReport(onFailureOnly = true)
  void agreesWithTheDefinitionAboutMapsTakenApartByTheirKeys(
      @ForAll("mapCalls") @Size(max = 5)
          List<Call<MapModel.Operation<String, Integer>, Object>> calls,
      @ForAll("deaths") List<Death> deaths,
      @ForAll boolean strict) {
    assertAgrees(calls, deaths, new MapModel<>(), new WholeMapModel<>(), strict);
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  @StatisticsReport(onFailureOnly = true)
  void agreesWithTheDefinitionAboutLocksWhoseHoldersDie(
      @ForAll("lockCalls") @Size(max = 4) List<Call<LockModel.Operation, LockModel.Answer>> calls,
      @ForAll("deaths") List<Death> deaths,
      @ForAll boolean strict) {
    LockModel model = LockModel.robust();
    assertAgrees(calls, deaths, model, model, strict);
  }

  /** Checks with one model, and compares with the definition and another model. */
  private static <O, R> void assertAgrees(
      List<Call<O, R>> calls,
      List<Death> deaths,
      Model<?, O, R> model,
      Model<?, O, R> whole,
      boolean strict) {
    History<O, R> history = historyOf(calls, deaths);
    Linearizability<?, O, R> check = Linearizability.of(model);
    Verdict<O, R> verdict = (strict ? check.strict() : check).check(history);
    boolean expected = BruteForce.isLinearizable(history, whole, strict);
    Statistics.coverage(
        coverage -> {
          coverage.check(true).percentage(percent -> percent > 5);
          coverage.check(false).percentage(percent -> percent > 5);
        });
    Statistics.collect(expected);
    assertEquals(expected, verdict.isLinearizable(), verdict::explanation);
    if (verdict instanceof Linearizable<O, R> linearizable) {
      assertTrue(linearizable.order().containsAll(returned(history)));
      assertTrue(
          whole instanceof DeathAwareModel || BruteForce.isAllowed(linearizable.order(), whole),
          verdict::explanation);
    } else if (verdict instanceof NotLinearizable<O, R> failure) {
      History<O, R> wrong = failure.history();
      assertFalse(
          BruteForce.explainsUntil(wrong, model, strict, failure.by()), verdict::explanation);
      assertTrue(
          BruteForce.explainsUntil(wrong, model, strict, failure.by() - 1), verdict::explanation);
      assertFalse(failure.refused().isEmpty());
    }
  }

  private static <O, R> List<Call<O, R>> returned(History<O, R> history) {
    return history.calls().stream().filter(call -> !call.isPending()).toList();
  }

  /** What lies behind the death of its process is cut off. */
  private static <O, R> History<O, R> historyOf(List<Call<O, R>> calls, List<Death> deaths) {
    List<Call<O, R>> possible = new ArrayList<>();
    for (Call<O, R> call : calls) {
      long death =
          deaths.stream()
              .filter(d -> d.process().equals(call.process()))
              .mapToLong(d -> d.to().orElse(Long.MAX_VALUE))
              .findFirst()
              .orElse(Long.MAX_VALUE);
      if (call.at() > death) {
        continue;
      }
      boolean returns = call.response().isPresent() && call.response().get().at() <= death;
      possible.add(returns ? call : Call.pending(call.process(), call.operation(), call.at()));
    }
    return History.of(possible, deaths);
  }

  @Provide
  Arbitrary<List<Call<RegisterModel.Operation<Integer>, Object>>> registerCalls() {
    return calls(
        Operations.register(),
        Operations.value().optional(),
        (operation, state) -> operation.on(state).result());
  }

  @Provide
  Arbitrary<List<Call<QueueModel.Operation<Integer>, Object>>> queueCalls() {
    return calls(
        Operations.queue(),
        Operations.value().list().ofMaxSize(2),
        (operation, state) -> operation.on(state, 2).result());
  }

  @Provide
  Arbitrary<List<Call<MapModel.Operation<String, Integer>, Object>>> mapCalls() {
    return calls(
        Operations.map(),
        Operations.value().optional(),
        (operation, state) -> operation.on(state).result());
  }

  @Provide
  Arbitrary<List<Call<LockModel.Operation, LockModel.Answer>>> lockCalls() {
    return calls(
        Operations.lock(),
        Arbitraries.of(LockModel.Answer.class),
        (operation, answer) -> operation instanceof LockModel.Release ? null : answer);
  }

  /** Calls with a result that they would have in some state, most likely not in theirs. */
  private static <S, O, R> Arbitrary<List<Call<O, R>>> calls(
      Arbitrary<O> operations, Arbitrary<S> states, BiFunction<O, S, R> results) {
    return Combinators.combine(
            process(),
            operations,
            states,
            Arbitraries.longs().between(0, END),
            Arbitraries.longs().between(0, END / 2),
            Arbitraries.integers().between(0, 3))
        .as(
            (process, operation, state, at, length, pending) ->
                pending == 0
                    ? Call.<O, R>pending(process, operation, at)
                    : Call.returned(
                        process, operation, at, results.apply(operation, state), at + length))
        .list();
  }

  @Provide
  Arbitrary<List<Death>> deaths() {
    return Combinators.combine(
            process(),
            Arbitraries.longs().between(0, END),
            Arbitraries.longs().between(0, END / 4).injectNull(0.1))
        .as(
            (process, from, length) ->
                new Death(
                    process,
                    from,
                    length == null ? OptionalLong.empty() : OptionalLong.of(from + length)))
        .list()
        .ofMaxSize(2)
        .uniqueElements(Death::process);
  }

  private static Arbitrary<String> process() {
    return Arbitraries.of("p1", "p2", "p3");
  }
}
