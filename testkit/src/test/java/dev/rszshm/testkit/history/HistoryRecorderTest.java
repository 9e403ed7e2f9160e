package dev.rszshm.testkit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.testkit.history.MapModel.Get;
import dev.rszshm.testkit.history.MapModel.Put;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class HistoryRecorderTest {
  private final HistoryRecorder<MapModel.Operation<String, Integer>, Object> recorder =
      new HistoryRecorder<>();

  @Test
  void callsAreInTheOrderInWhichTheyWereMade() {
    var first = recorder.invoke("p1", new Put<>("a", 1));
    var second = recorder.invoke("p2", new Get<>("a"));
    second.returned(1);
    first.returned(null);
    assertEquals(
        List.of(
            Call.returned("p1", new Put<>("a", 1), 1, null, 4),
            Call.returned("p2", new Get<>("a"), 2, 1, 3)),
        recorder.history().calls());
  }

  @Test
  void whatHasNotReturnedIsPending() {
    recorder.invoke("p1", new Get<>("a"));
    assertTrue(recorder.history().calls().get(0).isPending());
  }

  @Test
  void aHistoryDoesNotChangeAnyMore() {
    var call = recorder.invoke("p1", new Get<>("a"));
    var history = recorder.history();
    call.returned(null);
    recorder.died("p1");
    assertTrue(history.calls().get(0).isPending());
    assertEquals(List.of(), history.deaths());
  }

  @Test
  void aCallThatThrowsIsPending() {
    assertThrows(
        ArithmeticException.class,
        () ->
            recorder.record(
                "p1",
                new Get<>("a"),
                () -> {
                  throw new ArithmeticException();
                }));
    assertTrue(recorder.history().calls().get(0).isPending());
  }

  @Test
  void theDeadNeitherCallNorReturn() {
    var call = recorder.invoke("p1", new Get<>("a"));
    recorder.died("p1");
    assertThrows(IllegalStateException.class, () -> call.returned(1));
    assertThrows(IllegalStateException.class, () -> recorder.invoke("p1", new Get<>("a")));
    assertThrows(IllegalStateException.class, () -> recorder.died("p1"));
    assertEquals(1, recorder.history().calls().size());
  }

  @Test
  void theDyingStillCallAndReturn() {
    var dying = recorder.dying("p1");
    recorder.invoke("p1", new Get<>("a")).returned(null);
    dying.dead();
    dying.dead();
    assertEquals(List.of(new Death("p1", 1, OptionalLong.of(4))), recorder.history().deaths());
  }

  @Test
  void nothingReturnsTwice() {
    var call = recorder.invoke("p1", new Get<>("a"));
    call.returned(1);
    assertThrows(IllegalStateException.class, () -> call.returned(1));
  }

  @Test
  void manyThreadsRecordEachWithTimesOfItsOwn() throws InterruptedException, ExecutionException {
    int threads = 4;
    int each = 1_000;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        String process = "p" + i;
        running.add(
            pool.submit(
                () -> {
                  for (int k = 0; k < each; k++) {
                    recorder.record(process, new Get<>("a"), () -> null);
                  }
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }
    TreeSet<Long> times = new TreeSet<>();
    for (var call : recorder.history().calls()) {
      times.add(call.at());
      times.add(call.response().orElseThrow().at());
    }
    assertEquals(2 * threads * each, times.size());
  }

  @Test
  void aCallThatReturnsBeforeItIsMadeIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Call.returned("p1", new Get<>("a"), 5, null, 4));
  }

  @Test
  void aHistoryInWhichTheDeadActIsRefused() {
    List<Call<Get<String, Integer>, Object>> late = List.of(Call.pending("p1", new Get<>("a"), 5));
    Death death = new Death("p1", 3, OptionalLong.of(4));
    assertThrows(IllegalArgumentException.class, () -> History.of(late, List.of(death)));
    assertThrows(
        IllegalArgumentException.class, () -> History.of(List.of(), List.of(death, death)));
  }

  @Test
  void theTextIsADiagramOfTimes() {
    var put = recorder.invoke("p1", new Put<>("a", 1));
    recorder.invoke("p2", new Put<>("a", 2));
    put.returned(null);
    recorder.died("p2");
    recorder.record("p3", new Get<>("a"), () -> 2);
    recorder.invoke("p3", new Get<>("b"));
    recorder.invoke("p1", new Get<>("b"));
    assertEquals(
        """
          process  operation  result  times
          p1       put(a, 1)  null    1..3   |-|
          p2       put(a, 2)  ...     2..     |--x
          p2       (died)             4..5      xx
          p3       get(a)     2       6..7        ||
          p3       get(b)     ...     8..           |-
          p1       get(b)     ...     9..            |\
        """,
        recorder.history().toString());
  }

  @Test
  void aLongHistoryFitsOnAPage() {
    for (int i = 0; i < 1_000; i++) {
      recorder.invoke("p1", new Get<>("a")).returned(null);
    }
    assertTrue(recorder.history().toString().lines().allMatch(line -> line.length() < 110));
  }

  /** An operation that knows how to write itself. */
  record Frobnicate(int times) {
    @Override
    public String toString() {
      return "frob x" + times;
    }
  }

  @Test
  void anOperationThatWritesItselfIsLeftAlone() {
    assertEquals("p1 frob x3 pending", Call.pending("p1", new Frobnicate(3), 1).toString());
  }
}
