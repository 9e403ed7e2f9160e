package dev.rszshm.testkit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the models allow and refuse, by short histories of one call after the other. */
class ModelsTest {

  /** A history that is made call by call. */
  private static final class Script<O, R> {
    private final HistoryRecorder<O, R> recorder = new HistoryRecorder<>();
    private final Model<?, O, R> model;

    Script(Model<?, O, R> model) {
      this.model = model;
    }

    Script<O, R> then(O operation, R result) {
      return then("p1", operation, result);
    }

    Script<O, R> then(String process, O operation, R result) {
      recorder.invoke(process, operation).returned(result);
      return this;
    }

    Script<O, R> pending(String process, O operation) {
      recorder.invoke(process, operation);
      return this;
    }

    Script<O, R> died(String process) {
      recorder.died(process);
      return this;
    }

    void isAllowed() {
      Linearizability.requireLinearizable(recorder.history(), model);
    }

    /** It is the last call that is refused, and for this reason. */
    void isRefused(String objection) {
      History<O, R> history = recorder.history();
      List<Call<O, R>> before = new ArrayList<>(history.calls());
      before.remove(before.size() - 1);
      Linearizability.requireLinearizable(History.of(before, history.deaths()), model);
      AssertionError error =
          assertThrows(
              AssertionError.class, () -> Linearizability.requireLinearizable(history, model));
      String text = error.getMessage();
      assertEquals(objection, text.substring(text.lastIndexOf(": ") + 2));
    }
  }

  @Nested
  class OfARegister {
    private Script<RegisterModel.Operation<String>, Object> script() {
      return new Script<>(new RegisterModel<>(null));
    }

    @Test
    void holdsWhatWasWrittenLast() {
      script()
          .then(new RegisterModel.Read<>(), null)
          .then(new RegisterModel.Write<>("a"), null)
          .then(new RegisterModel.GetAndSet<>("b"), "a")
          .then(new RegisterModel.CompareAndSet<>("b", "c"), true)
          .then(new RegisterModel.CompareAndSet<>("b", "d"), false)
          .then(new RegisterModel.CompareAndSet<>("c", null), true)
          .then(new RegisterModel.Read<>(), null)
          .isAllowed();
    }

    @Test
    void doesNotHoldWhatWasOverwritten() {
      script()
          .then(new RegisterModel.Write<>("a"), null)
          .then(new RegisterModel.Write<>("b"), null)
          .then(new RegisterModel.Read<>(), "a")
          .isRefused("it would return b here");
    }

    @Test
    void isNotSetIfItHoldsSomethingElse() {
      script()
          .then(new RegisterModel.CompareAndSet<>("a", "b"), true)
          .isRefused("it would return false here");
    }
  }

  @Nested
  class OfACounter {
    private Script<CounterModel.Operation, Long> script() {
      return new Script<>(new CounterModel(10));
    }

    @Test
    void hasTheSumOfWhatWasAdded() {
      script()
          .then(new CounterModel.GetAndAdd(5), 10L)
          .then(new CounterModel.GetAndAdd(-1), 15L)
          .then(new CounterModel.Get(), 14L)
          .isAllowed();
    }

    @Test
    void givesNoNumberTwice() {
      script()
          .then("p1", new CounterModel.GetAndAdd(1), 10L)
          .then("p2", new CounterModel.GetAndAdd(1), 10L)
          .isRefused("it would return 11 here");
    }
  }

  @Nested
  class OfAMap {
    private Script<MapModel.Operation<String, Integer>, Object> script() {
      return new Script<>(new MapModel<>());
    }

