package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.os.SystemCalls.Wait;
import dev.rszshm.testkit.simulation.SimulatedProcess.Status;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/*
 * One run of a scenario, in the order a strategy picks.
 *
 * Protocol
 * --------
 * Every process has a thread, and one of them has the turn. Only that thread does anything: before each
 * shared step it asks the strategy what happens next, and if that is a step of another process, it hands
 * the turn over and waits for its own. So the strategy is asked by whoever has the turn, and no thread
 * of its own is needed to direct the others; a process that goes on costs a call and no switch.
 *  1 the processes are made, attached to the world, and the strategy picks the first to go;
 *  2 a step: pick; hand over; when the turn is back, take the step, unless killed meanwhile. The first
 *    turn of a process brings it to its first step and is that step;
 *  3 a killed process loses its locks at once. Its thread waits until the run is over, and is then
 *    unwound: what it does on the way out has no effect;
 *  4 a process that sleeps is not picked. When nobody can go on, the clock moves on to the first timer;
 *  5 a process that only looks, again and again, is not picked until something has changed. When nobody
 *    else can go on, such processes look some more while time passes, as they may give up by themselves;
 *  6 the end of a process is a step if it may still be killed there and somebody recovers: what it did
 *    is done, but it has not got so far as to know that;
 *  7 the run is over when all have ended, when somebody failed, or when the strategy knows the rest.
 *
 * What is wrong with the run is noted here and not thrown into the code under test, which might catch it.
 */
final class Execution implements Director {
  private final World world;
  private final SimulatedMachine machine;
  private final Scenario scenario;
  private final Bounds bounds;
  private final Strategy strategy;
  private final Crew crew;
  private final Moves moves;
  private final Candidates candidates;
  private final Turn mainTurn = new Turn(Thread.currentThread());
  private final SimulatedProcess observer;
  private boolean[] started = new boolean[8];
  private boolean[] fresh = new boolean[8];
  private boolean[] waiting = new boolean[8];
  private int[] trail = new int[256];
  private int trailSize;
  private int steps;
  private int kills;
  private int unfinished;
  private boolean over;
  private boolean known;
  private Throwable failure;
  private SimulatedProcess failed;
  private RuntimeException refusal;

  Execution(World world, Scenario scenario, Bounds bounds, Strategy strategy, Crew crew) {
    this.world = world;
    this.machine = world.machine();
    this.scenario = scenario;
    this.bounds = bounds;
    this.strategy = strategy;
    this.crew = crew;
    this.moves = new Moves(machine);
    this.candidates = new Candidates(machine, scenario, moves);
    this.observer = new SimulatedProcess(machine, -1, "check");
  }

  /** Runs it to its end. */
  Execution run() {
    observer.observe();
    if (scenario.hasChecks()) {
      world.enter(observer);
    }
    for (Scenario.Member member : scenario.members()) {
      world.enter(begin(member.name(), member.body()));
    }
    if (bounds.staleLoads() > 0) {
      machine.weaken();
    }
    machine.divideCopies(bounds.bulkSteps());
    machine.direct(this);
    handOver(next(null));
    mainTurn.take();
    unwind();
    if (failure == null && refusal == null && !known) {
      checkAtTheEnd();
    }
    return this;
  }

  private SimulatedProcess begin(String name, ProcessBody body) {
    SimulatedProcess process = machine.start(name);
    int number = process.number();
    if (number >= started.length) {
      started = Arrays.copyOf(started, 2 * number);
      fresh = Arrays.copyOf(fresh, 2 * number);
      waiting = Arrays.copyOf(waiting, 2 * number);
    }
    crew.member(number).assign(() -> live(process, body));
    return process;
  }

