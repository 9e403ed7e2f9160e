package dev.rszshm.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * When processes are killed in a crash replay. The text is one number for each kill, the effects
 * since the beginning or the kill before: {@code 7} is killed after seven, {@code 7/3} is followed
 * by a recovery that is killed after three. {@code 7~2} has lost a set of the last stores besides.
 */
record CrashCase(List<Kill> kills) {
  /** One kill: after so many effects, and with which of the last stores lost. */
  record Kill(int effects, long lost) {
    @Override
    public String toString() {
      return lost == 0 ? Integer.toString(effects) : effects + "~" + Long.toUnsignedString(lost);
    }
  }

  static final CrashCase NONE = new CrashCase(List.of());

  static CrashCase parse(String text) {
    List<Kill> kills = new ArrayList<>();
    try {
      for (String part : text.isBlank() ? new String[0] : text.trim().split("/")) {
        int lost = part.indexOf('~');
        kills.add(
            lost < 0
                ? new Kill(Integer.parseInt(part), 0)
                : new Kill(
                    Integer.parseInt(part.substring(0, lost)),
                    Long.parseUnsignedLong(part.substring(lost + 1))));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no crash: expected numbers like 7, 7/3 or 7~2", e);
    }
    return new CrashCase(List.copyOf(kills));
  }

  CrashCase with(int effects, long lost) {
    List<Kill> more = new ArrayList<>(kills);
    more.add(new Kill(effects, lost));
    return new CrashCase(List.copyOf(more));
  }

  @Override
  public String toString() {
    return kills.stream().map(Kill::toString).collect(Collectors.joining("/"));
  }
}
