package dev.rszshm.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What happens in one run of a simulation: which processes there are, and what must hold. It is
 * told anew for each schedule, so that objects made while telling it belong to one run.
 */
public final class Scenario {
  /** A process that is to be started. */
  record Member(String name, ProcessBody body, boolean mayBeKilled) {}

  private final List<Member> members = new ArrayList<>();
  private ProcessBody recovery;
  private ProcessBody invariant;
  private ProcessBody check;

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
    members.add(new Member(name, body, true));
    return this;
  }

  /** Adds a process that is never killed. */
  public Scenario survivor(String name, ProcessBody body) {
    members.add(new Member(name, body, false));
    return this;
  }

  /**
   * Sets what a fresh process does after each death, at any time from then on and beside the
   * survivors. It may be killed as well, and is then followed by another.
   */
  public Scenario recovery(ProcessBody body) {
    recovery = body;
    return this;
  }

  /**
   * Sets what must hold after each change of the shared state: the body throws if it does not. It
   * sees the memory from outside, and changes nothing.
   */
  public Scenario invariant(ProcessBody body) {
    invariant = body;
    return this;
  }

  /** Sets what must hold when all processes have ended: the body throws if it does not. */
  public Scenario check(ProcessBody body) {
    check = body;
    return this;
  }

  List<Member> members() {
    return members;
  }

  ProcessBody recovery() {
    return recovery;
  }

  ProcessBody invariant() {
    return invariant;
  }

  ProcessBody check() {
    return check;
  }
}