  /** The life of a process, in its own thread, from its first turn on. */
  private void live(SimulatedProcess process, ProcessBody body) {
    try {
      process.runIn(Thread.currentThread());
      body.run(process);
      if (!over) { // otherwise it was unwound, whatever it made of that
        finish(process);
      }
    } catch (ProcessKilled killed) {
      // Its death has been dealt with where it happened.
    } catch (Throwable e) {
      if (!over) {
        failure = e;
        failed = process;
        end();
      }
    }
    synchronized (this) {
      unfinished--;
      notifyAll();
    }
  }

  private void finish(SimulatedProcess process) {
    if (mayDieAtItsEnd(process)) {
      moves.begin(process.number());
      moves.add(Move.of(Move.STEP, process.number(), 0), Moves.Cost.NOTHING);
      moves.add(Move.of(Move.KILL, process.number(), 0), Moves.Cost.KILL);
      int index = pick();
      if (index < 0) {
        end();
        return;
      }
      record(moves.move(index));
      if (index > 0) {
        kill(process);
        handOver(next(process));
        return;
      }
      if (machine.tracer() != null) {
        machine.tracer().step(process, Tracer.ENDS);
      }
    }
    end(process, false);
    handOver(next(process));
  }

  private void end(SimulatedProcess process, boolean killed) {
    process.end(killed);
    if (scenario.checksMemoryOnly()) {
      process.forget();
    }
    noteChange();
  }

  private boolean mayDieAtItsEnd(SimulatedProcess process) {
    return scenario.recovery() != null
        && !fresh[process.number()]
        && kills < bounds.kills()
        && candidates.mayBeKilled(process);
  }

  /** Lets the strategy pick one of the moves; less than 0 if the run is over for it. */
  private int pick() {
    try {
      int index = strategy.pick(moves);
      known = index == Strategy.KNOWN;
      return index;
    } catch (RuntimeException e) {
      refusal = e;
      return Strategy.KNOWN;
    }
  }

  private void end() {
    over = true;
    mainTurn.give();
  }

  /** Lets every thread that waits in the middle of its process come to its end. */
  private void unwind() {
    for (SimulatedProcess process : machine.processes()) {
      if (waiting[process.number()]) {
        process.abandon();
        crew.member(process.number()).turn.give();
      }
    }
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    synchronized (this) {
      while (unfinished > 0) {
        try {
          TimeUnit.MILLISECONDS.timedWait(this, 100);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted while a simulation came to its end", e);
        }
        if (limit < System.nanoTime()
            || machine.processes().stream().anyMatch(SimulatedProcess::isStubborn)) {
          throw new IllegalStateException(
              "a process does not end when it is killed: it must not catch ProcessKilled and go"
                  + " on");
        }
      }
    }
  }

  private void checkAtTheEnd() {
    machine.direct(new Immediate());
    try {
      scenario.checkAtTheEnd(observer);
    } catch (Throwable e) {
      failure = e;
    }
  }

  @Override
  public void beforeStep(SimulatedProcess process) {
    if (over) {
      throw process.killed();
    }
    if (++steps > bounds.steps()) {
      stop(
          process,
          null,
          new AssertionError(
              "the processes do not come to an end: "
                  + steps
                  + " steps were taken. If that is right, allow more of them"));
    }
    if (fresh[process.number()]) {
      fresh[process.number()] = false;
    } else {
      yieldTo(next(process), process);
    }
  }

  /** Ends the run in the middle of a process. */
  private void stop(SimulatedProcess process, SimulatedProcess guilty, Throwable e) {
    failure = e;
    failed = guilty;
    yieldTo(null, process);
  }

  /**
   * Hands the turn to another process, unless it is the same one, and waits for it.
   *
   * @param next null if the run is over
   */
  private void yieldTo(SimulatedProcess next, SimulatedProcess process) {
    if (next != process) {
      waiting[process.number()] = true;
      handOver(next);
      crew.member(process.number()).turn.take();
      waiting[process.number()] = false;
    }
    if (over || process.status() == Status.KILLED) {
      throw process.killed();
    }
  }

