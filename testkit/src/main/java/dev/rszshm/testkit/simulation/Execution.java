package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.spi.SystemCalls.Wait;
import dev.rszshm.testkit.simulation.SimulatedProcess.Status;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/*
 * One run of a scenario, in the order a strategy picks.
 *
 * Protocol
 * --------
 * Every process has a thread, or several, and one of all has the turn. Only that thread does anything: before each
 * shared step it asks the strategy what happens next, and if that is a step of another process, it hands
 * the turn over and waits for its own. So the strategy is asked by whoever has the turn, and no thread
 * of its own is needed to direct the others; a process that goes on costs a call and no switch.
 *  1 the processes are made, attached to the world, and the strategy picks the first to go;
 *  2 a step: pick; hand over; when the turn is back, take the step, unless killed meanwhile. The first
 *    turn of a process brings it to its first step and is that step;
 *  3 a killed process loses its locks at once. Its thread waits until the run is over, and is then
 *    unwound: what it does on the way out has no effect;
 *  4 a process that sleeps is not picked. When nobody can go on, the clock moves on to the first timer;
 *  5 a process that only looks, again and again, is not picked until something has changed. But it may be
 *    led on, to the end of its loop or to a bound of its looks, before others go on: that counts as a
 *    preemption of those who could. On its way it is not interrupted before it does something else than
 *    look where it has looked before, as nothing can happen there that could not happen before or
 *    after. When nobody can go on by itself, such processes look some more while time passes;
 *  6 the end of a process is a step if it may still be killed there and somebody recovers: what it did
 *    is done, but it has not got so far as to know that;
 *  7 a call of code that is trusted (Trust) is one step: in the midst of it nobody else goes on, and nobody
 *    dies, unless it sleeps or looks in vain for as often as the bound allows;
 *  8 the run is over when all have ended, when somebody failed, or when the strategy knows the rest.
 *
 * What is wrong with the run is noted here and not thrown into the code under test, which might catch it.
 */
final class Execution implements Director {
  /** After so long without a step, a thread is asked whether it waits for something. */
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long processes that were killed may take to end, on a busy machine, too. */
  private static final long END_NANOS = TimeUnit.MINUTES.toNanos(3);

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

  /** Who has got the turn, or had it last; null before the first turn. */
  private volatile @Nullable SimulatedProcess running;

  private boolean[] started = new boolean[8];
  private boolean[] fresh = new boolean[8];
  private boolean[] waiting = new boolean[8];
  private int[] trail = new int[256];
  private int trailSize;
  private int steps;
  private int kills;
  private int stops;
  private int unfinished;
  private boolean over;
  private boolean known;
  private final @Nullable ScheduleFile file;
  private Optional<Failure> failure = Optional.empty();
  private Optional<RuntimeException> refusal = Optional.empty();

  /** Who has changed something in a call of trusted code, and not come out of it yet. */
  private @Nullable SimulatedProcess changedInCall;

  Execution(World world, Scenario scenario, Bounds bounds, Strategy strategy, Crew crew) {
    this.world = world;
    this.machine = world.machine();
    this.scenario = scenario;
    this.bounds = bounds;
    this.strategy = strategy;
    this.file = world.machine().scheduleFile();
    this.crew = crew;
    this.moves = new Moves(machine);
    this.candidates = new Candidates(machine, scenario, bounds, moves);
    this.observer = new SimulatedProcess(machine, -1, "check");
  }

  /** Runs it to its end. */
  Execution run() {
    observer.observe();
    if (file != null) {
      file.beginRun();
    }
    if (scenario.hasChecks()) {
      world.enter(observer);
    }
    for (Scenario.Member member : scenario.members()) {
      if (member.isThread()) {
        SimulatedProcess last = machine.processes().get(machine.processes().size() - 1);
        begin(machine.startThread(last.leader(), member.name()), member.body());
      } else {
        world.enter(begin(machine.start(member.name()), member.body()));
      }
    }
    if (bounds.staleLoads() > 0) {
      machine.weaken();
    }
    machine.divideCopies(bounds.bulkSteps());
    machine.direct(this);
    handOver(next(null));
    awaitEnd();
    unwind();
    if (failure.isEmpty() && refusal.isEmpty() && !known) {
      checkAtTheEnd();
    }
    return this;
  }

