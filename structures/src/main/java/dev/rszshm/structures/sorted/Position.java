package dev.rszshm.structures.sorted;

/** Where a descent through the tree has come to. Offsets count from the heap's base. */
final class Position {
  /** The leaf, and its stamp when it was found. */
  long leaf;

  long stamp;

  /**
   * The innermost node on the way that knows where the leaf's neighbor begins, its stamp, and the
   * index of the entry that tells; 0: there is no neighbor on that side.
   */
  long boundNode;

  long boundStamp;
  int boundIndex;

  /** The number of nodes on the way, the leaf among them. */
  int levels;

  /** For each node on the way the place that refers to it, and the word there; null if unwanted. */
  final long[] places;

  final long[] words;

  /** Of each inner node on the way, which child was chosen. */
  final int[] indexes;

  Position(boolean withPath) {
    int most = SortedMapLayout.MAX_HEIGHT + 1;
    places = withPath ? new long[most] : null;
    words = withPath ? new long[most] : null;
    indexes = withPath ? new int[most] : null;
  }

  void reach(int level, long place, long word) {
    levels = level + 1;
    if (places != null) {
      places[level] = place;
      words[level] = word;
    }
  }

  void choose(int level, int index) {
    if (indexes != null) {
      indexes[level] = index;
    }
  }
}