  private void handOver(SimulatedProcess next) {
    if (next == null) {
      end();
      return;
    }
    if (!started[next.number()]) {
      started[next.number()] = true;
      fresh[next.number()] = true;
      synchronized (this) {
        unfinished++;
      }
    }
    crew.member(next.number()).turn.give();
  }

  @Override
  public void afterStep(SimulatedProcess process, boolean changed) {
    if (changed) {
      noteChange();
      if (scenario.invariant() != null) {
        try {
          scenario.invariant().run(observer);
        } catch (Throwable e) {
          stop(
              process,
              process,
              new AssertionError("the invariant does not hold: " + e.getMessage(), e));
        }
      }
    }
  }

  private void noteChange() {
    candidates.noteChange();
    for (SimulatedProcess process : machine.processes()) {
      process.loop().end();
    }
  }

  @Override
  public int choose(SimulatedProcess process, Choice what, int options) {
    if (options == 1) {
      return 0;
    }
    moves.begin(process.number());
    int kind = what == Choice.WAY ? Move.WAY : Move.AGE;
    for (int i = 0; i < options; i++) {
      moves.add(
          Move.of(kind, process.number(), i),
          i == 0 || what == Choice.WAY ? Moves.Cost.NOTHING : Moves.Cost.STALE);
    }
    int index = pick();
    if (index < 0) {
      yieldTo(null, process);
    }
    if (what == Choice.WAY || index > 0) {
      record(moves.move(index));
    }
    return index;
  }

  @Override
  public Wait sleep(SimulatedProcess process, Sleep sleep) {
    process.fallAsleep(sleep);
    process.loop().end();
    yieldTo(next(process), process);
    return process.wasWoken() ? Wait.WOKEN : Wait.TIMED_OUT;
  }

  /** Lets the strategy pick until it picks a step; null when the run is over. */
  private SimulatedProcess next(SimulatedProcess current) {
    while (true) {
      candidates.collect(current, kills < bounds.kills());
      if (moves.size() == 0) {
        failure = candidates.hang();
        return null;
      }
      int index = pick();
      if (index < 0) {
        return null;
      }
      int move = moves.move(index);
      record(move);
      SimulatedProcess process = machine.processes().get(Move.process(move));
      switch (Move.kind(move)) {
        case Move.STEP -> {
          return process;
        }
        case Move.TIMEOUT -> {
          machine.advanceTo(process.sleep().until());
          machine.processes().forEach(p -> p.loop().timePasses());
          process.wake(false);
          return process;
        }
        default -> kill(process);
      }
    }
  }

  private void kill(SimulatedProcess process) {
    kills++;
    end(process, true);
    scenario.died(process);
    machine.noteEvent(process.number());
    if (machine.tracer() != null) {
      machine.tracer().step(process, Tracer.IS_KILLED);
    }
    if (scenario.recovery() != null) {
      begin("recovery of " + process.name(), this::recover).becomeRecovery();
    }
  }

  /** A recovery comes when it has its first turn, and not before. */
  private void recover(SimulatedProcess process) throws Exception {
    machine.direct(new Immediate());
    try {
      world.enter(process);
    } finally {
      machine.direct(this);
    }
    scenario.recovery().run(process);
  }

  private void record(int move) {
    trail = trailSize == trail.length ? Arrays.copyOf(trail, 2 * trailSize) : trail;
    trail[trailSize++] = move;
  }

  Schedule schedule() {
    return new Schedule(Arrays.copyOf(trail, trailSize));
  }

  int steps() {
    return steps;
  }

  /** Whether it was ended because the rest is known. */
  boolean isKnown() {
    return known;
  }

  /** Why the strategy could not go on; null if it could. */
  RuntimeException refusal() {
    return refusal;
  }

  /** What went wrong; null if nothing did. */
  Throwable failure() {
    return failure;
  }

  /** Who failed: a process, or null for the check or the whole. */
  SimulatedProcess failed() {
    return failed;
  }
}
