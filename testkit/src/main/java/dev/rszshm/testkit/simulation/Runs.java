package dev.rszshm.testkit.simulation;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** The runs of one exploration, which begin in the same world and share their threads. */
final class Runs implements AutoCloseable {
  private final World world;
  private final Consumer<Scenario> teller;
  private final Bounds bounds;
  private final Crew crew = new Crew();
  private long size;
  private final Sometimes sometimes;
  private long accesses;

  Runs(World world, ProcessBody setUp, Consumer<Scenario> teller, Bounds bounds) {
    this(world, setUp, teller, bounds, new Sometimes());
  }

  /** Runs that are some of those in which something must hold. */
  Runs(
      World world,
      ProcessBody setUp,
      Consumer<Scenario> teller,
      Bounds bounds,
      Sometimes sometimes) {
    this.sometimes = sometimes;
    this.world = world;
    this.teller = teller;
    this.bounds = bounds;
    world.make(setUp);
    world.machine().expect(sometimes);
  }

  /** Fails unless all held at some time that should. */
  void requireAllThatIsWanted() {
    sometimes.require(size);
  }

  Execution run(Strategy strategy) {
    world.machine().reset();
    Execution execution = new Execution(world, Scenario.tell(teller), bounds, strategy, crew).run();
    size++;
    accesses += execution.steps();
    if (execution.refusal().isPresent()) {
      throw execution.refusal().get();
    }
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
    if (run.failure().isEmpty()) {
      return run;
    }
    Failure failure = run.failure().get();
    long schedules = size;
    Simplifier simplifier = new Simplifier(schedule -> run(new ReplayStrategy(schedule, false)));
    throw failure(failure, simplifier.simplify(run.schedule()), schedules, found);
  }

  /** Reports a run that failed. */
  Execution requireSuccessAsItIs(Execution run) {
    if (run.failure().isPresent()) {
      throw failure(run.failure().get(), run.schedule(), size, "");
    }
    return run;
  }

  private ScheduleFailure failure(Failure first, Schedule schedule, long schedules, String found) {
    Trace trace = new Trace();
    Optional<Failure> again = Optional.empty();
    world.machine().trace(trace);
    try {
      again = run(new ReplayStrategy(schedule, true)).failure();
    } catch (IllegalArgumentException e) {
      trace = new Trace(); // of a run that went another way
    } finally {
      world.machine().trace(null);
    }
    Failure failure = again.orElse(first);
    String message =
        String.format(
            Locale.ROOT,
            "%s failed: %s%n%d steps, %d switches, %d kills%s%nrepeat it with"
                + " replay(\"%s\")%n%s%s",
            failure.who(),
            failure.cause(),
            schedule.steps(),
            schedule.switches(),
            schedule.kills(),
            found,
            schedule,
            trace,
            again.isPresent()
                ? ""
                : "But it does not fail again: the code under test is not deterministic\n");
    return new ScheduleFailure(message, trace.full(), schedule, schedules, failure.cause());
  }

  @Override
  public void close() {
    crew.close();
  }
}
