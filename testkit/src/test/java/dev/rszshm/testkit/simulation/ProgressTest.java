package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Who waits for an exploration can hear how far it has got. */
class ProgressTest {
  private final List<Progress> heard = Collections.synchronizedList(new ArrayList<>());

  private static final Simulation ADDING =
      Simulation.ofWords(1)
          .scenario(
              s -> {
                for (String name : List.of("one", "two")) {
                  s.process(
                      name,
                      p -> {
                        p.memory().getAndAddLong(p.word(0), 1);
                        p.memory().getAndAddLong(p.word(0), 1);
                      });
                }
              });

  private Simulation heard(Simulation simulation) {
    return simulation.onProgress(Duration.ZERO, heard::add);
  }

  @Test
  void anExplorationTellsOfEachRunWhenNoTimeLiesBetween() {
    Exploration exploration = heard(ADDING).explore();
    assertEquals(exploration.schedules(), heard.size());
    Progress last = heard.get(heard.size() - 1);
    assertEquals(exploration.schedules(), last.schedules());
    assertEquals(exploration.accesses(), last.accesses());
    assertEquals(exploration.states(), last.states());
    assertEquals(0, heard.get(0).preemptions());
    assertEquals(2, last.preemptions());
    assertEquals(4, heard.get(0).depth(), "two moves of each process");
    assertTrue(last.rate() > 0);
    assertTrue(last.toString().contains(" schedules in "), last::toString);
  }

  @Test
  void randomSchedulesOnSeveralThreadsAreCountedTogether() {
    heard(ADDING).random(Sampling.UNIFORM, 1, 101, 2);
    assertTrue(heard.stream().mapToLong(Progress::schedules).max().orElseThrow() >= 99);
  }

  @Test
  void aReplayOfCrashesTellsOfEachDeath() {
    CrashReport report = heard(ADDING).crashes().run();
    assertEquals(report.crashes(), heard.get(heard.size() - 1).schedules());
    assertTrue(heard.stream().anyMatch(progress -> progress.depth() == 2));
  }

  @Test
  void nothingIsHeardBeforeTheTime() {
    ADDING.onProgress(Duration.ofDays(1_000_000), heard::add).explore();
    assertEquals(List.of(), heard);
  }

  @Test
  void whatAListenerThrowsEndsTheExploration() {
    IllegalStateException enough = new IllegalStateException("enough");
    Simulation ending =
        ADDING.onProgress(
            Duration.ZERO,
            progress -> {
              throw enough;
            });
    assertSame(enough, assertThrows(IllegalStateException.class, ending::explore));
  }

  @Test
  @ResourceLock(Resources.SYSTEM_ERR)
  void aSystemPropertyHasItPrintedAndWithoutItNothingIs() {
    PrintStream before = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      ADDING.explore();
      assertFalse(printed.toString(StandardCharsets.UTF_8).contains("explored"));
      System.setProperty("dev.rszshm.progress", "1");
      long begin = System.nanoTime();
      ADDING
          .scenario(
              s ->
                  s.process(
                      "chooses",
                      p -> {
                        p.choose(2);
                        while (System.nanoTime() - begin < 1_100_000_000L) {
                          Thread.onSpinWait();
                        }
                      }))
          .explore();
      assertTrue(printed.toString(StandardCharsets.UTF_8).contains("explored "));
    } finally {
      System.clearProperty("dev.rszshm.progress");
      System.setErr(before);
    }
  }
}
