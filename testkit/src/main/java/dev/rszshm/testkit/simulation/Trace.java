package dev.rszshm.testkit.simulation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/** The steps of one run in words, with the lines they come from. */
final class Trace implements Tracer {
  private static final int LONGEST = 120;
  private static final int SHOWN_AT_EACH_END = LONGEST / 2;
  private static final int SHOWN_AROUND = 4;

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
    BitSet shown = shown();
    for (int i = 0; i < steps.size(); i++) {
      if (!shown.get(i)) {
        int next = shown.nextSetBit(i);
        text.append("      … ").append(next - i).append(" more steps\n");
        i = next;
      }
      Step step = steps.get(i);
      String line = String.format(Locale.ROOT, format, i + 1, step.process, step.what, step.where);
      text.append(line.stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** The steps to print: both ends, and those around each switch, death and stop. */
  private BitSet shown() {
    BitSet shown = new BitSet();
    int size = steps.size();
    if (size <= LONGEST) {
      shown.set(0, size);
      return shown;
    }
    shown.set(0, SHOWN_AT_EACH_END);
    shown.set(size - SHOWN_AT_EACH_END, size);
    for (int i = 1; i < size; i++) {
      if (isTurningPoint(i)) {
        shown.set(Math.max(0, i - SHOWN_AROUND), Math.min(size, i + SHOWN_AROUND));
      }
    }
    return shown;
  }

  private boolean isTurningPoint(int index) {
    Step step = steps.get(index);
    return step.where.isEmpty() || !step.process.equals(steps.get(index - 1).process);
  }
}
