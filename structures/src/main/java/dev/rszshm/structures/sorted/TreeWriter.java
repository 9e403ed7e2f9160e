package dev.rszshm.structures.sorted;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.process.SettledSlot;
import dev.rszshm.structures.sorted.Descent.Side;
import dev.rszshm.sync.Mutex;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * Changes a sorted map.
 *
 * Layout
 * ------
 * SortedMapLayout. The map is a B+-tree: entries are in leaves, in order; inner nodes say where which keys are. What is in
 * a node does not change, but for the references of children, each of which is a place of its own. So an entry is put, replaced or
 * removed by making its leaf anew. If that is one leaf for another, its place is swapped. If a leaf was halved, became empty, or
 * was joined with its neighbor, its parent is made anew as well, with the references of the other children, and so on up to the root.
 *
 * Protocol
 * --------
 *  1 take the lock; 2 settle what somebody has left (TreeChange), and free some garbage;
 *  3 find the leaf (Descent), copy it, and look for the key;
 *  4 make the nodes, take out the others, and swap (TreeEdit, TreeChange); 5 give the lock up.
 * No code of the caller runs in the lock: keys and values are bytes by then.
 * clear: the whole tree comes out by one swap of the root, into the slot for garbage, and is freed from there, leaves first, with
 * the lock given up between portions. Each reference in it is a slot from which a block is freed once. Whoever changes the map meanwhile
 * frees a portion too.
 *
 * If a process dies here
 * ----------------------
 * Whoever takes the lock next takes it from the dead (Mutex), after the lanes of the dead were recovered, and comes to 2. Garbage stays in
 * its slot, and what was freed of it is no more in the places where it was. The same is done after an error that a thread was thrown
 * out by: the next one settles, whoever it is. A thread that has no stack left to give the lock up keeps it,
 * until it uses the map again or its process ends.
 *
 * If a process stands still here
 * ------------------------------
 * It lives, and has the lock. Others who want to change this map wait until it goes on or is ended. Readers do not.
 *
 * B+-trees: Bayer and McCreight 1972. Nodes that are made anew instead of being changed: LMDB and its forerunners; there up to
 * the root, here up to the first place that one store can change.
 */
final class TreeWriter {
  /** What a change asks for. */
  enum Mode {
    /** Whatever there is. */
    ALWAYS,
    IF_ABSENT,
    IF_PRESENT,
    /** If there are certain bytes. */
    IF_EQUAL
  }

  /** Stands for a value that was there and that nobody wants to have. */
  static final byte[] SOMETHING = {};

  private static final int PORTION = 64;

  /** An entry that was removed. */
  record Removed(byte[] key, byte[] value) {}

  private final SortedTable table;
  private final Allocator allocator;
  private final Heap heap;
  private final Descent descent;
  private final TreeChange change;
  private final @Nullable Mutex lock; // null if the heap is attached for reading only
  private final long at;

  /** Whether something thrown has kept a thread from giving the lock up. */
  private volatile boolean leftBehind;

  TreeWriter(SortedTable table, Descent descent) {
    this.table = table;
    this.allocator = table.allocator;
    this.heap = table.heap;
    this.descent = descent;
    this.change = new TreeChange(table);
    this.at = table.at;
    this.lock = heap.isReadOnly() ? null : lockAt(heap, at + SortedMapLayout.LOCK);
  }

  private static Mutex lockAt(Heap heap, long offset) {
    Mutex lock = Mutex.at(heap, offset);
    lock.onOwnerDied(() -> {}); // the state tells all that there is to know
    return lock;
  }

  // The lock.

  /** Takes the lock, and returns it. */
  private Mutex enter() {
    table.requireOpen();
    table.requireThere();
    heap.requireWritable();
    Mutex mutex = Objects.requireNonNull(lock, "a heap that can be written has its locks");
    if (!leftBehind || !mutex.isHeldByCurrentThread()) {
      mutex.lock();
    } else {
      leftBehind = false;
    }
    boolean isThere = false;
    try {
      table.requireThere(); // somebody may have removed it while this thread waited for the lock
      isThere = true;
    } finally {
      if (!isThere) {
        mutex.unlock();
      }
    }
    return mutex;
  }

