package dev.rszshm.structures.sorted;

/** Where a descent through the tree has come to. Offsets count from the heap's base. */
class Position {
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

  /**
   * Notes that the descent has come to a node.
   *
   * @param place that refers to the node
   * @param word that is there
   */
  void reach(int level, long place, long word) {
    levels = level + 1;
  }

  /** Notes which child of an inner node the descent goes to. */
  void choose(int level, int index) {
    // Only a path knows.
  }
}
