package dev.rszshm.testkit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.testkit.history.MapModel.Get;
import dev.rszshm.testkit.history.MapModel.Put;
import dev.rszshm.testkit.history.Verdict.Linearizable;
import dev.rszshm.testkit.history.Verdict.NotLinearizable;
import dev.rszshm.testkit.history.Verdict.Undecided;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
  private final HistoryRecorder<MapModel.Operation<String, Integer>, Object> recorder =
      new HistoryRecorder<>();
  private final Linearizability<?, MapModel.Operation<String, Integer>, Object> check =
      Linearizability.of(new MapModel<>());

  private void happens(
      String process, MapModel.Operation<String, Integer> operation, Object result) {
    recorder.record(process, operation, () -> result);
  }

  private boolean isLinearizable() {
    return check.check(recorder.history()).isLinearizable();
  }

  @Test
  void nothingIsLinearizable() {
    assertTrue(isLinearizable());
  }

  @Test
  void aCallBehindAnotherSeesItsEffect() {
    happens("p1", new Put<>("a", 1), null);
    happens("p2", new Get<>("a"), null);
    assertFalse(isLinearizable());
  }

  @Test
  void aCallThatOverlapsAnotherMaySeeItsEffectOrNot() {
    var put = recorder.invoke("p1", new Put<>("a", 1));
    happens("p2", new Get<>("a"), null);
    happens("p2", new Get<>("a"), 1);
    put.returned(null);
    assertTrue(isLinearizable());
  }

  @Test
  void whatWasSeenIsNotUnseen() {
    var put = recorder.invoke("p1", new Put<>("a", 1));
    happens("p2", new Get<>("a"), 1);
    happens("p3", new Get<>("a"), null);
    put.returned(null);
    assertFalse(isLinearizable());
  }

  @Test
  void aPendingCallMayHaveHappened() {
    recorder.invoke("p1", new Put<>("a", 1));
    recorder.died("p1");
    happens("p2", new Get<>("a"), 1);
    assertTrue(isLinearizable());
  }

  @Test
  void aPendingCallMayNotHaveHappened() {
    recorder.invoke("p1", new Put<>("a", 1));
    recorder.died("p1");
    happens("p2", new Get<>("a"), null);
    assertTrue(isLinearizable());
  }

  @Test
  void aPendingCallDoesNotHappenTwice() {
    recorder.invoke("p1", new Put<>("a", 1));
    recorder.died("p1");
    happens("p2", new Get<>("a"), 1);
    happens("p2", new Put<>("a", 2), 1);
    happens("p2", new Get<>("a"), 1);
    assertFalse(isLinearizable());
  }

  @Test
  void aPendingCallDoesNotHappenBeforeItIsMade() {
    happens("p2", new Get<>("a"), 1);
    recorder.invoke("p1", new Put<>("a", 1));
    assertFalse(isLinearizable());
  }

  @Test
  void onlyTheStrictCheckFindsWhatComesBackFromTheDead() {
    recorder.invoke("p1", new Put<>("a", 1));
    recorder.died("p1");
    happens("p2", new Get<>("a"), null);
    happens("p2", new Get<>("a"), 1);
    assertTrue(isLinearizable());
    assertFalse(check.strict().check(recorder.history()).isLinearizable());
  }

  @Test
  void theStrictCheckLetsTheFirstWhoCouldNoticeCompleteWhatWasBegun() {
    recorder.invoke("p1", new Put<>("a", 1));
    recorder.died("p1");
    happens("p2", new Get<>("a"), 1);
    assertTrue(check.strict().check(recorder.history()).isLinearizable());
  }

  @Test
  void theStrictCheckLeavesTheLivingTheirTime() {
    recorder.invoke("p1", new Put<>("a", 1));
    recorder.dying("p1");
    happens("p2", new Get<>("a"), null);
    happens("p2", new Get<>("a"), 1);
    assertTrue(check.strict().check(recorder.history()).isLinearizable());
  }

  @Test
  void theOrderHasWhatReturnedAndOnlyThePendingCallsThatItNeeds() {
    recorder.invoke("p1", new Put<>("a", 1));
    recorder.invoke("p2", new Put<>("b", 1));
    happens("p3", new Get<>("b"), null);
    happens("p3", new Get<>("a"), 1);
    Linearizable<?, ?> verdict =
        assertInstanceOf(Linearizable.class, check.check(recorder.history()));
    assertEquals(
        List.of("p1 put(a, 1) pending", "p3 get(b) = null", "p3 get(a) = 1"),
        verdict.order().stream().map(String::valueOf).toList());
  }

  @Test
  void aFailureSaysHowFarItGetsAndWhatCannotComeNext() {
    var put = recorder.invoke("p1", new Put<>("a", 1));
    recorder.invoke("p2", new Put<>("a", 2));
    put.returned(null);
    recorder.died("p2");
    happens("p1", new Put<>("b", 5), null);
    happens("p3", new Get<>("a"), 3);
    happens("p3", new Get<>("a"), 1);
    AssertionError error =
        assertThrows(
            AssertionError.class,
            () -> Linearizability.requireLinearizable(recorder.history(), new MapModel<>()));
    assertEquals(
        """
        not linearizable (partition a): no order explains all that had returned by time 9.
        The order that gets furthest, and (!) the calls that cannot come next:
          order  process  operation  result  times
          1      p1       put(a, 1)  null    1..3   |-|
                 p2       put(a, 2)  ...     2..     |--x
                 p2       (died)             4..5      xx
          !      p3       get(a)     3       8..9        ||
          (3 of 4 calls; the others are long past or later)
        Then the state is 1, and
          p3 get(a) = 3: it would return 1 here""",
        error.getMessage());
  }

  @Test
  void theFailureOfALongHistoryShowsOnlyItsSurroundings() {
    for (int i = 0; i < 1_000; i++) {
      happens("p1", new Put<>("a", i), i == 0 ? null : i == 500 ? -1 : i - 1);
    }
    Verdict<?, ?> verdict = check.check(recorder.history());
    assertEquals(1_002, assertInstanceOf(NotLinearizable.class, verdict).by());
    assertEquals(47, verdict.explanation().lines().count());
  }

  @Test
  void aSearchThatComesToItsLimitIsUndecidedAndNoSuccess() {
    HistoryRecorder<CounterModel.Operation, Long> adds = new HistoryRecorder<>();
    for (int i = 0; i < 20; i++) {
      adds.invoke("p" + i, new CounterModel.GetAndAdd(1L << i));
    }
    adds.record("q", new CounterModel.Get(), () -> -1L);
    var limited = Linearizability.of(new CounterModel(0)).limit(1_000);
    var verdict = assertInstanceOf(Undecided.class, limited.check(adds.history()));
    assertEquals(1_000, verdict.limit());
    assertFalse(verdict.isLinearizable());
    AssertionError error =
        assertThrows(AssertionError.class, () -> limited.require(adds.history()));
    assertTrue(error.getMessage().startsWith("undecided: gave up after 1,000 configurations"));
    assertThrows(IllegalArgumentException.class, () -> limited.limit(0));
  }

  @Test
  void aWrongPartitionIsFoundThoughAnotherIsUndecided() {
    for (int i = 0; i < 20; i++) {
      recorder.invoke("p" + i, new Put<>("a", i));
    }
    happens("q", new Get<>("a"), -1);
    happens("q", new Get<>("b"), 7);
    assertEquals(
        "b",
        assertInstanceOf(NotLinearizable.class, check.limit(1_000).check(recorder.history()))
            .partition());
  }

  @Test
  void thousandsOfCallsAreNoProblemIfFewAreConcurrent() {
    int value = 0;
    for (int i = 0; i < 5_000; i++) {
      var put = recorder.invoke("p1", new Put<>("a", value + 1));
      happens("p2", new Get<>("a"), i % 2 == 0 ? orNull(value) : Integer.valueOf(value + 1));
      put.returned(orNull(value++));
    }
    assertTrue(isLinearizable());
  }

  private static Integer orNull(int value) {
    return value == 0 ? null : value;
  }

  /** Any free number may be taken: what a result leads to is known only when it is seen. */
  private static final class TicketModel implements Model<Set<Integer>, String, Integer> {
    @Override
    public Set<Integer> initial() {
      return Set.of();
    }

    @Override
    public Collection<Set<Integer>> step(Set<Integer> taken, Call<String, Integer> call) {
      return IntStream.range(0, 3)
          .filter(ticket -> call.mayReturn(ticket) && !taken.contains(ticket))
          .mapToObj(
              ticket -> {
                Set<Integer> next = new HashSet<>(taken);
                next.add(ticket);
                return Set.copyOf(next);
              })
          .toList();
    }
  }

  @Test
  void aModelMayLeaveAChoice() {
    List<Call<String, Integer>> calls = new ArrayList<>();
    calls.add(Call.pending("p1", "take", 1));
    calls.add(Call.returned("p2", "take", 2, 2, 3));
    calls.add(Call.returned("p2", "take", 4, 0, 5));
    assertTrue(Linearizability.check(History.of(calls), new TicketModel()).isLinearizable());
    calls.add(Call.returned("p2", "take", 6, 2, 7));
    assertFalse(Linearizability.check(History.of(calls), new TicketModel()).isLinearizable());
  }
}