  /** What comes first in the lock, and may throw. */
  private void begin() {
    change.settle();
    if (hasGarbage()) {
      freeGarbage(PORTION);
    }
  }

  /** Gives the lock up; what was not done is settled, or else by whoever has it next. */
  private void leave(Mutex mutex, boolean done) {
    boolean left = false;
    try {
      if (!done && heap.isOpen()) {
        change.settle();
      }
    } catch (RuntimeException e) {
      // What has been thrown before is more important, and the next one settles.
    } finally {
      try {
        mutex.unlock();
        left = true;
      } finally {
        if (!left) { // no call: there may be no stack for one
          leftBehind = true;
        }
      }
    }
  }

  /** Does something in the lock; without it if the heap is attached for reading only. */
  void inLock(Runnable action) {
    if (lock == null) {
      action.run();
      return;
    }
    Mutex held = enter();
    boolean done = false;
    try {
      change.settle();
      action.run();
      done = true;
    } finally {
      leave(held, done);
    }
  }

  boolean isUnsettled() {
    return change.isUnsettled();
  }

  // Changes of one entry.

  /** A leaf with a place in it. */
  private final class Found {
    final Path path;
    final Node leaf;
    int index;

    Found(Path path) {
      int last = path.levels - 1;
      this.path = path;
      this.leaf = table.node(path.places[last], path.words[last], 0);
    }

    /** The reference of the value if it is outside; else 0. */
    long outside() {
      return SortedMapLayout.isOutside(leaf.word(index)) ? leaf.outside(index) : 0;
    }

    byte[] value() {
      long reference = outside();
      if (reference == 0) {
        return leaf.value(index);
      }
      int length = SortedMapLayout.valueLength(leaf.word(index));
      return heap.getBytes(table.requireBlock(path.leaf, reference, length), length);
    }
  }

  /** Finds a leaf; null if the map is empty. */
  private @Nullable Found find(byte[] key, Side side) {
    Path path = new Path();
    return descent.find(key, SortedMapLayout.head(key), side, path) ? new Found(path) : null;
  }

  /**
   * Puts a value, or does not.
   *
   * @param expected what must be there, of IF_EQUAL
   * @param returns whether to return a copy of what was there, or only {@link #SOMETHING}
   * @return null if there was nothing, or if the mode is IF_EQUAL and there was something else
   */
  byte @Nullable [] put(
      byte[] key, byte[] value, Mode mode, byte @Nullable [] expected, boolean returns) {
    Mutex held = enter();
    boolean done = false;
    try {
      begin();
      table.codecs.values().requireInLock();
      byte[] old = putInLock(key, value, mode, expected, returns);
      done = true;
      return old;
    } finally {
      leave(held, done);
    }
  }

  private byte @Nullable [] putInLock(
      byte[] key, byte[] value, Mode mode, byte @Nullable [] expected, boolean returns) {
    boolean inserts = mode == Mode.ALWAYS || mode == Mode.IF_ABSENT;
    Found found = find(key, Side.AT);
    if (found == null) {
      if (inserts) {
        putFirst(key, value);
      }
      return null;
    }
    int index = found.leaf.find(key);
    if (index < 0) {
      if (inserts) {
        insert(found, ~index, key, value);
      }
      return null;
    }
    found.index = index;
    byte[] old = returns || mode == Mode.IF_EQUAL ? found.value() : SOMETHING;
    if (mode == Mode.IF_EQUAL && !Arrays.equals(old, expected)) {
      return null;
    }
    if (mode != Mode.IF_ABSENT) {
      long oldValue = found.outside();
      change.begin();
      List<NodeEntry> entries = TreeEdit.entries(found.leaf);
      entries.set(index, entry(key, value));
      new TreeEdit(table, change, found.path, false)
          .replaceLeaf(entries, false, table.count(), oldValue);
    }
    return old;
  }