    @Test
    void everyMethodReturnsWhatThatOfAMapReturns() {
      script()
          .then(new MapModel.Get<>("a"), null)
          .then(new MapModel.Replace<>("a", 1), null)
          .then(new MapModel.PutIfAbsent<>("a", 2), null)
          .then(new MapModel.PutIfAbsent<>("a", 3), 2)
          .then(new MapModel.Replace<>("a", 4), 2)
          .then(new MapModel.ReplaceValue<>("a", 3, 5), false)
          .then(new MapModel.ReplaceValue<>("a", 4, 5), true)
          .then(new MapModel.ContainsKey<>("a"), true)
          .then(new MapModel.ContainsKey<>("b"), false)
          .then(new MapModel.RemoveValue<>("a", 4), false)
          .then(new MapModel.RemoveValue<>("a", 5), true)
          .then(new MapModel.Put<>("a", 6), null)
          .then(new MapModel.Remove<>("a"), 6)
          .then(new MapModel.Remove<>("a"), null)
          .isAllowed();
    }

    @Test
    void aRemovedValueIsGone() {
      script()
          .then(new MapModel.Put<>("a", 1), null)
          .then(new MapModel.Remove<>("a"), 1)
          .then(new MapModel.Get<>("a"), 1)
          .isRefused("it would return null here");
    }

    @Test
    void keysDoNotMix() {
      script()
          .then(new MapModel.Put<>("a", 1), null)
          .then(new MapModel.Get<>("b"), 1)
          .isRefused("it would return null here");
    }
  }

  @Nested
  class OfASet {
    private Script<SetModel.Operation<String>, Boolean> script() {
      return new Script<>(new SetModel<>());
    }

    @Test
    void anElementIsThereFromItsAdditionToItsRemoval() {
      script()
          .then(new SetModel.Contains<>("a"), false)
          .then(new SetModel.Add<>("a"), true)
          .then(new SetModel.Add<>("a"), false)
          .then(new SetModel.Contains<>("a"), true)
          .then(new SetModel.Remove<>("a"), true)
          .then(new SetModel.Remove<>("a"), false)
          .isAllowed();
    }

    @Test
    void nothingIsRemovedTwice() {
      script()
          .then(new SetModel.Add<>("a"), true)
          .then(new SetModel.Remove<>("a"), true)
          .then(new SetModel.Remove<>("a"), true)
          .isRefused("it would return false here");
    }
  }

  @Nested
  class OfAQueue {
    private Script<QueueModel.Operation<Integer>, Object> script(QueueModel<Integer> model) {
      return new Script<>(model);
    }

    @Test
    void theOldestLeavesFirst() {
      script(QueueModel.unbounded())
          .then(new QueueModel.Poll<>(), null)
          .then(new QueueModel.Offer<>(1), true)
          .then(new QueueModel.Offer<>(2), true)
          .then(new QueueModel.Peek<>(), 1)
          .then(new QueueModel.Poll<>(), 1)
          .then(new QueueModel.Poll<>(), 2)
          .then(new QueueModel.Peek<>(), null)
          .isAllowed();
    }

    @Test
    void theNewestDoesNotOvertake() {
      script(QueueModel.unbounded())
          .then(new QueueModel.Offer<>(1), true)
          .then(new QueueModel.Offer<>(2), true)
          .then(new QueueModel.Poll<>(), 2)
          .isRefused("it would return 1 here");
    }

    @Test
    void aFullQueueTakesNothing() {
      script(QueueModel.bounded(1))
          .then(new QueueModel.Offer<>(1), true)
          .then(new QueueModel.Offer<>(2), false)
          .then(new QueueModel.Poll<>(), 1)
          .then(new QueueModel.Poll<>(), null)
          .isAllowed();
      script(QueueModel.bounded(1))
          .then(new QueueModel.Offer<>(1), true)
          .then(new QueueModel.Offer<>(2), true)
          .isRefused("it would return false here");
      assertThrows(IllegalArgumentException.class, () -> QueueModel.bounded(0));
    }
  }

  @Nested
  class OfAStack {
    private Script<StackModel.Operation<Integer>, Integer> script() {
      return new Script<>(new StackModel<>());
    }

