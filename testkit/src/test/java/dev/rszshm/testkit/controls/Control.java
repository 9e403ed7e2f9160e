package dev.rszshm.testkit.controls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.testkit.simulation.Exploration;
import dev.rszshm.testkit.simulation.Schedule;
import dev.rszshm.testkit.simulation.ScheduleFailure;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** A broken structure and its correct twin, in the same scenario and with the same bounds. */
record Control(String name, Simulation broken, Simulation correct) {
  private static final long[] SEEDS = {1, 2, 3, 4, 5};
  private static final long MOST = 20_000;
  private static final List<String> TABLE = Collections.synchronizedList(new ArrayList<>());

  /**
   * Lets the kit find what is wrong: by all schedules, and by random ones.
   *
   * @param complaint what the failure must say
   * @param shortest the text of the schedule, than which there must be none shorter
   */
  ScheduleFailure mustFail(String complaint, String shortest) {
    ScheduleFailure found = assertThrows(ScheduleFailure.class, broken::explore, name);
    assertSays(complaint, found);
    assertEquals(shortest, found.schedule().toString(), found::getMessage);
    ScheduleFailure again =
        assertThrows(ScheduleFailure.class, () -> broken.replay(found.schedule().toString()));
    assertSays(complaint, again);
    assertEquals(found.schedule(), again.schedule(), "a replay takes the same order");
    twinMustPass(found.schedule());
    Schedule schedule = found.schedule();
    TABLE.add(
        String.format(
            Locale.ROOT,
            "| %s | %s | %s | %d / %d / %d | %,d | %s |",
            name,
            firstLine(found.getCause().getMessage()),
            schedule,
            schedule.steps(),
            schedule.switches(),
            schedule.kills(),
            found.schedules(),
            byChance(complaint)));
    return found;
  }

  private void twinMustPass(Schedule schedule) {
    Exploration passed = correct.explore();
    assertTrue(passed.complete(), passed::toString);
    assertTrue(correct.random(SEEDS[0], 1000).schedules() == 1000);
    try {
      correct.replay(schedule.toString());
    } catch (IllegalArgumentException e) {
      // It takes other steps, and the schedule does not fit. That is not a failure.
    }
  }

  /** How many random schedules it takes, for each seed. */
  private String byChance(String complaint) {
    return String.join(
        ", ",
        Arrays.stream(SEEDS)
            .mapToObj(
                seed -> {
                  ScheduleFailure found =
                      assertThrows(ScheduleFailure.class, () -> broken.random(seed, MOST), name);
                  assertSays(complaint, found);
                  return String.format(Locale.ROOT, "%,d", found.schedules());
                })
            .toList());
  }

  private static void assertSays(String complaint, ScheduleFailure failure) {
    assertTrue(failure.getCause().getMessage().contains(complaint), failure::getMessage);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("").replace("==> ", "").trim();
  }

  /** Prints what was found by now, and forgets it. */
  static void print() {
    System.out.println(
        "| control | found | shortest schedule | steps / switches / kills | schedules, all |"
            + " schedules, random, seeds 1 to 5 |\n|---|---|---|---|---|---|");
    TABLE.forEach(System.out::println);
    TABLE.clear();
  }
}
