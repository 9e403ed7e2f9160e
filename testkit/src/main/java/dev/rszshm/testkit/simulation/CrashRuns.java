package dev.rszshm.testkit.simulation;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The runs of one crash replay, which begin in the same world. */
final class CrashRuns {
  private final World world;
  private final Consumer<Scenario> teller;
  private final Bounds bounds;

  CrashRuns(World world, ProcessBody setUp, Consumer<Scenario> teller, Bounds bounds) {
    this.world = world;
    this.teller = teller;
    this.bounds = bounds;
    world.make(setUp);
  }

  private CrashRun run(CrashCase crash) {
    world.machine().reset();
    return new CrashRun(world, Scenario.tell(teller), crash, bounds).run();
  }

  private CrashRun run(CrashCase crash, Trace trace) {
    world.machine().trace(trace);
    CrashRun run = run(crash);
    world.machine().trace(null);
    return run;
  }

  /** The effects of a run without a crash. */
  List<String> effects() {
    Trace trace = new Trace();
    run(CrashCase.NONE, trace);
    return trace.effects();
  }

  /** Runs a case, and reports it if it fails. */
  CrashRun requireSuccess(CrashCase crash) {
    CrashRun run = run(crash);
    if (run.failure().isEmpty()) {
      return run;
    }
    Failure failure = run.failure().get();
    Trace trace = new Trace();
    CrashRun again = run(crash, trace);
    String message =
        String.format(
            Locale.ROOT,
            "%s failed: %s%n%s%n%s%s",
            failure.who(),
            failure.cause(),
            crash.kills().isEmpty()
                ? "without any crash"
                : "repeat it with crashes().replay(\"" + crash + "\")",
            trace,
            String.join("", again.images()));
    throw new CrashFailure(message, trace.full(), crash.toString(), failure.cause());
  }
}
