package dev.rszshm.testkit.simulation;

import dev.rszshm.testkit.history.HistoryRecorder;
import dev.rszshm.testkit.history.Linearizability;
import dev.rszshm.testkit.history.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What happens in one run of a simulation: which processes there are, and what must hold. It is
 * told anew for each schedule, so that objects made while telling it belong to one run.
 */
public final class Scenario {
  /** A process that is to be started. */
  record Member(String name, ProcessBody body, boolean mayBeKilled, boolean isThread) {}

  /** Calls that are recorded, and how they are checked at the end. */
  private record Recorded<O, R>(
      HistoryRecorder<O, R> recorder, Linearizability<?, O, R> linearizability) {
    void check() {
      linearizability.require(recorder.history());
    }
  }

  private final List<Member> members = new ArrayList<>();
  private final List<Recorded<?, ?>> recorded = new ArrayList<>();
  private Optional<ProcessBody> recovery = Optional.empty();
  private Optional<ProcessBody> invariant = Optional.empty();
  private Optional<ProcessBody> check = Optional.empty();
  private boolean checksMemoryOnly;

  private Scenario() {}

  /**
   * Has a scenario told.
   *
   * @throws IllegalArgumentException if it has no process
   */
  static Scenario tell(Consumer<Scenario> teller) {
    Scenario scenario = new Scenario();
    teller.accept(scenario);
    if (scenario.members.isEmpty()) {
      throw new IllegalArgumentException("the scenario has no process: add one");
    }
    return scenario;
  }

  /** Adds a process. The first is A in schedules, the next B, and so on. */
  public Scenario process(String name, ProcessBody body) {
    members.add(new Member(name, body, true, false));
    return this;
  }

  /** Adds a process that is never killed, nor stopped. */
  public Scenario survivor(String name, ProcessBody body) {
    members.add(new Member(name, body, false, false));
    return this;
  }

  /**
   * Adds a thread to the process that was added last. It shares that one's heap, descriptors and
   * Java objects, dies with it, and has a letter of its own in schedules.
   *
   * <p>The threads of one process must not wait for one another but in shared memory: one that
   * holds a Java lock when another goes on, which then wants it, ends the run with an {@link
   * IllegalStateException}.
   */
  public Scenario thread(String name, ProcessBody body) {
    if (members.isEmpty()) {
      throw new IllegalArgumentException("a thread belongs to a process: add that first");
    }
    members.add(new Member(name, body, members.get(members.size() - 1).mayBeKilled(), true));
    return this;
  }

  boolean hasThreads() {
    return members.stream().anyMatch(Member::isThread);
  }

  /**
   * Sets what a fresh process does after each death, at any time from then on and beside the
   * survivors. It may be killed as well, and is then followed by another.
   */
  public Scenario recovery(ProcessBody body) {
    recovery = Optional.of(body);
    return this;
  }

  /**
   * Sets what must hold after each change of the shared state: the body throws if it does not. It
   * sees the memory from outside, and changes nothing.
   */
  public Scenario invariant(ProcessBody body) {
    invariant = Optional.of(body);
    return this;
  }

  /**
   * Requires that the calls which the processes make through {@link SimulatedProcess#call} are
   * linearizable: as if each had taken effect at one instant. A call that a death cuts off may have
   * had its effect or not.
   *
   * @return what to give to {@code call}
   */
  public <O, R> HistoryRecorder<O, R> linearizable(Model<?, O, R> model) {
    return linearizable(Linearizability.of(model));
  }

  /** As {@link #linearizable(Model)}, with a check that is set otherwise. */
  public <O, R> HistoryRecorder<O, R> linearizable(Linearizability<?, O, R> linearizability) {
    HistoryRecorder<O, R> recorder = new HistoryRecorder<>();
    recorded.add(new Recorded<>(recorder, linearizability));
    return recorder;
  }

  /** Sets what must hold when all processes have ended: the body throws if it does not. */
  public Scenario check(ProcessBody body) {
    check = Optional.of(body);
    return this;
  }

  /**
   * Sets what must hold of the shared memory when all processes have ended: like {@link #check},
   * but the body promises to look at nothing else, not at Java objects that processes have filled
   * either. Two runs that differ only in what dead and ended processes had read are then the same,
   * which makes states with deaths several times fewer.
   */
  public Scenario checkMemory(ProcessBody body) {
    check = Optional.of(body);
    checksMemoryOnly = true;
    return this;
  }

  boolean checksMemoryOnly() {
    return checksMemoryOnly;
  }

  /** Notes a death in every history. */
  void died(SimulatedProcess process) {
    recorded.forEach(history -> history.recorder.died(process.name()));
  }

  boolean hasChecks() {
    return check.isPresent() || invariant.isPresent();
  }

  /** Checks all that must hold at the end. */
  void checkAtTheEnd(SimulatedProcess observer) throws Exception {
    if (check.isPresent()) {
      check.get().run(observer);
    }
    recorded.forEach(Recorded::check);
  }

  List<Member> members() {
    return members;
  }

  Optional<ProcessBody> recovery() {
    return recovery;
  }

  Optional<ProcessBody> invariant() {
    return invariant;
  }
}
