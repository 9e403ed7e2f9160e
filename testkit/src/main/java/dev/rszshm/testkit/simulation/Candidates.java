package dev.rszshm.testkit.simulation;

import dev.rszshm.testkit.simulation.SimulatedProcess.Status;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What can happen next in a run: who can take a step, whose sleep can end, and who can die. */
final class Candidates {
  /**
   * Simulated time in which nobody stores anything, by which waiting is known to be without end.
   */
  private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(2);

  /** So many more looks a process gets that waits in a loop, when nobody else can go on. */
  private static final int MORE_LOOKS = 256;

  /** And so many before it is the turn of the next that does the same. */
  private static final int LOOKS_IN_TURN = 64;

  private final SimulatedMachine machine;
  private final Scenario scenario;
  private final Bounds bounds;
  private final Moves moves;
  private int moreLooks;
  private long lastChange;

  Candidates(SimulatedMachine machine, Scenario scenario, Bounds bounds, Moves moves) {
    this.bounds = bounds;
    this.machine = machine;
    this.scenario = scenario;
    this.moves = moves;
  }

  /** Notes that something has changed, so that whoever waits in a loop may see it. */
  void noteChange() {
    lastChange = machine.now();
    moreLooks = 0;
  }

  /** Collects what can happen now: nothing if all have ended, or if nobody will ever go on. */
  void collect(@Nullable SimulatedProcess current, boolean mayKill, boolean mayStop) {
    resumeTheLast();
    moves.begin(current == null || !current.isAlive() ? -1 : current.number());
    boolean goesOn = false;
    if (current != null && canStep(current)) {
      goesOn = true;
      moves.add(Move.of(Move.STEP, current.number(), 0), Moves.Cost.NOTHING);
    }
    Moves.Cost switching = goesOn ? Moves.Cost.PREEMPTION : Moves.Cost.NOTHING;
    for (SimulatedProcess other : machine.processes()) {
      if (other != current && canStep(other)) {
        moves.add(Move.of(Move.STEP, other.number(), 0), switching);
      }
    }
    if (moves.size() > 0) {
      addOthers(Moves.Cost.PREEMPTION);
    } else {
      addWithoutSteps(current);
      if (moves.size() == 0) {
        return;
      }
    }
    if (mayStop && current != null && mayBeStopped(current)) {
      moves.add(Move.of(Move.STOP, current.number(), 0), Moves.Cost.STOP);
    }
    if (mayKill) {
      for (SimulatedProcess other : machine.processes()) {
        if (other.leader() == other && other.lives() && mayBeKilled(other)) {
          moves.add(Move.of(Move.KILL, other.number(), 0), Moves.Cost.KILL);
        }
      }
    }
  }

  /** Adds what can happen beside the steps of those who can go on. */
  private void addOthers(Moves.Cost cost) {
    addThoseWhoLookOn(cost);
    for (SimulatedProcess other : machine.processes()) {
      if (other.status() == Status.SLEEPING && !other.isStopped()) {
        moves.add(Move.of(Move.TIMEOUT, other.number(), 0), cost);
      }
    }
  }

  private void addThoseWhoLookOn(Moves.Cost cost) {
    for (SimulatedProcess other : machine.processes()) {
      if (other.status() == Status.RUNNABLE
          && !other.isStopped()
          && other.loop().isFound()
          && other.loop().looks() < bounds.looks()) {
        moves.add(Move.of(Move.LOOK_ON, other.number(), 0), cost);
      }
    }
  }

  /** Adds what can happen when nobody can go on: more looks, the first timer, looks in turn. */
  private void addWithoutSteps(@Nullable SimulatedProcess current) {
    addThoseWhoLookOn(Moves.Cost.NOTHING);
    SimulatedProcess first = firstSleeper();
    if (first != null && first.sleep().until() - lastChange <= IDLE_NANOS) {
      moves.add(Move.of(Move.TIMEOUT, first.number(), 0), Moves.Cost.NOTHING);
    }
    if (moves.size() == 0) {
      SimulatedProcess looking = nextLooking(current);
      if (looking != null) {
        machine.advanceTo(machine.now() + IDLE_NANOS / MORE_LOOKS);
        moves.add(Move.of(Move.STEP, looking.number(), 0), Moves.Cost.NOTHING);
      }
    }
  }

