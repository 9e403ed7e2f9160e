package dev.rszshm.testkit.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * A history as text: a table with one line for each call, and one for each death, with a bar that
 * shows when it was under way. A column of marks can be put before it.
 */
final class Diagram {
  /** Columns that a bar may take: with more distinct times than that, neighbours share one. */
  private static final int WIDTH = 60;

  private final History<?, ?> history;
  private final IdentityHashMap<Object, String> marks = new IdentityHashMap<>();
  private final List<Long> times;

  Diagram(History<?, ?> history) {
    this.history = history;
    TreeSet<Long> distinct = new TreeSet<>();
    for (Call<?, ?> call : history.calls()) {
      distinct.add(call.at());
      call.response().ifPresent(response -> distinct.add(response.at()));
    }
    for (Death death : history.deaths()) {
      distinct.add(death.from());
      death.to().ifPresent(distinct::add);
    }
    this.times = List.copyOf(distinct);
  }

  /** Puts a mark before the line of this very call. */
  Diagram mark(Call<?, ?> call, String mark) {
    marks.put(call, mark);
    return this;
  }

  @Override
  public String toString() {
    if (times.isEmpty()) {
      return "(no calls)";
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(marks.isEmpty() ? "" : "order", "process", "operation", "result", "times", ""));
    List<Death> deaths = new ArrayList<>(history.deaths());
    for (Call<?, ?> call : history.calls()) {
      while (!deaths.isEmpty() && deaths.get(0).from() < call.at()) {
        rows.add(row(deaths.remove(0)));
      }
      rows.add(row(call));
    }
    deaths.forEach(death -> rows.add(row(death)));
    return layOut(rows);
  }

  private List<String> row(Call<?, ?> call) {
    String mark = marks.getOrDefault(call, "");
    String operation = Notation.of(call.operation());
    if (!call.isPending()) {
      Response<?> response = call.response().orElseThrow();
      return List.of(
          mark,
          call.process(),
          operation,
          Notation.of(response.result()),
          call.at() + ".." + response.at(),
          bar(call.at(), response.at(), '|', '|'));
    }
    OptionalLong death =
        history.deathOf(call.process()).map(Death::to).orElse(OptionalLong.empty());
    return List.of(
        mark, call.process(), operation, "...", call.at() + "..", bar(call.at(), death, '|', 'x'));
  }

  private List<String> row(Death death) {
    String to = death.to().isPresent() ? String.valueOf(death.to().getAsLong()) : "";
    return List.of(
        "",
        death.process(),
        "(died)",
        "",
        death.from() + ".." + to,
        bar(death.from(), death.to(), 'x', 'x'));
  }

  private String bar(long from, OptionalLong to, char begin, char end) {
    long last = times.get(times.size() - 1);
    return to.isPresent() ? bar(from, to.getAsLong(), begin, end) : bar(from, last, begin, '-');
  }

  private String bar(long from, long to, char begin, char end) {
    int first = column(from);
    int last = column(to);
    String start = " ".repeat(first) + begin;
    return last == first ? start : start + "-".repeat(last - first - 1) + end;
  }

  private int column(long time) {
    int rank = Collections.binarySearch(times, time);
    return times.size() <= WIDTH ? rank : (int) ((long) rank * (WIDTH - 1) / (times.size() - 1));
  }

  private static String layOut(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        if (widths[i] > 0) {
          line.append("  ").append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length()));
        }
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString().stripTrailing();
  }
}
