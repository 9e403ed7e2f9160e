package dev.rszshm.testkit.history;

import dev.rszshm.testkit.history.Verdict.Linearizable;
import dev.rszshm.testkit.history.Verdict.NotLinearizable;
import dev.rszshm.testkit.history.Verdict.NotLinearizable.Refusal;
import dev.rszshm.testkit.history.Verdict.Undecided;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The verdicts in words. */
final class Explanation {
  /** How many calls that are explained a failure shows: the last ones before it. */
  private static final int SHOWN = 40;

  private Explanation() {}

  static String of(Linearizable<?, ?> verdict) {
    Diagram diagram = new Diagram(verdict.history());
    number(diagram, verdict.order());
    return "linearizable, in the order given:\n" + diagram;
  }

  static <O, R> String of(NotLinearizable<O, R> verdict) {
    History<O, R> shown = around(verdict);
    Diagram diagram = new Diagram(shown);
    number(diagram, verdict.prefix());
    StringBuilder text = new StringBuilder("not linearizable");
    text.append(where(verdict.partition()))
        .append(": no order explains all that had returned by time ")
        .append(verdict.by())
        .append(".\n");
    for (Refusal<O, R> refusal : verdict.refused()) {
      diagram.mark(refusal.call(), "!");
    }
    text.append("The order that gets furthest, and (!) the calls that cannot come next:\n")
        .append(diagram);
    int all = verdict.history().calls().size();
    if (shown.calls().size() < all) {
      text.append(
          String.format(
              Locale.ROOT,
              "\n  (%,d of %,d calls; the others are long past or later)",
              shown.calls().size(),
              all));
    }
    text.append("\nThen the state is ").append(Notation.of(verdict.state())).append(", and");
    for (Refusal<O, R> refusal : verdict.refused()) {
      text.append("\n  ").append(refusal.call()).append(": ").append(refusal.objection());
    }
    return text.toString();
  }

  static String of(Undecided<?, ?> verdict) {
    return String.format(
        Locale.ROOT,
        "undecided%s: gave up after %,d configurations of %,d calls, of which %,d are pending."
            + " Record histories with fewer calls at the same time, let the model name partitions,"
            + " or raise the limit.",
        where(verdict.partition()),
        verdict.limit(),
        verdict.history().calls().size(),
        verdict.history().calls().stream().filter(Call::isPending).count());
  }

  private static String where(Object partition) {
    String name = Notation.of(partition);
    return name.isEmpty() ? "" : " (partition " + name + ")";
  }

  private static void number(Diagram diagram, List<? extends Call<?, ?>> order) {
    int place = 0;
    for (Call<?, ?> call : order) {
      place++;
      diagram.mark(call, String.valueOf(place));
    }
  }

  /** What is to be seen of a failure: not what was called later, nor what is long past. */
  private static <O, R> History<O, R> around(NotLinearizable<O, R> verdict) {
    List<Call<O, R>> prefix = verdict.prefix();
    Set<Call<O, R>> past = Collections.newSetFromMap(new IdentityHashMap<>());
    past.addAll(prefix.subList(0, Math.max(0, prefix.size() - SHOWN)));
    return verdict
        .history()
        .with(
            verdict.history().calls().stream()
                .filter(call -> call.at() <= verdict.by() && !past.contains(call))
                .toList());
  }
}