  /**
   * Waits until the run is over. Where threads share Java objects, one of them may wait in earnest
   * for what another holds that has not got the turn: that ends the run as well.
   */
  private void awaitEnd() {
    int seen = -1;
    while (!mainTurn.take(scenario.hasThreads() ? STUCK_NANOS : Long.MAX_VALUE)) {
      SimulatedProcess stuck = running;
      if (stuck != null && seen == steps && isStuck(crew.member(stuck.number()).thread())) {
        refusal = Optional.of(waitsOutside(stuck));
        over = true;
        return;
      }
      seen = steps;
    }
  }

  private IllegalStateException waitsOutside(SimulatedProcess stuck) {
    return new IllegalStateException(
        "thread "
            + stuck.name()
            + " waits outside of the simulation, perhaps for a Java lock that another thread of its"
            + " process holds across a step: "
            + Arrays.toString(crew.member(stuck.number()).thread().getStackTrace()));
  }

  /** The second look is for a thread that was given the turn, and went on behind the first. */
  private static boolean isStuck(Thread thread) {
    return !waitsForItsTurn(thread)
        && thread.getState() != Thread.State.RUNNABLE
        && !waitsForItsTurn(thread);
  }

  private static boolean waitsForItsTurn(Thread thread) {
    return LockSupport.getBlocker(thread) instanceof Turn;
  }

