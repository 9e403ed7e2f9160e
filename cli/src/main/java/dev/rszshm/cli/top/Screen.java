package dev.rszshm.cli.top;

import dev.rszshm.cli.Amounts;
import dev.rszshm.cli.Text;
import dev.rszshm.cli.kind.Description;
import dev.rszshm.heap.Participant;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes lines of samples, one after the other, and remembers enough for rates and sparklines. */
public final class Screen {
  private static final int WIDTH = 40;
  private static final String BARS = "▁▂▃▄▅▆▇█";
  private static final int FEWEST_BARS = 3;
  private static final int MOST_PARTICIPANTS = 8;
  private static final double NANOS = 1e9;

  private final String path;
  private final Deque<Long> used = new ArrayDeque<>();
  private @Nullable Sample before;

  /** A screen for a heap. */
  public Screen(String path) {
    this.path = path;
  }

  /**
   * Returns the lines of the next sample.
   *
   * @param problem what is to be told beside it; empty for nothing
   */
  public List<String> lines(Sample now, String problem) {
    Sample last = before == null ? now : before;
    used.addLast(now.used());
    if (used.size() > WIDTH) {
      used.removeFirst();
    }
    double seconds = Math.max(1e-3, (now.nanos() - last.nanos()) / NANOS);
    List<String> lines = new ArrayList<>();
    LocalTime time =
        LocalTime.now(java.time.ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
    lines.add(Text.printable(path) + "  " + time + (problem.isEmpty() ? "" : "  " + problem));
    lines.add(
        String.format(
            Locale.ROOT,
            "length %s of %s, grown %d times, memory %s",
            Amounts.shortBytes(now.length()),
            Amounts.shortBytes(now.span()),
            now.growths(),
            Amounts.shortBytes(now.memory())));
    now.statistics()
        .ifPresent(
            s -> {
              lines.add(
                  String.format(
                      Locale.ROOT,
                      "blocks %,d (%+,.0f a second), %s (%s a second), fragmentation %.0f %%",
                      now.blocks(),
                      (now.blocks() - last.blocks()) / seconds,
                      Amounts.shortBytes(now.used()),
                      rate((now.used() - last.used()) / seconds),
                      100 * s.fragmentation()));
              if (used.size() >= FEWEST_BARS) {
                lines.add("in use " + sparkline());
              }
            });
    addParticipants(lines, now);
    addRoots(lines, now, last, seconds);
    before = now;
    return lines;
  }

  private static String rate(double bytes) {
    return (bytes < 0 ? "-" : "+") + Amounts.shortBytes(Math.abs(bytes));
  }

  /** The bytes in use, from none to the most that there were. */
  private String sparkline() {
    long most = used.stream().mapToLong(Long::longValue).max().orElse(0);
    StringBuilder line = new StringBuilder();
    for (long each : used) {
      int step = most == 0 ? 0 : (int) (each * (BARS.length() - 1) / most);
      line.append(BARS.charAt(step));
    }
    return line + "  most " + Amounts.shortBytes(most);
  }

  private static void addParticipants(List<String> lines, Sample now) {
    lines.add("");
    List<Participant> all = now.participants();
    long dead = all.stream().filter(p -> !p.alive()).count();
    lines.add((all.size() - dead) + " attached" + (dead > 0 ? ", " + dead + " dead" : ""));
    for (Participant p : all.subList(0, Math.min(MOST_PARTICIPANTS, all.size()))) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %8d  %3d lanes  %s%s",
              p.pid(),
              now.lanes(p),
              Text.printable(p.name()),
              p.alive() ? "" : "  dead"));
    }
  }

  /** Channels, and what is held or waited for. */
  private static void addRoots(List<String> lines, Sample now, Sample last, double seconds) {
    lines.add("");
    for (Map.Entry<String, Description> root : now.roots().entrySet()) {
      Map<String, Object> facts = root.getValue().facts();
      boolean held = Boolean.FALSE.equals(facts.get("free"));
      if (now.messages(root.getKey()).isPresent()) {
        long messages = now.messages(root.getKey()).get();
        long change = messages - last.messages(root.getKey()).orElse(messages);
        lines.add(
            String.format(
                Locale.ROOT,
                "  %s: %s (%+,.0f a second)",
                Text.printable(root.getKey()),
                root.getValue().text(),
                change / seconds));
      } else if (held) {
        String waiting = Boolean.TRUE.equals(facts.get("mayHaveWaiters")) ? ", waited for" : "";
        lines.add(
            "  "
                + Text.printable(root.getKey())
                + ": "
                + Text.printable(root.getValue().text())
                + waiting);
      }
    }
  }
}
