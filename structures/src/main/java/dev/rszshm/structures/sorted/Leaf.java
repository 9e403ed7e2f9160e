package dev.rszshm.structures.sorted;

import org.jspecify.annotations.Nullable;

/** A copy of a leaf, and where one of its neighbors begins. It can be filled again and again. */
final class Leaf {
  /** Stands for a bound where there is no neighbor: no separator is empty. */
  static final byte[] NO_BOUND = {};

  final Node node;
  final Position position = new Position();

  /**
   * Where the neighbor begins that was asked for, the next one or this one; null: there is none.
   */
  byte @Nullable [] bound;

  /** An entry that was looked for. */
  int index;

  Leaf(int nodeLength) {
    node = new Node(new byte[nodeLength]);
  }

  /** Reads what was copied, if the bound could be read. */
  boolean complete(byte @Nullable [] found) {
    node.read();
    bound = found == NO_BOUND ? null : found;
    return found != null;
  }
}