  private SimulatedProcess begin(SimulatedProcess process, ProcessBody body) {
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
        failure = Optional.of(Failure.of(process, e));
        end();
      }
    }
    synchronized (this) {
      unfinished--;
      notifyAll();
    }
  }

  private void finish(SimulatedProcess process) {
    checkAfterCall(process);
    if (mayDieAtItsEnd(process)) {
      moves.begin(process.number());
      moves.add(Move.of(Move.STEP, process.number(), 0), Moves.Cost.NOTHING);
      moves.add(Move.of(Move.KILL, process.leader().number(), 0), Moves.Cost.KILL);
      int index = pick();
      if (index < 0) {
        end();
        return;
      }
      record(moves.move(index));
      if (index > 0) {
        kill(process.leader());
        handOver(next(process));
        return;
      }
      if (machine.tracer() != null) {
        machine.tracer().event(process, Tracer.ENDS);
      }
    }
    end(process, false);
    handOver(next(process));
  }

  private void end(SimulatedProcess process, boolean killed) {
    process.end(killed);
    if (scenario.checksMemoryOnly() && !process.lives()) {
      process.forget();
    }
    noteChange();
  }

  private boolean mayDieAtItsEnd(SimulatedProcess process) {
    return scenario.recovery().isPresent()
        && !fresh[process.number()]
        && process.threads().stream().filter(SimulatedProcess::isAlive).count() == 1
        && kills < bounds.kills()
        && candidates.mayBeKilled(process.leader());
  }

  /** Lets the strategy pick one of the moves; less than 0 if the run is over for it. */
  private int pick() {
    try {
      int index = strategy.pick(moves);
      known = index == Strategy.KNOWN;
      return index;
    } catch (RuntimeException e) {
      refusal = Optional.of(e);
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
    long limit = System.nanoTime() + END_NANOS;
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
      failure = Optional.of(Failure.ofRun(e));
    }
  }

  @Override
  public void beforeStep(SimulatedProcess process, long place) {
    if (over) {
      throw process.killed();
    }
    if (++steps > bounds.steps()) {
      stop(
          process,
          Failure.ofRun(
              new AssertionError(
                  "the processes do not come to an end: "
                      + steps
                      + " steps were taken. If that is right, allow more of them")));
    }
    if (process.goesOnInCall()) {
      if (process.loop().looks() < bounds.looks()) {
        return;
      }
    } else {
      checkAfterCall(process);
    }
    if (fresh[process.number()]) {
      fresh[process.number()] = false;
    } else if (!mayRepeat(process, place)) {
      yieldTo(next(process), process);
    }
  }

  /**
   * Whether a process that goes on looking takes the same look again. Nobody has changed anything,
   * so all that others might do before this look they can do before the first one, or after.
   */
  private boolean mayRepeat(SimulatedProcess process, long place) {
    WaitingLoop loop = process.loop();
    if (!loop.goesOn()) {
      return false;
    }
    if (loop.looks() >= bounds.looks()) {
      loop.stop();
      return false;
    }
    if (!loop.repeats(place)) {
      return false;
    }
    machine.advanceTo(Math.min(machine.now() + loop.tick(), candidates.firstTimer()));
    return true;
  }

  /** Ends the run in the middle of a process. */
  private void stop(SimulatedProcess process, Failure found) {
    failure = Optional.of(found);
    yieldTo(null, process);
  }

  /**
   * Hands the turn to another process, unless it is the same one, and waits for it.
   *
   * @param next null if the run is over
   */
  private void yieldTo(@Nullable SimulatedProcess next, SimulatedProcess process) {
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

  private void handOver(@Nullable SimulatedProcess next) {
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
    running = next;
    crew.member(next.number()).turn.give();
  }

  @Override
  public void afterStep(SimulatedProcess process, boolean changed) {
    if (changed) {
      noteChange();
      if (process.isTrusted()) {
        changedInCall = process;
      } else {
        checkInvariant(process);
      }
    }
  }

  /** Checks what a call of trusted code has left, which is one step. */
  private void checkAfterCall(SimulatedProcess process) {
    if (changedInCall == process) {
      changedInCall = null;
      checkInvariant(process);
    }
  }

  private void checkInvariant(SimulatedProcess process) {
    if (scenario.invariant().isPresent()) {
      try {
        scenario.invariant().get().run(observer);
      } catch (Throwable e) {
        String message = "the invariant does not hold: " + e.getMessage();
        stop(process, Failure.of(process, new AssertionError(message, e)));
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
    if (options == 1 || (what == Choice.AGE && process.isTrusted())) {
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
  public SimulatedProcess chooseSleeper(SimulatedProcess process, List<SimulatedProcess> sleepers) {
    moves.begin(process.number());
    for (SimulatedProcess sleeper : sleepers) {
      moves.add(Move.of(Move.WAKE, process.number(), sleeper.number()), Moves.Cost.NOTHING);
    }
    int index = pick();
    if (index < 0) {
      yieldTo(null, process);
    }
    record(moves.move(index));
    return sleepers.get(index);
  }

  @Override
  public Wait sleep(SimulatedProcess process, Sleep sleep) {
    process.fallAsleep(sleep);
    process.loop().end();
    yieldTo(next(process), process);
    return process.wasWoken() ? Wait.WOKEN : Wait.TIMED_OUT;
  }

  /** Lets the strategy pick until it picks a step; null when the run is over. */
  private @Nullable SimulatedProcess next(@Nullable SimulatedProcess current) {
    while (true) {
      candidates.collect(current, kills < bounds.kills(), stops < bounds.stops());
      if (moves.size() == 0) {
        failure = candidates.hang().map(Failure::ofRun);
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
        case Move.STOP -> {
          stops++;
          process.stop(true);
          if (machine.tracer() != null) {
            machine.tracer().event(process, Tracer.IS_STOPPED);
          }
        }
        case Move.LOOK_ON -> {
          process.loop().goOn();
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
    process.threads().forEach(scenario::died);
    machine.noteEvent(process.number());
    if (machine.tracer() != null) {
      machine.tracer().event(process, Tracer.IS_KILLED);
    }
    if (scenario.recovery().isPresent()) {
      begin(machine.start("recovery of " + process.name()), this::recover).becomeRecovery();
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
    scenario.recovery().orElseThrow().run(process);
  }

  private void record(int move) {
    if (file != null) {
      file.add(move);
    }
    trail = trailSize == trail.length ? Arrays.copyOf(trail, 2 * trailSize) : trail;
    trail[trailSize++] = move;
  }

  Schedule schedule() {
    return new Schedule(Arrays.copyOf(trail, trailSize));
  }

  int steps() {
    return steps;
  }

  /** How many moves it had. */
  int moves() {
    return trailSize;
  }

  /** Whether it was ended because the rest is known. */
  boolean isKnown() {
    return known;
  }

  /** Why the strategy could not go on, if it could not. */
  Optional<RuntimeException> refusal() {
    return refusal;
  }

  /** What went wrong, if anything did. */
  Optional<Failure> failure() {
    return failure;
  }
}
