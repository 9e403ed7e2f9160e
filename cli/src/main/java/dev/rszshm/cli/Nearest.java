package dev.rszshm.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Words that somebody may have meant who has written another. */
final class Nearest {
  private static final int MOST = 3;
  private static final int SHORT = 3;
  private static final int NEAR = 2;
  private static final int PART = 3;

  private Nearest() {}

  /**
   * Returns the words that are near to one, the nearest first: within two changes or a third of its
   * letters, and within one for a word of three letters or fewer.
   */
  static List<String> to(String word, Collection<String> words) {
    int letters = word.replaceFirst("^-+", "").length();
    int most = letters <= SHORT ? 1 : Math.max(NEAR, letters / PART);
    return words.stream()
        .filter(other -> distance(word, other) <= most)
        .sorted(
            Comparator.comparingInt((String other) -> distance(word, other))
                .thenComparing(Comparator.naturalOrder()))
        .limit(MOST)
        .toList();
  }

  /**
   * Returns how many letters must be added, removed, replaced or exchanged with their neighbor to
   * make one word of another (the optimal string alignment distance).
   */
  static int distance(String one, String other) {
    int[][] cost = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, one, other, i, j);
      }
    }
    return cost[one.length()][other.length()];
  }

  private static int step(int[][] cost, String one, String other, int i, int j) {
    boolean same = one.charAt(i - 1) == other.charAt(j - 1);
    int least =
        Math.min(cost[i - 1][j - 1] + (same ? 0 : 1), Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
    boolean exchanged =
        i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1);
    return exchanged ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
  }
}