  /** When the first timer runs out; the end of time if there is none. */
  long firstTimer() {
    SimulatedProcess first = firstSleeper();
    return first == null ? Long.MAX_VALUE : first.sleep().until();
  }

  /** Whose turn it is to look again, of those that wait in a loop; null if they did enough. */
  private @Nullable SimulatedProcess nextLooking(@Nullable SimulatedProcess current) {
    List<SimulatedProcess> all =
        machine.processes().stream()
            .filter(p -> p.status() == Status.RUNNABLE && !p.isStopped())
            .toList();
    if (all.isEmpty() || moreLooks >= MORE_LOOKS * all.size()) {
      return null;
    }
    int last = all.indexOf(current); // -1 if it does not wait in a loop
    boolean goesOn = moreLooks++ % LOOKS_IN_TURN != 0 && last >= 0;
    return all.get(goesOn ? last : (last + 1) % all.size());
  }

  private boolean canStep(SimulatedProcess process) {
    return process.status() == Status.RUNNABLE && !process.isStopped() && !process.loop().isFound();
  }

  /**
   * Whether a process may be stopped here, which has just taken a step: nobody sees that it stands
   * still, so that to stop it later, when others have gone on, would be the same.
   */
  private boolean mayBeStopped(SimulatedProcess process) {
    return process.isAlive() && !process.isStopped() && mayBeKilled(process.leader());
  }

  /** Lets those go on who were stopped, when all others have ended. */
  private void resumeTheLast() {
    boolean others = false;
    boolean any = false;
    for (SimulatedProcess process : machine.processes()) {
      any |= process.isAlive() && process.isStopped();
      others |= process.isAlive() && !process.isStopped();
    }
    if (any && !others) {
      machine.processes().forEach(process -> process.stop(false));
      noteChange();
    }
  }

  boolean mayBeKilled(SimulatedProcess process) {
    int number = process.number();
    return number >= scenario.members().size() || scenario.members().get(number).mayBeKilled();
  }

  /** Whose timer runs out first; null if nobody sleeps. */
  private @Nullable SimulatedProcess firstSleeper() {
    SimulatedProcess first = null;
    for (SimulatedProcess process : machine.processes()) {
      if (process.status() == Status.SLEEPING
          && !process.isStopped()
          && (first == null || process.sleep().until() < first.sleep().until())) {
        first = process;
      }
    }
    return first;
  }

  /** What is wrong if nothing can happen any more; nothing if all have ended. */
  Optional<AssertionError> hang() {
    return machine.processes().stream().anyMatch(SimulatedProcess::isAlive)
        ? Optional.of(
            new AssertionError("nobody goes on: for two simulated minutes, " + whoWaits()))
        : Optional.empty();
  }

  private String whoWaits() {
    StringBuilder text = new StringBuilder();
    for (SimulatedProcess process : machine.processes()) {
      if (process.isAlive()) {
        Sleep sleep = process.sleep();
        text.append(text.isEmpty() ? "" : ", ").append(process.name());
        if (process.isStopped()) {
          text.append(" is stopped");
        } else if (process.status() == Status.RUNNABLE) {
          text.append(" looks again and again at what does not change");
        } else if (sleep.words().isEmpty()) {
          text.append(" pauses");
        } else {
          text.append(" waits at ");
          for (Sleep.Word word : sleep.words()) {
            text.append(word == sleep.words().get(0) ? "" : " and ");
            text.append(machine.place(word.file(), word.offset()));
          }
        }
      }
    }
    return text.toString();
  }
}
