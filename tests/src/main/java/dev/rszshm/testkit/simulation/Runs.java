package dev.rszshm.testkit.simulation;

import java.util.Locale;
import java.util.function.Consumer;

/** The runs of one exploration, which begin in the same world and share their threads. */
final class Runs implements AutoCloseable {
  private final World world;
  private final Consumer<Scenario> teller;
  private final Bounds bounds;
  private final Crew crew = new Crew();
  private long size;
  private long accesses;

  Runs(World world, ProcessBody setUp, Consumer<Scenario> teller, Bounds bounds) {
    this.world = world;
    this.teller = teller;
    this.bounds = bounds;
    world.make(setUp);
  }

  Execution run(Strategy strategy) {
    world.machine().reset();
    Execution execution = new Execution(world, Scenario.tell(teller), bounds, strategy, crew).run();
    size++;
    accesses += execution.steps();
    return execution;
  }

  long size() {
    return size;
  }

  long accesses() {
    return accesses;
  }

  /** Reports a run that failed, with a simpler schedule if there is one. */
  Execution requireSuccess(Execution run, String found) {
    if (run.failure() == null) {
      return run;
    }
    Simplifier simplifier = new Simplifier(schedule -> run(new ReplayStrategy(schedule, false)));
    Schedule simple = simplifier.simplify(run.schedule());
    return requireSuccessAsItIs(run(new ReplayStrategy(simple, true)), found);
  }

  /** Reports a run that failed. */
  Execution requireSuccessAsItIs(Execution run, String found) {
    if (run.failure() == null) {
      return run;
    }
    Trace trace = new Trace();
    world.machine().trace(trace);
    Execution again = run(new ReplayStrategy(run.schedule(), true));
    world.machine().trace(null);
    Throwable failure = again.failure() == null ? run.failure() : again.failure();
    Schedule schedule = run.schedule();
    String message =
        String.format(
            Locale.ROOT,
            "%s failed: %s%n%d steps, %d switches, %d kills%s%nrepeat it with"
                + " replay(\"%s\")%n%s%s",
            again.failed() == null ? "the run" : "process " + again.failed(),
            failure,
            schedule.steps(),
            schedule.switches(),
            schedule.kills(),
            found,
            schedule,
            trace,
            again.failure() == null
                ? "But it does not fail again: the code under test is not deterministic\n"
                : "");
    throw new ScheduleFailure(message, schedule, failure);
  }

  @Override
  public void close() {
    crew.close();
  }
}
