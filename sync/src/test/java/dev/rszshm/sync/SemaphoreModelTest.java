package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.heap.Heap;
import java.util.List;
import java.util.concurrent.Semaphore;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Any sequence of what two participants can do to semaphores, compared with a model. */
class SemaphoreModelTest {
  /** What is done to a semaphore: 0 acquires, 1 drains, 2 and more release two less than that. */
  record Step(int action, boolean byOther) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just(0)),
                Tuple.of(1, Arbitraries.just(1)),
                Tuple.of(5, Arbitraries.integers().between(2, 5))),
            Arbitraries.of(false, true))
        .as(Step::new)
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 50)
  void itDoesWhatASemaphoreOfThisProcessDoes(
      @ForAll("steps") List<Step> steps, @ForAll("limits") int max) throws Exception {
    try (Attachments a = new Attachments()) {
      Semaphore model = new Semaphore(max / 2);
      SharedSemaphore.at(a.heap, a.offset, max / 2, max);
      for (Step step : steps) {
        SharedSemaphore semaphore = SharedSemaphore.at(step.byOther ? a.other : a.heap, a.offset);
        if (step.action == 0) {
          assertEquals(model.tryAcquire(), semaphore.tryAcquire());
        } else if (step.action == 1) {
          assertEquals(model.drainPermits(), semaphore.drainPermits());
        } else if (model.availablePermits() + step.action - 2 > max) {
          assertThrows(IllegalStateException.class, () -> semaphore.release(step.action - 2));
        } else {
          model.release(step.action - 2);
          semaphore.release(step.action - 2);
        }
        assertEquals(model.availablePermits(), semaphore.availablePermits());
      }
    }
  }

  @Provide
  Arbitrary<Integer> limits() {
    return Arbitraries.integers().between(1, 8);
  }

  /** What a participant does: 0 dies and is replaced, 1 to 4 release, 5 and more acquire. */
  record RobustStep(int action, boolean byOther) {}

  @Provide
  Arbitrary<List<RobustStep>> robustSteps() {
    return Combinators.combine(Arbitraries.integers().between(0, 9), Arbitraries.of(false, true))
        .as(RobustStep::new)
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 50)
  void eachPermitIsFreeOrHeldByOneWhoLives(@ForAll("robustSteps") List<RobustStep> steps) {
    int permits = 4;
    try (Attachments a = new Attachments()) {
      RobustSemaphore.at(a.heap, a.offset, permits);
      Heap[] heaps = {a.heap, a.attach()};
      int[] held = {0, 0};
      for (RobustStep step : steps) {
        int who = step.byOther ? 1 : 0;
        RobustSemaphore semaphore = RobustSemaphore.at(heaps[who], a.offset);
        if (step.action == 0 && step.byOther) {
          heaps[1].close();
          heaps[1] = a.attach();
          held[1] = 0;
        } else if (step.action > 4) {
          boolean expected = held[0] + held[1] < permits;
          assertEquals(expected, semaphore.tryAcquire());
          held[who] += expected ? 1 : 0;
        } else if (held[who] > 0) {
          semaphore.release();
          held[who]--;
        } else {
          assertThrows(IllegalMonitorStateException.class, semaphore::release);
        }
        RobustSemaphore asked = RobustSemaphore.at(heaps[who], a.offset);
        assertEquals(held[who], asked.heldPermits());
        assertEquals(permits - held[0] - held[1], asked.availablePermits());
      }
      heaps[1].close();
    }
  }
}
