package dev.rszshm.testkit.simulation;

import dev.rszshm.testkit.simulation.CrashCase.Kill;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/*
 * One run of a scenario whose processes come one after the other and are killed where a case says.
 *
 * Protocol
 * --------
 * 1 the processes run in the order in which they were told; one that is killed is followed by the
 *   recovery, which may be killed as well, and then by the next process;
 * 2 effects are counted, of processes that may be killed: stores that happen, and system calls that
 *   change something others can see. What lies between two effects changes nothing, so a death there is
 *   the same as a death right after the first;
 *   A call of code that is trusted (Trust) is one effect, when it is over;
 * 3 a death leaves all effects up to it, less the late stores that the case says are lost (StoreLog).
 */
final class CrashRun extends Immediate {
  private final World world;
  private final SimulatedMachine machine;
  private final Scenario scenario;
  private final CrashCase crashes;
  private final Bounds bounds;
  private final List<String> images = new ArrayList<>();
  private boolean mayBeKilled;
  private int next;
  private int effects;
  private boolean changedInCall;
  private int steps;
  private List<Long> losses = List.of();
  private StoreLog log = new StoreLog();
  private Optional<Failure> failure = Optional.empty();

  CrashRun(World world, Scenario scenario, CrashCase crashes, Bounds bounds) {
    this.world = world;
    this.machine = world.machine();
    this.scenario = scenario;
    this.crashes = crashes;
    this.bounds = bounds;
  }

  CrashRun run() {
    machine.divideCopies(bounds.bulkSteps());
    machine.direct(this);
    for (Scenario.Member member : scenario.members()) {
      if (member.isThread()) {
        throw new IllegalArgumentException(
            "a replay of crashes runs one after the other, and has no threads of one process: "
                + member.name()
                + " is one. Make it a process, or explore");
      }
      String name = member.name();
      boolean killed = live(name, member.body(), member.mayBeKilled());
      while (killed && scenario.recovery().isPresent()) {
        name = "recovery of " + name;
        killed = live(name, scenario.recovery().get(), true);
      }
      if (failure.isPresent()) {
        return this;
      }
    }
    check();
    return this;
  }

  /** Runs a process to its end; returns whether it was killed. */
  private boolean live(String name, ProcessBody body, boolean killable) {
    SimulatedProcess process = machine.start(name);
    mayBeKilled = false;
    changedInCall = false;
    try {
      world.enter(process);
      changedInCall = false;
      mayBeKilled = killable;
      log = new StoreLog();
      machine.log(log);
      if (killIsDue()) {
        kill(process);
      }
      body.run(process);
      if (!process.isAlive()) {
        return true; // it has caught its own death
      }
      endCall(process);
      process.end(false);
      return false;
    } catch (ProcessKilled killed) {
      return process.status() == SimulatedProcess.Status.KILLED && failure.isEmpty();
    } catch (Throwable e) {
      if (process.isAlive()) {
        failure = Optional.of(Failure.of(process, e));
        process.abandon();
        return false;
      }
      return true; // what a killed process throws on its way out means nothing
    } finally {
      mayBeKilled = false;
      machine.log(null);
    }
  }

  private void check() {
    SimulatedProcess observer = new SimulatedProcess(machine, -1, "check");
    observer.observe();
    try {
      if (scenario.hasChecks()) {
        world.enter(observer);
      }
      scenario.checkAtTheEnd(observer);
    } catch (Throwable e) {
      failure = Optional.of(Failure.of(observer, e));
    }
  }

  @Override
  public void beforeStep(SimulatedProcess process, long place) {
    if (!process.goesOnInCall()) {
      endCall(process);
    }
    if (++steps > bounds.steps()) {
      throw new AssertionError(
          "process "
              + process.name()
              + " does not come to an end: "
              + steps
              + " steps were taken. If that is right, allow more of them");
    }
  }

  @Override
  public void afterStep(SimulatedProcess process, boolean changed) {
    super.afterStep(process, changed);
    if (process.loop().looks() > bounds.looks()) {
      throw new AssertionError(
          "process " + process.name() + " hangs: it looks again and again at what does not change");
    }
    if (changed) {
      process.loop().end();
      if (process.isTrusted()) {
        changedInCall = true;
      } else {
        countEffect(process);
      }
    }
  }

  /** What a call of trusted code has changed is one effect, and no store of it comes late. */
  private void endCall(SimulatedProcess process) {
    if (changedInCall) {
      changedInCall = false;
      log.fence("fullFence");
      countEffect(process);
    }
  }

  private void countEffect(SimulatedProcess process) {
    if (mayBeKilled) {
      effects++;
      if (machine.tracer() != null) {
        machine.tracer().effect();
      }
      if (killIsDue()) {
        kill(process);
      }
    }
  }

  private boolean killIsDue() {
    return mayBeKilled
        && next < crashes.kills().size()
        && effects == crashes.kills().get(next).effects();
  }

  private void kill(SimulatedProcess process) {
    Kill kill = crashes.kills().get(next++);
    losses = log.losses();
    if (kill.lost() != 0) {
      log.lose(kill.lost());
    }
    process.end(true);
    scenario.died(process);
    effects = 0;
    mayBeKilled = false;
    if (machine.tracer() != null) {
      machine
          .tracer()
          .event(process, Tracer.IS_KILLED + (kill.lost() == 0 ? "" : ", late stores lost"));
      images.add(image(process));
    }
    throw ProcessKilled.INSTANCE;
  }

  /** What differs in the files from what was there at the beginning. */
  private String image(SimulatedProcess process) {
    StringBuilder text = new StringBuilder();
    for (SimulatedFile file : machine.files()) {
      for (Map.Entry<Long, Long> word : file.changes().entrySet()) {
        text.append(
            String.format(
                Locale.ROOT,
                "  %-16s 0x%x -> 0x%x%n",
                machine.place(file, word.getKey() * 8),
                file.keptWord(word.getKey()),
                word.getValue()));
      }
    }
    return "what " + process.name() + " left, beside what was there:\n" + text;
  }

  /** Effects since the last kill, or since the beginning. */
  int effects() {
    return effects;
  }

  /** Steps of all processes. */
  int steps() {
    return steps;
  }

  /** Whether all kills of the case have happened. */
  boolean isAsWanted() {
    return next == crashes.kills().size();
  }

  /** The sets of late stores that the last kill might have lost. */
  List<Long> losses() {
    return losses;
  }

  List<String> images() {
    return images;
  }

  /** What went wrong, if anything did. */
  Optional<Failure> failure() {
    return failure;
  }
}
