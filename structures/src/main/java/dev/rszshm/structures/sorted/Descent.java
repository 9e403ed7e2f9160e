package dev.rszshm.structures.sorted;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import org.jspecify.annotations.Nullable;

/*
 * Finds the leaf of a key without a lock, for those who read and for those who change the map.
 *
 * Layout
 * ------
 * SortedMapLayout: the root and the nodes. What is in a node never changes while it is in the tree, but for the places
 * of its children.
 *
 * Protocol
 * --------
 *  1 read the root: the place of the first node;
 *  2 read the stamp of the node that the place refers to;
 *  3 read again the stamp of the node in which the place is, and the place: both the same? Otherwise from the beginning;
 *  4 in an inner node, find the place of the next child, and go on at 2;
 *  5 in a leaf, read what is wanted, and then its stamp again: the same? Otherwise from the beginning.
 * All memory that ever was mapped stays so: what was freed meanwhile may be anything, is read within bounds, and not
 * believed. All loads before 3 and 5 are ordered before those by a fence. Places are read, and looks are taken, with volatile
 * order, as swaps are: a call that comes after another one sees what that has done.
 *
 * Why this is enough. No two nodes of this map ever have the same stamp (64 bits, counted; mixed with a seed, so that other
 * maps have others), and a node is written in full between a fence and its stamp. So a node that has the same stamp twice was the same all
 * the time between, whatever became of its block before and after: that a block comes again, with the same word in the same
 * place, deceives nobody. A change is one store in one place (TreeChange), and before the next change begins, the stamps of all nodes that it has
 * taken out are 0. So when 3 finds the stamp of a node, at most one change has taken that node out, which is
 * the last one. If none has: the child is in the tree at that instant. If one has: since then nobody has changed the places
 * of the node, and the child was in the tree right before that change, which came after this reader found the node. So,
 * going down, each node was in the tree at some instant since the reader came to the one above it; at that of
 * the leaf, 5 tells what the map had.
 *
 * If a process dies here
 * ----------------------
 * It has written nothing.
 */
final class Descent {
  /** Which leaf. */
  enum Side {
    /** The one that has the key, if any has; the bound is where the next one begins. */
    AT,
    /** The same; the bound is where it begins. */
    AT_OR_BEFORE,
    /** The one with what is right before the key; the bound is where it begins. */
    BEFORE,
    /** The last one; the bound is where it begins. */
    LAST;

    /** Where the first entry behind a bound is, or the last before it. */
    static Side of(byte @Nullable [] bound, boolean inclusive, boolean up) {
      if (up) {
        return AT;
      }
      return bound == null ? LAST : inclusive ? AT_OR_BEFORE : BEFORE;
    }
  }

  static final int TRIES = 10_000;
  static final int EMPTY = 0;
  static final int FOUND = 1;

  /** Something has changed meanwhile, or is damaged. */
  static final int MISSED = Integer.MIN_VALUE;

  private final SortedTable table;
  private final Heap heap;
  private final Memory memory;
  private final long base;
  private final int nodeLength;

  /** Bytes that are known to be mapped. */
  private long reach;

  Descent(SortedTable table) {
    this.table = table;
    this.heap = table.heap;
    this.memory = RawAccess.of(heap, Descent.class);
    this.base = heap.base();
    this.nodeLength = table.nodeLength;
    this.reach = heap.mappedLength();
  }

  /** What comes before each straight line of accesses by address. */
  void requireOpen() {
    table.requireOpen();
    heap.requireOpen();
    if (memory.getLongAcquire(base + table.at) != SortedMapLayout.MAGIC_VALUE) {
      table.requireThere();
    }
  }

  boolean isWithin(long offset, long length) {
    if (offset > reach - length) {
      reach = heap.catchUp();
    }
    return offset > 0 && offset <= reach - length && (offset & Long.BYTES - 1) == 0;
  }

  /** Whether a node has been what it is since it had this stamp. */
  boolean isSame(long node, long stamp) {
    memory.acquireFence();
    return stamp != 0 && memory.getLongVolatile(base + node) == stamp;
  }

