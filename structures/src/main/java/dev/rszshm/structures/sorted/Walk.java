package dev.rszshm.structures.sorted;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a range of a sorted map, leaf by leaf, in either direction. What is there all the
 * time comes once; what comes or goes meanwhile comes once or not.
 */
final class Walk {
  private final SortedTable table;
  private final TreeReads reads;
  private final byte @Nullable [] limit;
  private final boolean limitInclusive;
  private final boolean up;
  private final Leaf leaf;

  /** The entries of the leaf that are left: from this one to before that one. */
  private int next;

  private int stop;

  /** Where the next leaf is looked for; null: there is none. */
  private byte @Nullable [] bound;

  private boolean boundInclusive;
  private Descent.Side side;

  private int current;
  private byte @Nullable [] value;

  /**
   * A walk that has not begun.
   *
   * @param from null: from the beginning
   * @param limit null: to the end
   */
  Walk(
      SortedTable table,
      TreeReads reads,
      byte @Nullable [] from,
      boolean fromInclusive,
      byte @Nullable [] limit,
      boolean limitInclusive,
      boolean up) {
    this.table = table;
    this.reads = reads;
    this.limit = limit;
    this.limitInclusive = limitInclusive;
    this.up = up;
    this.leaf = new Leaf(table.nodeLength);
    this.bound = from == null ? TreeReads.NO_KEY : from;
    this.boundInclusive = from == null || fromInclusive;
    this.side = Descent.Side.of(from, fromInclusive, up);
  }

  /** Goes to the next entry; false: there is none. */
  boolean advance() {
    while (true) {
      while (next != stop) {
        current = next;
        next += up ? 1 : -1;
        value = null;
        if (!SortedMapLayout.isOutside(leaf.node.word(current))) {
          return true;
        }
        value = reads.value(leaf, current);
        if (value != null) {
          return true;
        }
      }
      byte[] from = bound;
      if (from == null || !readLeaf(from)) {
        bound = null;
        next = stop;
        return false;
      }
    }
  }

  byte[] key() {
    return leaf.node.key(current);
  }

  byte[] value() {
    byte[] outside = value;
    return outside != null ? outside : leaf.node.value(current);
  }

  private boolean readLeaf(byte[] from) {
    if (!reads.read(from, side, leaf)) {
      return false;
    }
    Node node = leaf.node;
    next = side == Descent.Side.LAST ? node.count - 1 : node.end(from, boundInclusive, up);
    stop = up ? node.count : -1;
    byte[] following = leaf.bound;
    if (limit != null) {
      int last = node.end(limit, limitInclusive, !up) + (up ? 1 : -1);
      if (last != stop) {
        following = null;
        stop = up ? Math.max(next, last) : Math.min(next, last);
      }
    }
    if (following != null && side != Descent.Side.LAST) {
      int order = Arrays.compareUnsigned(following, from);
      if (up ? order <= 0 : order > 0 || (order == 0 && side == Descent.Side.BEFORE)) {
        throw table.damaged(leaf.position.boundNode, order, "keys in their order");
      }
    }
    bound = following;
    boundInclusive = up;
    side = up ? Descent.Side.AT : Descent.Side.BEFORE;
    return true;
  }
}
