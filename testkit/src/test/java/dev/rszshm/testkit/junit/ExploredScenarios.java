package dev.rszshm.testkit.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.simulation.ProcessBody;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.Simulation;

/** Tests as others write them, some of which fail; {@link ExploredTest} runs them. */
class ExploredScenarios {
  private static final ProcessBody HASTY =
      p -> p.memory().putLong(p.word(0), p.memory().getLong(p.word(0)) + 1);

  /** Two that add and may lose an addition. */
  static final class Failing {
    @Explored
    void nothingIsLost(Scenario s) {
      s.process("one", HASTY).process("two", HASTY);
      s.check(p -> assertEquals(2, p.memory().getLong(p.word(0))));
    }
  }

  /** The same, in one schedule that shows it, and in one that does not. */
  static final class Replayed {
    @Explored(replay = "A B2 A")
    void isLost(Scenario s) {
      new Failing().nothingIsLost(s);
    }

    @Explored(replay = "A2 B2")
    void isNotLost(Scenario s) {
      new Failing().nothingIsLost(s);
    }
  }

  /** Methods that are no scenario. */
  static final class Wrong {
    @Explored
    void hasNoParameter() {}

    @Explored(of = "nowhere")
    void namesNoMethod(Scenario s) {
      s.process("nobody", p -> {});
    }
  }

  /** On a heap, with deaths, and on two words. */
  static final class Passing {
    Simulation heap() {
      return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(4));
    }

    @Explored(of = "heap", kills = 1)
    void whatTheDeadHaveAddedIsThere(Scenario s) {
      ProcessBody add = p -> p.heap().getAndAddLong(p.heap().dataOffset(), 1);
      s.process("mortal", add).survivor("immortal", add);
      s.check(
          p -> {
            long count = p.heap().getLong(p.heap().dataOffset());
            assertTrue(count == 1 || count == 2, () -> "count " + count);
          });
    }

    @Explored(words = 2, preemptions = 3)
    void aWordForEach(Scenario s) {
      for (int i = 0; i < 2; i++) {
        int mine = i;
        s.process("of " + i, p -> p.memory().putLong(p.word(mine), 1));
      }
      s.check(p -> assertEquals(1, p.memory().getLong(p.word(1))));
    }
  }
}
