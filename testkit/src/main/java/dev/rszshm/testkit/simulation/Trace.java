package dev.rszshm.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The steps of one run in words, with the lines they come from. */
final class Trace implements Tracer {
  private static final int LONGEST = 120;
  private static final int SHOWN_AT_EACH_END = LONGEST / 2;

  private record Step(String process, String what, String where) {}

  private final List<Step> steps = new ArrayList<>();
  private final List<String> effects = new ArrayList<>();

  @Override
  public void step(SimulatedProcess process, String what) {
    if (!process.isObserver()) {
      String letter = process.number() < 0 ? "" : Move.letter(process.number()) + " ";
      boolean outside = what.equals(IS_KILLED) || what.equals(IS_STOPPED) || what.equals(ENDS);
      steps.add(new Step(letter + process.name(), what, outside ? "" : SourceLine.current()));
    }
  }

  @Override
  public void effect() {
    Step last = steps.get(steps.size() - 1);
    effects.add(last.what + ", " + last.where);
  }

  /** The steps with an effect, and the lines they come from. */
  List<String> effects() {
    return effects;
  }

  @Override
  public String toString() {
    int widest = steps.stream().mapToInt(s -> s.process.length()).max().orElse(0);
    int longest = steps.stream().mapToInt(s -> s.what.length()).max().orElse(0);
    String format = "%4d  %-" + Math.max(1, widest) + "s  %-" + Math.max(1, longest) + "s  %s";
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < steps.size(); i++) {
      if (steps.size() > LONGEST && i == SHOWN_AT_EACH_END) {
        text.append("      … ").append(steps.size() - LONGEST).append(" more steps\n");
        i = steps.size() - SHOWN_AT_EACH_END;
      }
      Step step = steps.get(i);
      String line = String.format(Locale.ROOT, format, i + 1, step.process, step.what, step.where);
      text.append(line.stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
