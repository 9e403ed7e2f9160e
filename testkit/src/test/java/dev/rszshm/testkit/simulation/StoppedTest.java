package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Processes that are stopped at any of their steps: the others must not wait for them. */
class StoppedTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** A ticket that is taken first and served last. */
  private static Simulation queue(boolean waits) {
    return Simulation.ofWords(2)
        .scenario(
            s -> {
              for (String name : new String[] {"one", "two"}) {
                s.process(
                    name,
                    p -> {
                      final int ticket = p.memory().getAndAddInt(p.word(0), 1);
                      int served = p.memory().getIntVolatile(p.word(1));
                      while (waits && served != ticket) {
                        p.calls().waitOnWord(p.word(1), served, SECOND);
                        served = p.memory().getIntVolatile(p.word(1));
                      }
                      p.memory().getAndAddInt(p.word(1), 1);
                      p.calls().wakeWord(p.word(1), 9);
                    });
              }
              s.check(p -> assertEquals(2, p.memory().getInt(p.word(1))));
            });
  }

  @Test
  void whoWaitsForAStoppedProcessIsFound() {
    assertTrue(queue(true).explore().complete());
    assertTrue(queue(false).stops(1).explore().complete());
    ScheduleFailure found =
        assertThrows(ScheduleFailure.class, () -> queue(true).stops(1).explore());
    assertTrue(found.getMessage().contains("one is stopped, two waits at"), found::getMessage);
    assertTrue(found.schedule().toString().startsWith("A A. B"), found::getMessage);
    ScheduleFailure again =
        assertThrows(
            ScheduleFailure.class, () -> queue(true).stops(1).replay(found.schedule().toString()));
    assertEquals(found.schedule(), again.schedule());
    assertThrows(ScheduleFailure.class, () -> queue(true).stops(1).random(1, 1000));
  }

  @Test
  void aStoppedProcessGoesOnWhenAllOthersHaveEnded() {
    Set<Long> seen = new HashSet<>();
    Exploration exploration =
        Simulation.ofWords(1)
            .scenario(
                s ->
                    s.process(
                            "one",
                            p -> {
                              p.memory().getLong(p.word(0));
                              seen.add(p.memory().getLong(p.word(0)));
                            })
                        .survivor(
                            "two",
                            p -> {
                              p.memory().putLong(p.word(0), 1);
                              p.memory().putLong(p.word(0), 2);
                            }))
            .preemptions(0)
            .stops(1)
            .explore();
    assertEquals(Set.of(0L, 2L), seen);
    assertTrue(exploration.toString().contains("1 stops"), exploration::toString);
  }
}
