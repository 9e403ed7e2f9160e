package dev.rszshm.structures.sorted;

/** A position that knows every node on the way to it, for those who change them. */
final class Path extends Position {
  private static final int MOST = SortedMapLayout.MAX_HEIGHT + 1;

  /** For each node on the way the place that refers to it, and the word there. */
  final long[] places = new long[MOST];

  final long[] words = new long[MOST];

  /** Of each inner node on the way, which child was chosen. */
  final int[] indexes = new int[MOST];

  @Override
  void reach(int level, long place, long word) {
    super.reach(level, place, word);
    places[level] = place;
    words[level] = word;
  }

  @Override
  void choose(int level, int index) {
    indexes[level] = index;
  }
}
