package dev.rszshm.allocator.internal.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.constraints.Size;

/** Hints compared with sets of chunks. */
class HintsTest {
  private static final int CHUNKS = 10_000;
  private static final int KINDS = 3;

  /** What to do with a kind of hints. */
  record Step(Action action, int kind, int chunk, int count) {}

  enum Action {
    SET,
    CLEAR,
    SET_EMPTY,
    CLEAR_EMPTY,
    REPAIR
  }

  @Provide
  Arbitrary<Step> steps() {
    return Combinators.combine(
            Arbitraries.of(Action.class),
            Arbitraries.integers().between(0, KINDS - 1),
            Arbitraries.integers()
                .between(0, CHUNKS - 1)
                .withDistribution(RandomDistribution.uniform()),
            Arbitraries.integers().between(1, 300))
        .as(Step::new);
  }

  @Property(tries = 200)
  void hintsAreSetsOfChunks(@ForAll @Size(max = 60) List<@From("steps") Step> steps) {
    try (Heap heap = Heap.builder().span(1L << 30).createAnonymous()) {
      Tables tables = TableSetup.open(heap, false);
      tables.back(tables.geometry.hints(), tables.geometry.groupOffset(CHUNKS / 64 + 1, 0));
      Hints hints = new Hints(tables);
      List<NavigableSet<Long>> model = List.of(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
      for (Step step : steps) {
        take(hints, model, step);
        for (int kind = 0; kind < KINDS; kind++) {
          requireSame(hints, kind, model.get(kind), step.chunk());
        }
      }
    }
  }

  private static void take(Hints hints, List<NavigableSet<Long>> model, Step step) {
    long chunk = step.chunk();
    long end = Math.min(CHUNKS, chunk + step.count());
    switch (step.action()) {
      case SET -> {
        hints.set(step.kind(), chunk);
        model.get(step.kind()).add(chunk);
      }
      case CLEAR -> {
        // One that is there, if there is any.
        Long there = model.get(step.kind()).ceiling(chunk);
        hints.clear(step.kind(), there == null ? chunk : there);
        model.get(step.kind()).remove(there == null ? chunk : there);
      }
      case SET_EMPTY -> {
        hints.setEmpty(chunk, end);
        for (long i = chunk; i < end; i++) {
          model.get(HintLayout.EMPTY).add(i);
        }
      }
      case CLEAR_EMPTY -> {
        hints.clearEmpty(chunk, end);
        model.get(HintLayout.EMPTY).subSet(chunk, end).clear();
      }
      case REPAIR -> {
        int state = List.of(OwnerWord.EMPTY, OwnerWord.PARTIAL, OwnerWord.FULL).get(step.kind());
        hints.repair(chunk, OwnerWord.of(state, 1, 0, 7, 0));
        if (state != OwnerWord.FULL) {
          model.get(state == OwnerWord.EMPTY ? 0 : HintLayout.partial(1)).add(chunk);
        }
      }
      default -> throw new AssertionError(step);
    }
  }

  private static void requireSame(Hints hints, int kind, NavigableSet<Long> model, long from) {
    long chunk = -1;
    for (long expected : model) {
      chunk = hints.next(kind, chunk + 1, CHUNKS);
      assertEquals(expected, chunk);
    }
    assertEquals(-1, hints.next(kind, chunk + 1, CHUNKS));
    Long next = model.ceiling(from);
    assertEquals(next == null ? -1 : next, hints.next(kind, from, CHUNKS));
    if (next != null) {
      assertTrue(hints.next(kind, from, next) < 0, "not beyond the end");
    }
  }
}