  /** Finds a leaf in an open heap, once: FOUND, EMPTY or MISSED. */
  int tryToFind(byte[] key, long head, Side side, Position position) {
    long place = base + table.at + SortedMapLayout.ROOT;
    long word = memory.getLongVolatile(place);
    long parent = 0;
    long parentStamp = 0;
    int height = -1;
    position.boundNode = 0;
    if (word == 0) {
      return EMPTY;
    }
    for (int level = 0; level <= SortedMapLayout.MAX_HEIGHT; level++) {
      long block = SortedMapLayout.block(word);
      if (!SortedMapLayout.isReference(word) || !isWithin(block, nodeLength)) {
        return MISSED;
      }
      long node = base + block;
      long stamp = memory.getLongAcquire(node);
      memory.acquireFence();
      if (stamp == 0
          || (parent != 0 && memory.getLongVolatile(parent) != parentStamp)
          || memory.getLongVolatile(place) != word) {
        return MISSED;
      }
      position.reach(level, place - base, word);
      int found = memory.getShort(node + SortedMapLayout.NODE_HEIGHT) & 0xffff;
      int count = memory.getShort(node + SortedMapLayout.NODE_COUNT) & 0xffff;
      if (height >= 0 && found != height - 1) {
        return MISSED;
      }
      height = found;
      if (height == 0) {
        position.leaf = block;
        position.stamp = stamp;
        return FOUND;
      }
      if (count == 0 || SortedMapLayout.child(count, count) > nodeLength) {
        return MISSED;
      }
      int index = choose(node, count, key, head, side);
      if (index == MISSED) {
        return MISSED;
      }
      position.choose(level, index);
      int bound = side == Side.AT ? index + 1 : index;
      if (bound > 0 && bound < count) {
        position.boundNode = block;
        position.boundStamp = stamp;
        position.boundIndex = bound;
      }
      parent = node;
      parentStamp = stamp;
      place = node + SortedMapLayout.child(count, index);
      word = memory.getLongVolatile(place);
    }
    return MISSED;
  }

  private int choose(long node, int count, byte[] key, long head, Side side) {
    if (side == Side.LAST) {
      return count - 1;
    }
    int found = search(node, count, key, head);
    if (found == MISSED) {
      return MISSED;
    }
    if (found < 0) {
      return Math.max(0, ~found - 1);
    }
    return side == Side.BEFORE ? Math.max(0, found - 1) : found;
  }

  /**
   * The index of a key in a node of so many entries, whose heads and directory are within it; ~ of
   * the first that is greater if it is absent; MISSED if that cannot be said.
   */
  int search(long node, int count, byte[] key, long head) {
    long heads = node + SortedMapLayout.NODE_HEADER;
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      long found = memory.getLong(heads + (long) Long.BYTES * middle);
      int order = Long.compareUnsigned(found, head);
      if (order == 0) {
        order = compareRest(node, memory.getLong(heads + 8L * (count + middle)), key);
        if (order == 0) {
          return middle;
        }
        if (order == MISSED) {
          return MISSED;
        }
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return ~low;
  }

  /** Compares the key of an entry with one that has the same head. */
  private int compareRest(long node, long word, byte[] key) {
    int length = SortedMapLayout.keyLength(word);
    if (length <= Long.BYTES || key.length <= Long.BYTES) {
      return Integer.compare(length, key.length);
    }
    int position = SortedMapLayout.position(word);
    if (position + length - Long.BYTES > nodeLength) {
      return MISSED;
    }
    long rest = node + position - Long.BYTES;
    int common = Math.min(length, key.length);
    int i = Long.BYTES;
    for (; i <= common - Long.BYTES; i += Long.BYTES) {
      long a = memory.getLong(rest + i);
      long b = (long) Node.LONG.get(key, i);
      if (a != b) {
        return Long.compareUnsigned(Long.reverseBytes(a), Long.reverseBytes(b));
      }
    }
    for (; i < common; i++) {
      int difference = (memory.getByte(rest + i) & 0xff) - (key[i] & 0xff);
      if (difference != 0) {
        return difference;
      }
    }
    return Integer.compare(length, key.length);
  }

  /** Finds a leaf; false: the map is empty. */
  boolean find(byte[] key, long head, Side side, Position position) {
    for (int i = 0; i < TRIES; i++) {
      requireOpen();
      int found = tryToFind(key, head, side, position);
      if (found != MISSED) {
        return found == FOUND;
      }
      Thread.onSpinWait();
    }
    throw table.damaged(
        table.at + SortedMapLayout.ROOT,
        heap.getLongAcquire(table.at + SortedMapLayout.ROOT),
        "a tree in which a leaf can be found");
  }
}
