package dev.rszshm.testkit.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of a {@link KillStorm}. */
final class StormRun implements AutoCloseable {
  /** How long the start of a JVM may take, which is no wait for a job. */
  private static final Duration START = Duration.ofMinutes(3);

  /** A victim that waits for a stopped one is let go on after this time. */
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final KillStorm storm;
  private final WorkerSupply supply;
  private final CheckThread checks;
  private final List<WorkerProcess> workers = new ArrayList<>();

  /** That of the storm, once its first worker has begun. */
  private Deadline deadline = Deadline.in(START);

  private final Map<String, Integer> places = new HashMap<>();
  private String current = "before the first kill";
  private int number = 1;
  private int kills;
  private int atSteps;
  private int stops;

  StormRun(KillStorm storm) {
    this.storm = storm;
    this.checks = new CheckThread(storm.check);
    this.supply = new WorkerSupply(storm.jvm);
  }

  StormReport run() {
    try {
      for (int worker = 0; worker < storm.workers; worker++) {
        workers.add(start(worker));
      }
      workers.get(0).awaitBegun(START);
      deadline = Deadline.in(storm.deadline);
      long start = System.nanoTime();
      int first = storm.only > 0 ? storm.only : 1;
      int last = storm.only > 0 ? storm.only : storm.kills;
      for (int next = first; next <= last; next++) {
        kill(PlannedKill.of(storm, next));
      }
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      current = "after the last kill";
      dismiss();
      check(-1, -1);
      return new StormReport(storm.seed, kills, atSteps, stops, Map.copyOf(places), time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(new WorkerError("interrupted", e));
    } catch (Exception | AssertionError e) {
      throw failure(e);
    }
  }

  private WorkerProcess start(int worker) {
    return supply.next(storm.arguments.apply(worker).toArray());
  }

  private void kill(PlannedKill kill) throws Exception {
    current = kill.toString();
    number = kill.number();
    WorkerProcess victim = workers.get(kill.victim());
    WorkerProcess bystander = kill.bystander() < 0 ? null : workers.get(kill.bystander());
    if (bystander != null) {
      bystander.stop();
      stops++;
    }
    boolean stillStopped = kill.isAtStep() ? fall(kill, victim, bystander) : strike(kill, victim);
    kills++;
    hearAll();
    requireOthersRun(kill.victim());
    check(kill.victim(), bystander != null && stillStopped ? kill.bystander() : -1);
    if (bystander != null) {
      bystander.resume();
    }
    victim.close();
    workers.set(kill.victim(), start(kill.victim()));
  }

  /** Lets the victim kill itself; returns whether it could without the one that stands still. */
  private boolean fall(PlannedKill kill, WorkerProcess victim, @Nullable WorkerProcess bystander) {
    victim.killAfter(kill.steps());
    boolean alone = true;
    if (bystander != null && !victim.ends(shorter(PATIENCE))) {
      bystander.resume();
      alone = false;
    }
    String where = victim.awaitDeath(shorter(victim.limit()));
    current += ", at " + where;
    places.merge(where, 1, Integer::sum);
    atSteps++;
    return alone;
  }

  /** Kills the victim at a moment of its job; nobody has to go on for that. */
  private boolean strike(PlannedKill kill, WorkerProcess victim) throws InterruptedException {
    // The start of a JVM is not what is to be broken.
    victim.awaitBegun(shorter(START));
    TimeUnit.NANOSECONDS.sleep(kill.delay().toNanos());
    WorkerExit exit = victim.kill();
    if (!exit.isKilled()) {
      throw victim.failure("ended before it was killed");
    }
    return true;
  }

  private Duration shorter(Duration time) {
    if (deadline.left() == 0) {
      throw new WorkerError("the deadline has passed: " + storm.deadline);
    }
    Duration left = Duration.ofMillis(deadline.left());
    return left.compareTo(time) < 0 ? left : time;
  }

  private void hearAll() {
    for (int worker = 0; worker < workers.size(); worker++) {
      for (String line : workers.get(worker).heard()) {
        storm.onLine.accept(worker, line);
      }
    }
  }

  private void requireOthersRun(int victim) {
    for (int worker = 0; worker < workers.size(); worker++) {
      if (worker != victim && !workers.get(worker).isRunning()) {
        throw workers.get(worker).failure("ended, and nobody had killed it");
      }
    }
  }

  private void check(int victim, int bystander) throws Exception {
    if (storm.atRest) {
      checkAtRest(victim, bystander);
    } else {
      look(victim, bystander);
    }
  }

  private void look(int victim, int bystander) throws Exception {
    StormScene scene = new StormScene(kills, victim, bystander, workers);
    checks.check(scene, shorter(storm.deadline));
  }

  /** Looks while all rest that run; who stands still has to go on to where it may rest. */
  private void checkAtRest(int victim, int bystander) throws Exception {
    if (bystander >= 0) {
      workers.get(bystander).resume();
    }
    List<WorkerProcess> others = workers.stream().filter(WorkerProcess::isRunning).toList();
    others.forEach(WorkerProcess::pause);
    for (WorkerProcess other : others) {
      other.awaitRest(shorter(other.limit()));
    }
    hearAll();
    look(victim, -1);
    others.forEach(WorkerProcess::endPause);
  }

  private void dismiss() {
    workers.forEach(WorkerProcess::sayNoMore);
    for (WorkerProcess worker : workers) {
      WorkerExit exit = worker.await(shorter(worker.limit()));
      if (!exit.isSuccess()) {
        throw worker.failure("was asked to end, and has failed");
      }
    }
    hearAll();
  }

  /** All that is known, with the command once: it is the same for all workers. */
  private WorkerError failure(Throwable cause) {
    WorkerError detailed = cause instanceof WorkerError error && error.hasDetails() ? error : null;
    StringBuilder message = new StringBuilder();
    String what = detailed == null ? cause.getMessage() : detailed.brief();
    message.append(String.format(Locale.ROOT, "%s: %s%n", current, what));
    message.append(
        String.format(
            Locale.ROOT,
            "To repeat: -Ddev.rszshm.storm.seed=%d, and for this kill alone -Ddev.rszshm.storm.kill=%d%n",
            storm.seed,
            number));
    if (!workers.isEmpty()) {
      message.append("-- workers run: ").append(workers.get(0).shortCommand()).append('\n');
    }
    for (int worker = 0; worker < workers.size(); worker++) {
      WorkerProcess process = workers.get(worker);
      message.append(
          String.format(Locale.ROOT, "-- worker %d, process %d%n", worker, process.pid()));
      message.append(process.describe()).append('\n');
    }
    if (detailed == null) {
      return new WorkerError(message.toString(), cause);
    }
    // Its details are in the message already.
    WorkerError error = new WorkerError(message.toString(), detailed.getCause());
    error.setStackTrace(detailed.getStackTrace());
    return error;
  }

  @Override
  public void close() {
    checks.close();
    WorkerProcess.closeAll(workers);
    supply.close();
  }
}