  private NodeEntry entry(byte[] key, byte[] value) {
    return SortedMapLayout.isInside(table.nodeLength, key.length, value.length)
        ? NodeEntry.inside(key, value)
        : NodeEntry.outside(key, value.length, change.makeValue(value));
  }

  private void putFirst(byte[] key, byte[] value) {
    change.begin();
    change.ensureSpare();
    byte[] node = NodeEntry.toNode(List.of(entry(key, value)), 0);
    change.swap(at + SortedMapLayout.ROOT, change.make(node, false), 1, 0);
  }

  private void insert(Found found, int index, byte[] key, byte[] value) {
    change.begin();
    change.ensureSpare();
    List<NodeEntry> entries = TreeEdit.entries(found.leaf);
    entries.add(index, entry(key, value));
    boolean isLast = index == entries.size() - 1 && found.path.boundNode == 0;
    new TreeEdit(table, change, found.path, false)
        .replaceLeaf(entries, isLast, table.count() + 1, 0);
  }

  /**
   * Removes a key.
   *
   * @param expected what must be there; null: anything
   * @return what was removed; null if nothing was
   */
  byte @Nullable [] remove(byte[] key, byte @Nullable [] expected) {
    Mutex held = enter();
    boolean done = false;
    try {
      begin();
      table.codecs.values().requireInLock();
      byte[] old = null;
      Found found = find(key, Side.AT);
      if (found != null) {
        found.index = found.leaf.find(key);
        byte[] value = found.index < 0 ? null : found.value();
        if (value != null && (expected == null || Arrays.equals(expected, value))) {
          old = value;
          remove(found);
        }
      }
      done = true;
      return old;
    } finally {
      leave(held, done);
    }
  }

  /** Removes the first entry that is not less than a key, or the last that is not greater. */
  @Nullable Removed poll(
      byte @Nullable [] bound,
      boolean inclusive,
      byte @Nullable [] limit,
      boolean limitInclusive,
      boolean up) {
    Mutex held = enter();
    boolean done = false;
    try {
      begin();
      table.codecs.values().requireInLock();
      Removed removed = null;
      Found found = findEnd(bound, inclusive, up);
      if (found != null) {
        byte[] key = found.leaf.key(found.index);
        int order = limit == null ? 0 : Arrays.compareUnsigned(key, limit) * (up ? 1 : -1);
        if (limit == null || order < 0 || (order == 0 && limitInclusive)) {
          removed = new Removed(key, found.value());
          remove(found);
        }
      }
      done = true;
      return removed;
    } finally {
      leave(held, done);
    }
  }

  /** Finds the first entry behind a bound, or the last before it; null if there is none. */
  private @Nullable Found findEnd(byte @Nullable [] bound, boolean inclusive, boolean up) {
    Side side = Side.of(bound, inclusive, up);
    byte[] key = bound == null ? TreeReads.NO_KEY : bound;
    for (int i = 0; i < 2; i++) { // a neighbor has entries, or there is none
      Found found = find(key, side);
      if (found == null) {
        return null;
      }
      found.index = side == Side.LAST ? found.leaf.count - 1 : found.leaf.end(key, inclusive, up);
      if (found.index >= 0 && found.index < found.leaf.count) {
        return found;
      }
      byte[] next = neighbor(found.path, up);
      if (next == null) {
        return null;
      }
      key = next;
      side = up ? Side.AT : Side.BEFORE;
    }
    return null;
  }

  /** Where the next leaf begins, or this one; null: there is no neighbor. */
  private byte @Nullable [] neighbor(Path path, boolean up) {
    for (int level = path.levels - 2; level >= 0; level--) {
      Node node = table.node(path.places[level], path.words[level], path.levels - 1 - level);
      int index = path.indexes[level] + (up ? 1 : 0);
      if (index > 0 && index < node.count) {
        return node.key(index);
      }
    }
    return null;
  }

