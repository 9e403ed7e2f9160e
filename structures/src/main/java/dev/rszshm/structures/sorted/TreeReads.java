package dev.rszshm.structures.sorted;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.sorted.Descent.Side;
import org.jspecify.annotations.Nullable;

/**
 * Reads a sorted map without a lock: the reader of the protocol in {@link Descent}.
 *
 * <p>Raw addresses are used in straight lines, behind a look whether the heap is open.
 */
final class TreeReads {
  static final byte[] NO_KEY = {};

  private final SortedTable table;
  private final Heap heap;
  private final Memory memory;
  private final Descent descent;
  private final long base;
  private final int nodeLength;

  TreeReads(SortedTable table, Descent descent) {
    this.table = table;
    this.heap = table.heap;
    this.memory = RawAccess.of(heap, TreeReads.class);
    this.descent = descent;
    this.base = heap.base();
    this.nodeLength = table.nodeLength;
  }

  private RuntimeException unreadable() {
    long root = table.at + SortedMapLayout.ROOT;
    return table.damaged(root, heap.getLongAcquire(root), "a tree with a leaf that can be read");
  }

  /** The value of a key; null if it is absent. */
  byte @Nullable [] get(byte[] key) {
    long head = SortedMapLayout.head(key);
    Position position = new Position();
    for (int i = 0; i < Descent.TRIES; i++) {
      if (!descent.find(key, head, Side.AT, position)) {
        return null;
      }
      descent.requireOpen();
      long node = base + position.leaf;
      int count = memory.getShort(node + SortedMapLayout.NODE_COUNT) & 0xffff;
      if (SortedMapLayout.child(count, 0) > nodeLength) {
        continue;
      }
      int index = descent.search(node, count, key, head);
      if (index < 0) {
        if (index != Descent.MISSED && descent.isSame(position.leaf, position.stamp)) {
          return null;
        }
        continue;
      }
      long word = memory.getLong(node + SortedMapLayout.directory(count) + (long) 8 * index);
      byte[] value = value(position.leaf, position.stamp, word);
      if (value != null) {
        return value;
      }
    }
    throw unreadable();
  }

  /** The value of an entry whose word was found in a leaf; null if the leaf has gone. */
  private byte @Nullable [] value(long leaf, long stamp, long word) {
    int length = SortedMapLayout.valueLength(word);
    int from = SortedMapLayout.valueAt(word);
    if ((long) from + SortedMapLayout.bytesInside(word) > nodeLength) {
      return null;
    }
    long at = leaf + from;
    if (SortedMapLayout.isOutside(word)) {
      long reference = memory.getLong(base + at);
      at = SortedMapLayout.block(reference);
      if (!SortedMapLayout.isReference(reference)
          || !descent.isWithin(at, length)
          || !descent.isSame(leaf, stamp)) {
        return null; // so that the length is none by chance
      }
    }
    byte[] value = new byte[length];
    descent.requireOpen();
    copyOut(base + at, value, length);
    return descent.isSame(leaf, stamp) ? value : null;
  }

  /** Copies short pieces by words, for which the call of a bulk copy would cost more. */
  private void copyOut(long from, byte[] into, int length) {
    if (length > 128) {
      memory.copyOut(from, into, 0, length);
      return;
    }
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      Node.LONG.set(into, i, memory.getLong(from + i));
    }
    for (; i < length; i++) {
      into[i] = memory.getByte(from + i);
    }
  }

  /**
   * Copies a leaf.
   *
   * @return whether there is one; false: the map is empty
   */
  boolean read(byte[] key, Side side, Leaf into) {
    long head = SortedMapLayout.head(key);
    Position position = into.position;
    for (int i = 0; i < Descent.TRIES; i++) {
      if (!descent.find(key, head, side, position)) {
        return false;
      }
      descent.requireOpen();
      long node = base + position.leaf;
      int end = memory.getInt(node + SortedMapLayout.NODE_END);
      if (end < SortedMapLayout.NODE_HEADER || end > nodeLength) {
        continue;
      }
      memory.copyOut(node, into.node.bytes, 0, end);
      if (descent.isSame(position.leaf, position.stamp) && into.complete(bound(position))) {
        String wrong = into.node.findWrong();
        if (wrong != null) {
          throw table.damaged(position.leaf, position.stamp, "a leaf, but found one with " + wrong);
        }
        return true;
      }
    }
    throw unreadable();
  }

  /** Where the neighbor begins: empty if there is none, null if that cannot be said any more. */
  private byte @Nullable [] bound(Position position) {
    if (position.boundNode == 0) {
      return Leaf.NO_BOUND;
    }
    descent.requireOpen();
    long node = base + position.boundNode;
    int count = memory.getShort(node + SortedMapLayout.NODE_COUNT) & 0xffff;
    int index = position.boundIndex;
    if (index >= count || SortedMapLayout.child(count, count) > nodeLength) {
      return null;
    }
    long head = memory.getLong(node + SortedMapLayout.NODE_HEADER + (long) Long.BYTES * index);
    long word = memory.getLong(node + SortedMapLayout.directory(count) + (long) Long.BYTES * index);
    int length = SortedMapLayout.keyLength(word);
    int rest = SortedMapLayout.restLength(length);
    if (length == 0 || SortedMapLayout.position(word) + rest > nodeLength) {
      return null;
    }
    byte[] key = new byte[length];
    descent.requireOpen();
    for (int i = 0; i < Math.min(length, Long.BYTES); i++) {
      key[i] = (byte) (head >>> (56 - 8 * i));
    }
    for (int i = 0; i < rest; i++) {
      key[Long.BYTES + i] = memory.getByte(node + SortedMapLayout.position(word) + i);
    }
    return descent.isSame(position.boundNode, position.boundStamp) ? key : null;
  }

  /**
   * Finds the first entry behind a bound, or the last before it, at one instant: a leaf that has
   * none is still the same when the next one was read.
   *
   * @param bound null: none
   * @param into gets the leaf, and which entry it is
   * @return whether there is one
   */
  boolean nearest(byte @Nullable [] bound, boolean inclusive, boolean up, Leaf into) {
    Side side = Side.of(bound, inclusive, up);
    for (int i = 0; i < Descent.TRIES; i++) {
      if (!read(bound == null ? NO_KEY : bound, side, into)) {
        return false;
      }
      if (choose(bound, inclusive, up, into)) {
        return true;
      }
      long first = into.position.leaf;
      long stamp = into.position.stamp;
      byte[] next = into.bound;
      if (next == null) {
        return false;
      }
      if (read(next, up ? Side.AT : Side.BEFORE, into) && choose(bound, inclusive, up, into)) {
        descent.requireOpen();
        if (descent.isSame(first, stamp)) {
          return true;
        }
      }
    }
    throw unreadable();
  }

  private static boolean choose(byte @Nullable [] bound, boolean inclusive, boolean up, Leaf leaf) {
    if (bound == null) {
      leaf.index = up ? 0 : leaf.node.count - 1;
    } else {
      leaf.index = leaf.node.end(bound, inclusive, up);
    }
    return leaf.index >= 0 && leaf.index < leaf.node.count;
  }

  /** The value of an entry of a leaf; null if it has been removed meanwhile. */
  byte @Nullable [] value(Leaf leaf, int index) {
    long word = leaf.node.word(index);
    if (!SortedMapLayout.isOutside(word)) {
      return leaf.node.value(index);
    }
    descent.requireOpen();
    byte[] value = value(leaf.position.leaf, leaf.position.stamp, word);
    return value != null ? value : get(leaf.node.key(index));
  }
}