    @Test
    void theNewestLeavesFirst() {
      script()
          .then(new StackModel.Pop<>(), null)
          .then(new StackModel.Push<>(1), null)
          .then(new StackModel.Push<>(2), null)
          .then(new StackModel.Peek<>(), 2)
          .then(new StackModel.Pop<>(), 2)
          .then(new StackModel.Pop<>(), 1)
          .then(new StackModel.Peek<>(), null)
          .isAllowed();
    }

    @Test
    void theOldestDoesNotLeaveFirst() {
      script()
          .then(new StackModel.Push<>(1), null)
          .then(new StackModel.Push<>(2), null)
          .then(new StackModel.Pop<>(), 1)
          .isRefused("it would return 2 here");
    }
  }

  @Nested
  class OfALock {
    private final LockModel.Operation acquire = new LockModel.Acquire();
    private final LockModel.Operation tryAcquire = new LockModel.TryAcquire();
    private final LockModel.Operation release = new LockModel.Release();

    private Script<LockModel.Operation, LockModel.Answer> script() {
      return new Script<>(LockModel.robust());
    }

    @Test
    void oneHoldsItAtATime() {
      script()
          .then("p1", acquire, LockModel.Answer.ACQUIRED)
          .then("p2", tryAcquire, LockModel.Answer.BUSY)
          .then("p1", release, null)
          .then("p2", tryAcquire, LockModel.Answer.ACQUIRED)
          .isAllowed();
      script()
          .then("p1", acquire, LockModel.Answer.ACQUIRED)
          .then("p2", acquire, LockModel.Answer.ACQUIRED)
          .isRefused("it would have to wait here");
    }

    @Test
    void onlyTheHolderReleasesIt() {
      script()
          .then("p1", acquire, LockModel.Answer.ACQUIRED)
          .then("p2", release, null)
          .isRefused("p2 does not hold the lock here");
    }

    @Test
    void theNextOneIsToldThatTheHolderDied() {
      script()
          .then("p1", acquire, LockModel.Answer.ACQUIRED)
          .died("p1")
          .then("p2", tryAcquire, LockModel.Answer.OWNER_DIED)
          .then("p2", release, null)
          .then("p3", acquire, LockModel.Answer.ACQUIRED)
          .isAllowed();
      script()
          .then("p1", acquire, LockModel.Answer.ACQUIRED)
          .died("p1")
          .then("p2", acquire, LockModel.Answer.ACQUIRED)
          .isRefused("it would return OWNER_DIED here");
    }

    @Test
    void theNextOneIsToldNothingByASilentLock() {
      new Script<>(LockModel.silent())
          .then("p1", acquire, LockModel.Answer.ACQUIRED)
          .died("p1")
          .then("p2", acquire, LockModel.Answer.ACQUIRED)
          .isAllowed();
    }

    @Test
    void aDeathTakesNothingFromTheLiving() {
      script()
          .then("p1", acquire, LockModel.Answer.ACQUIRED)
          .died("p2")
          .then("p3", acquire, LockModel.Answer.OWNER_DIED)
          .isRefused("it would have to wait here");
    }

    @Test
    void whoDiesInACallMayHaveAcquiredOrNot() {
      for (LockModel.Answer answer :
          List.of(LockModel.Answer.ACQUIRED, LockModel.Answer.OWNER_DIED)) {
        script().pending("p1", acquire).died("p1").then("p2", acquire, answer).isAllowed();
      }
    }

    @Test
    void whoDiesInACallMayHaveReleasedOrNot() {
      for (LockModel.Answer answer :
          List.of(LockModel.Answer.ACQUIRED, LockModel.Answer.OWNER_DIED)) {
        script()
            .then("p1", acquire, LockModel.Answer.ACQUIRED)
            .pending("p1", release)
            .died("p1")
            .then("p2", acquire, answer)
            .isAllowed();
      }
    }
  }
}
