package dev.rszshm.testkit.controls;

import dev.rszshm.testkit.simulation.ProcessBody;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Something is there when word 0 is 1; word 1 counts how often the waiters were told to look. */
class WakeUpControlTest {
  private static final long FOR_EVER = TimeUnit.DAYS.toNanos(1);

  @AfterAll
  static void printTheTable() {
    Control.print();
  }

  private static final ProcessBody WAKER =
      p -> {
        p.memory().putIntVolatile(p.word(0), 1);
        p.memory().getAndAddInt(p.word(1), 1);
        p.calls().wakeWord(p.word(1), Integer.MAX_VALUE);
      };

  private static Simulation waiting(ProcessBody waiter, ProcessBody waker) {
    return Simulation.ofWords(2).scenario(s -> s.process("waiter", waiter).process("waker", waker));
  }

  /** Reads the count, then looks, then sleeps while the count is that. */
  private static final ProcessBody COUNT_THEN_LOOK =
      p -> {
        int count = p.memory().getIntVolatile(p.word(1));
        while (p.memory().getIntVolatile(p.word(0)) == 0) {
          p.calls().waitOnWord(p.word(1), count, FOR_EVER);
          count = p.memory().getIntVolatile(p.word(1));
        }
      };

  @Test
  void aWakeUpBetweenTheLookAndTheCountIsLost() {
    ProcessBody lookThenCount =
        p -> {
          while (p.memory().getIntVolatile(p.word(0)) == 0) {
            int count = p.memory().getIntVolatile(p.word(1));
            p.calls().waitOnWord(p.word(1), count, FOR_EVER);
          }
        };
    new Control(
            "wake-up: looks before it reads the count",
            waiting(lookThenCount, WAKER),
            waiting(COUNT_THEN_LOOK, WAKER))
        .mustFail(
            "nobody goes on: for two simulated minutes, waiter waits at words+0x8", "A B3 A2");
  }

  @Test
  void aWakeUpBeforeTheChangeIsLost() {
    ProcessBody wakesFirst =
        p -> {
          p.calls().wakeWord(p.word(0), 1);
          p.memory().putIntVolatile(p.word(0), 1);
        };
    ProcessBody changesFirst =
        p -> {
          p.memory().putIntVolatile(p.word(0), 1);
          p.calls().wakeWord(p.word(0), 1);
        };
    ProcessBody waiter =
        p -> {
          while (p.memory().getIntVolatile(p.word(0)) == 0) {
            p.calls().waitOnWord(p.word(0), 0, FOR_EVER);
          }
        };
    new Control(
            "wake-up: wakes before it changes the word",
            waiting(waiter, wakesFirst),
            waiting(waiter, changesFirst))
        .mustFail("nobody goes on: for two simulated minutes, waiter waits at words+0x0", "B A2 B");
  }
}