  private void remove(Found found) {
    try {
      remove(found, true);
    } catch (OutOfHeapMemoryException full) {
      change.settle(); // it needs no memory if nothing is joined
      remove(found, false);
    }
  }

  private void remove(Found found, boolean joins) {
    long oldValue = found.outside();
    change.begin();
    List<NodeEntry> entries = TreeEdit.entries(found.leaf);
    entries.remove(found.index);
    long count = Math.max(0, table.count() - 1);
    new TreeEdit(table, change, found.path, joins).replaceLeaf(entries, false, count, oldValue);
  }

  // All at once.

  /** Removes all entries at one instant, and then frees their memory. */
  void clear() {
    boolean more = true;
    boolean cleared = false;
    while (more) {
      Mutex held = enter();
      boolean done = false;
      try {
        change.settle();
        if (!cleared && !hasGarbage()) {
          long root = heap.getLongAcquire(at + SortedMapLayout.ROOT);
          if (root != 0) {
            change.begin();
            change.clear(root);
          }
          cleared = true;
        }
        freeGarbage(PORTION);
        more = !cleared || hasGarbage();
        done = true;
      } finally {
        leave(held, done);
      }
    }
  }

  /** Gives all memory back, when nobody uses the map any more. */
  void dismantle() {
    table.remove();
    clear();
    inLock(
        () -> {
          SettledSlot.free(allocator, at + SortedMapLayout.SPARE);
        });
  }

  private boolean hasGarbage() {
    return heap.getLongAcquire(at + SortedMapLayout.GARBAGE) != 0;
  }

  /** Frees so many nodes of the garbage, or all. */
  private void freeGarbage(int most) {
    long slot = at + SortedMapLayout.GARBAGE;
    if (freeTree(slot, -1, most) == most && hasGarbage()) {
      throw table.damaged(
          slot, heap.getLongAcquire(slot), "a tree of which something can be freed");
    }
  }

  /** Frees a tree from a slot, leaves first; returns how many nodes may still be freed. */
  private int freeTree(long slot, int expected, int most) {
    SettledSlot.await(allocator, slot);
    long block = allocator.get(slot);
    if (block == 0) {
      return most;
    }
    if (!table.isWithin(block, table.nodeLength)) {
      throw table.damaged(slot, heap.getLongAcquire(slot), "a node");
    }
    int height = heap.getShort(block + SortedMapLayout.NODE_HEIGHT) & 0xffff;
    int count = heap.getShort(block + SortedMapLayout.NODE_COUNT) & 0xffff;
    if (height > SortedMapLayout.MAX_HEIGHT
        || (expected >= 0 && height != expected)
        || SortedMapLayout.child(count, height == 0 ? 0 : count) > table.nodeLength) {
      throw table.damaged(block, heap.getLongAcquire(block + 8), "the header of a node");
    }
    int left = most;
    for (int i = 0; i < count && left > 0; i++) {
      if (height > 0) {
        left = freeTree(block + SortedMapLayout.child(count, i), height - 1, left);
      } else {
        freeValue(block, count, i);
      }
    }
    if (left > 0) {
      heap.putLongRelease(block, 0); // no reader relies on it any more
      allocator.freeFrom(slot);
      left--;
    }
    return left;
  }

  private void freeValue(long leaf, int count, int index) {
    long word = heap.getLongAcquire(leaf + SortedMapLayout.directory(count) + 8L * index);
    int at = SortedMapLayout.valueAt(word);
    if (SortedMapLayout.isOutside(word)
        && at <= table.nodeLength - Long.BYTES
        && heap.getLongAcquire(leaf + at) != 0) {
      heap.putLongRelease(leaf, 0);
      SettledSlot.free(allocator, leaf + at);
    }
  }
}
