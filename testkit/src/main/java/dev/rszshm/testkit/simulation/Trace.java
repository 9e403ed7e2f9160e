package dev.rszshm.testkit.simulation;

import java.util.ArrayList;
import java.util.List;

/** The steps of one run in words, with the lines they come from. */
final class Trace implements Tracer {
  /**
   * A step.
   *
   * @param place what it touches, in a file; empty if that is no place
   * @param changes whether it changes what is there
   */
  record Step(String process, String what, SourceLine where, String place, boolean changes) {
    /** Whether no line of the process's code has brought it about. */
    boolean isEvent() {
      return where == SourceLine.NONE;
    }
  }

  private final List<Step> steps = new ArrayList<>();
  private final List<String> effects = new ArrayList<>();

  @Override
  public void step(SimulatedProcess process, String what) {
    add(process, what, "", false);
  }

  @Override
  public void access(SimulatedProcess process, String what, String place, boolean changes) {
    add(process, what, place, changes);
  }

  private void add(SimulatedProcess process, String what, String place, boolean changes) {
    if (!process.isObserver()) {
      steps.add(new Step(name(process), what, SourceLine.current(), place, changes));
    }
  }

  @Override
  public void event(SimulatedProcess process, String what) {
    if (!process.isObserver()) {
      steps.add(new Step(name(process), what, SourceLine.NONE, "", false));
    }
  }

  private static String name(SimulatedProcess process) {
    String letter = process.number() < 0 ? "" : Move.letter(process.number()) + " ";
    return letter + process.name();
  }

  @Override
  public void effect() {
    Step last = steps.get(steps.size() - 1);
    effects.add(last.what + ", " + last.where.inner());
  }

  /** The steps with an effect, and the lines they come from. */
  List<String> effects() {
    return effects;
  }

  /** Every step on a line of its own. */
  String full() {
    return new TraceText(steps, false).toString();
  }

  /** The steps as a failure shows them: folded, unless the system property wants all. */
  @Override
  public String toString() {
    return new TraceText(steps, !"full".equals(System.getProperty(TraceText.PROPERTY))).toString();
  }
}
