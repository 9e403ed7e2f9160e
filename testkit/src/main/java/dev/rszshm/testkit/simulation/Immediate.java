package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.spi.SystemCalls.Wait;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Lets a process that is alone go on at once: for what comes before and after a simulation. */
class Immediate implements Director {
  /** Nobody else is there to wake a sleeper, so it may not sleep for long. */
  private static final long LONGEST_IDLE = TimeUnit.MINUTES.toNanos(2);

  private long idleSince;

  @Override
  public void beforeStep(SimulatedProcess process, long place) {}

  @Override
  public void afterStep(SimulatedProcess process, boolean changed) {
    if (changed) {
      idleSince = process.machine().now();
    }
  }

  @Override
  public int choose(SimulatedProcess process, Choice what, int options) {
    return 0;
  }

  @Override
  public SimulatedProcess chooseSleeper(SimulatedProcess process, List<SimulatedProcess> sleepers) {
    return sleepers.get(0);
  }

  @Override
  public Wait sleep(SimulatedProcess process, Sleep sleep) {
    SimulatedMachine machine = process.machine();
    machine.advanceTo(sleep.until());
    if (machine.now() - idleSince > LONGEST_IDLE) {
      throw new AssertionError(
          "process "
              + process.name()
              + " hangs: it has waited for two simulated minutes, and nobody else is there to end"
              + " that");
    }
    return Wait.TIMED_OUT;
  }
}
