package dev.rszshm.testkit.simulation;

import dev.rszshm.testkit.simulation.Trace.Step;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The text of a trace. Consecutive steps that one line of the code under test makes through one
 * call of the library become one line of the text, with the words they change. Around each switch,
 * death and stop, where a load gets an older value, and at the end, each step is a line.
 */
final class TraceText {
  /** The system property that shows each step: {@code full}. */
  static final String PROPERTY = "dev.rszshm.trace";

  private static final int LONGEST = 120;
  private static final int SHOWN_AT_EACH_END = LONGEST / 2;
  private static final int SHOWN_AROUND = 3;

  /** So many accesses that a line makes itself, one after the other, are folded as well. */
  private static final int MANY = 9;

  private static final int PLACES_SHOWN = 3;

  /** A line of the text, of one step or several; {@code must} says that it may not be left out. */
  private record Line(
      int first, int size, String process, String what, String where, boolean must) {
    String numbers() {
      return size == 1 ? Integer.toString(first) : first + "-" + (first + size - 1);
    }
  }

  private final List<Step> steps;
  private final boolean folding;
  private final List<Line> lines = new ArrayList<>();

  TraceText(List<Step> steps, boolean folding) {
    this.steps = steps;
    this.folding = folding;
    BitSet single = folding ? turningPoints() : new BitSet();
    for (int i = 0; i < steps.size(); ) {
      int end = folding ? endOfCall(i, single) : i + 1;
      lines.add(end - i == 1 ? line(i, single.get(i)) : folded(i, end));
      i = end;
    }
  }

  /** The steps that are shown each: those around what turns the run. */
  private BitSet turningPoints() {
    BitSet points = new BitSet();
    int size = steps.size();
    for (int i = 0; i < size; i++) {
      if (i > 0 && isTurningPoint(i)) {
        points.set(Math.max(0, i - SHOWN_AROUND), Math.min(size, i + SHOWN_AROUND));
      }
    }
    points.set(Math.max(0, size - SHOWN_AROUND), size);
    return points;
  }

  private boolean isTurningPoint(int index) {
    Step step = steps.get(index);
    return step.isEvent()
        || step.what().endsWith(Accesses.OLDER)
        || !step.process().equals(steps.get(index - 1).process());
  }

  /** Where the steps end that are folded with this one. */
  private int endOfCall(int begin, BitSet single) {
    int end = begin + 1;
    if (single.get(begin)) {
      return end;
    }
    while (end < steps.size() && !single.get(end) && isSameCall(steps.get(begin), steps.get(end))) {
      end++;
    }
    return steps.get(begin).where().isDirect() && end - begin < MANY ? begin + 1 : end;
  }

  private static boolean isSameCall(Step one, Step other) {
    return one.process().equals(other.process())
        && !one.where().own().isEmpty()
        && one.where().own().equals(other.where().own())
        && one.where().call().equals(other.where().call())
        && one.where().isDirect() == other.where().isDirect();
  }

  private Line line(int index, boolean must) {
    Step step = steps.get(index);
    SourceLine where = step.where();
    String text = where.inner();
    if (!where.isDirect() && !where.own().isEmpty()) {
      text = where.own() + "  in " + where.call() + ", " + where.inner();
    }
    return new Line(index + 1, 1, step.process(), step.what(), text, must);
  }

  private Line folded(int begin, int end) {
    Step first = steps.get(begin);
    String call = first.where().call();
    String what =
        String.format(
            Locale.ROOT,
            "%s%d steps%s",
            call.isEmpty() ? "" : call + ": ",
            end - begin,
            changed(begin, end));
    return new Line(begin + 1, end - begin, first.process(), what, first.where().own(), false);
  }

  private String changed(int begin, int end) {
    Set<String> places = new LinkedHashSet<>();
    for (Step step : steps.subList(begin, end)) {
      if (step.changes()) {
        places.add(step.place());
      }
    }
    if (places.isEmpty()) {
      return "";
    }
    List<String> shown = places.stream().limit(PLACES_SHOWN).toList();
    int more = places.size() - shown.size();
    return ", changing " + String.join(", ", shown) + (more == 0 ? "" : " and " + more + " more");
  }

  @Override
  public String toString() {
    int numbers = Math.max(4, lines.stream().mapToInt(l -> l.numbers().length()).max().orElse(1));
    int widest = Math.max(1, lines.stream().mapToInt(l -> l.process().length()).max().orElse(1));
    int longest = Math.max(1, lines.stream().mapToInt(l -> l.what().length()).max().orElse(1));
    String format = "%" + numbers + "s  %-" + widest + "s  %-" + longest + "s  %s";
    StringBuilder text = new StringBuilder();
    BitSet shown = shown();
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      if (shown.get(i)) {
        text.append(
            String.format(
                    Locale.ROOT, format, line.numbers(), line.process(), line.what(), line.where())
                .stripTrailing());
      } else {
        i = shown.nextSetBit(i) - 1;
        int next = lines.get(i + 1).first();
        text.append(" ".repeat(numbers))
            .append("  … ")
            .append(next - line.first())
            .append(" more steps");
      }
      text.append('\n');
    }
    if (folding && lines.size() < steps.size() || shown.cardinality() < lines.size()) {
      text.append("(-D").append(PROPERTY).append("=full shows each step)\n");
    }
    return text.toString();
  }

  /** The lines to print, if there are too many: both ends, and those that must be there. */
  private BitSet shown() {
    BitSet shown = new BitSet();
    int size = lines.size();
    if (!folding || size <= LONGEST) {
      shown.set(0, size);
      return shown;
    }
    shown.set(0, SHOWN_AT_EACH_END);
    shown.set(size - SHOWN_AT_EACH_END, size);
    for (int i = 0; i < size; i++) {
      if (lines.get(i).must()) {
        shown.set(i);
      }
    }
    return shown;
  }
}
