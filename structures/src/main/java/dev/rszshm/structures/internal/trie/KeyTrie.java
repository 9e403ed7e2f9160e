package dev.rszshm.structures.internal.trie;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.DamagedHeapException;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.internal.bytes.KeyBytes;
import dev.rszshm.structures.internal.bytes.XxHash64;
import dev.rszshm.structures.internal.segment.References;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongConsumer;

/*
 * Keys of bytes, found by their hash, to which others are added and from which none is removed. Each has a number.
 *
 * Layout
 * ------
 * 64 slots of tables; a table has 64 words, the roots of 64 tries. A node has a key, a number, and four words for
 * children (NodeLayout). The path of a key: 6 bits of its hash say which table, the next 6 which root, and then
 * 2 bits at each node which child. It ends at the node that has the key, or at a word that is 0. When the hash has no
 * more bits, it goes on by the first child: keys that all collide are a chain.
 *
 * Protocol
 * --------
 * find: follow the path. A node that was reached stays where it is, and its key is never changed: no second look.
 * add:
 *  1 follow the path, making its table if need be, to a word that is 0;
 *  2 put the node there, by one compare-and-set from 0: the structure says how. Failed: follow the path on from there.
 * So there is never a second node for a key: its path leads to the one word, and who comes second finds
 * the first's node there. Nothing is moved or split as it grows, and what came early, which often is what is asked for
 * often, is near the root.
 *
 * If a process dies here
 * ----------------------
 * 1 leaves a table that is needed sooner or later, or nothing (Allocator.allocateInto). 2 has happened or not.
 *
 * Tries of hashes: Bagwell 2001. Keys in inner nodes, put by one compare-and-set: the hash trie of Chris Wellons.
 */
public final class KeyTrie {
  /** The number of slots of tables. */
  public static final int TABLES = 64;

  /** The length of the slots of tables in bytes. */
  public static final int LENGTH = TABLES * Long.BYTES;

  static final int TABLE_BITS = 6;
  private static final int TABLE_MASK = (1 << TABLE_BITS) - 1;
  static final int TABLE_LENGTH = Long.BYTES << TABLE_BITS;

  private static final int TRIES = 1000;

  private final Allocator allocator;
  private final Heap heap;
  private final Memory memory;
  private final long base;
  private final long tables;
  private final long seed;

  /**
   * A trie.
   *
   * @param tables the offset of its slots of tables
   * @param seed the seed of its hash
   */
  public KeyTrie(Allocator allocator, long tables, long seed) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.memory = RawAccess.of(heap, KeyTrie.class);
    this.base = heap.base();
    this.tables = tables;
    this.seed = seed;
  }

  /** Returns the hash of a key. */
  public long hash(byte[] array, int from, int length) {
    return XxHash64.hash(array, from, length, seed);
  }

  private long tableSlot(long hash) {
    return tableSlot((int) hash & TABLE_MASK);
  }

  private static long inTable(long table, long hash) {
    return table + (hash >>> TABLE_BITS & TABLE_MASK) * Long.BYTES;
  }

  private static int child(long hash, int shift) {
    return shift < Long.SIZE ? (int) (hash >>> shift) & (NodeLayout.CHILDREN - 1) : 0;
  }

  private static long childSlot(long node, int child) {
    return node + (long) child * Long.BYTES;
  }

  long referred(long slot, long length) {
    long word = heap.getLongAcquire(slot);
    if (word == 0) {
      return 0;
    }
    long block = References.isReference(word) ? References.block(word) : allocator.get(slot);
    if (block != 0 && !isWithin(block, length)) {
      throw damaged(slot, word, "the reference of a block within the heap");
    }
    return block;
  }

  private boolean isWithin(long block, long length) {
    if (block < heap.dataOffset() || (block & Long.BYTES - 1) != 0) {
      return false;
    }
    return block <= heap.mappedLength() - length || block <= heap.catchUp() - length;
  }

  /** Returns the node of a key, or 0 if there is none. */
  public long find(long hash, byte[] array, int from, int length) {
    long table = referred(tableSlot(hash), TABLE_LENGTH);
    return table == 0 ? 0 : Math.max(0, follow(inTable(table, hash), hash, array, from, length));
  }

  /**
   * Returns the node of a key, or, negative, the offset of the word at the end of its path, which
   * was 0. Makes its table if there is none.
   */
  public long findPlace(long hash, byte[] array, int from, int length) {
    long slot = tableSlot(hash);
    long table = referred(slot, TABLE_LENGTH);
    for (int i = 0; table == 0; i++) {
      if (i == TRIES) {
        throw damaged(slot, heap.getLongAcquire(slot), "the reference of a table, or 0");
      }
      allocator.allocateInto(slot, TABLE_LENGTH);
      table = referred(slot, TABLE_LENGTH);
    }
    return follow(inTable(table, hash), hash, array, from, length);
  }

  private long follow(long root, long hash, byte[] array, int from, int length) {
    long slot = root;
    int shift = 2 * TABLE_BITS;
    long most = mostNodes();
    for (long steps = 0; steps < most; steps++) {
      long node = referred(slot, NodeLayout.KEY);
      if (node == 0) {
        return -slot;
      }
      if (hasKey(node, hash, array, from, length)) {
        return node;
      }
      slot = childSlot(node, child(hash, shift));
      shift = Math.min(shift + 2, Long.SIZE);
    }
    throw damaged(root, heap.getLongAcquire(root), "a path with an end");
  }

  /** The most nodes that there can be, whatever is in memory. */
  long mostNodes() {
    return heap.length() / NodeLayout.KEY + 1;
  }

  private boolean hasKey(long node, long hash, byte[] array, int from, int length) {
    if (!isWithin(node, NodeLayout.length(length))) {
      return false;
    }
    long at = base + node;
    return memory.getInt(at + NodeLayout.HASH) == (int) (hash >>> 32)
        && memory.getInt(at + NodeLayout.KEY_LENGTH) == length
        && KeyBytes.areAt(memory, at + NodeLayout.KEY, array, from, length);
  }

  /** Writes a node into a block of zeros, which nobody else sees yet. */
  public void write(long node, long number, long hash, byte[] array, int from, int length) {
    heap.putLong(node + NodeLayout.NUMBER, number);
    heap.putInt(node + NodeLayout.KEY_LENGTH, length);
    heap.putInt(node + NodeLayout.HASH, (int) (hash >>> 32));
    heap.putArray(node + NodeLayout.KEY, array, from, length);
  }

  /** Returns the length of the key of a node. */
  public int keyLength(long node) {
    int length = heap.getInt(node + NodeLayout.KEY_LENGTH);
    if (length < 0 || !isWithin(node, NodeLayout.length(length))) {
      throw damaged(node + NodeLayout.KEY_LENGTH, length, "the length of a key");
    }
    return length;
  }

  /** Returns a copy of the key of a node. */
  public byte[] key(long node) {
    return heap.getBytes(node + NodeLayout.KEY, keyLength(node));
  }

  /** Returns whether the path of its key leads to a node. */
  public boolean isOnItsPath(long node) {
    byte[] key = key(node);
    long hash = hash(key, 0, key.length);
    return find(hash, key, 0, key.length) == node;
  }

  // All nodes.

  /** Does something with each node; with those that are added meanwhile, or not. */
  public void forEach(LongConsumer action) {
    TrieWalk walk = new TrieWalk(this);
    for (long node = walk.next(); node != 0; node = walk.next()) {
      action.accept(node);
    }
  }

  /** Returns the offset of the slot of a table. */
  long tableSlot(int table) {
    return tables + (long) table * Long.BYTES;
  }

  /** Returns the number of tables. */
  public int tables() {
    int count = 0;
    for (int i = 0; i < TABLES; i++) {
      count += heap.getLongAcquire(tableSlot(i)) == 0 ? 0 : 1;
    }
    return count;
  }

  /** Frees all tables, when nobody uses them any more; the nodes are others'. */
  public void dismantleTables() {
    for (int i = 0; i < TABLES; i++) {
      free(tableSlot(i));
    }
  }

  /** Frees all nodes, children first, and all tables, when nobody uses them any more. */
  public void dismantle() {
    for (int i = 0; i < TABLES; i++) {
      long table = referred(tableSlot(i), TABLE_LENGTH);
      for (int root = 0; table != 0 && root <= TABLE_MASK; root++) {
        dismantle(table + (long) root * Long.BYTES);
      }
    }
    dismantleTables();
  }

  private void dismantle(long root) {
    long[] path = new long[64];
    path[0] = root;
    int size = 1;
    long most = mostNodes();
    while (size > 0) {
      long slot = path[size - 1];
      long node = referred(slot, NodeLayout.KEY);
      long child = node == 0 ? 0 : fullChild(node);
      if (child == 0) {
        free(slot);
        size--;
      } else {
        if (size > most) {
          throw damaged(root, heap.getLongAcquire(root), "a path with an end");
        }
        if (size == path.length) {
          path = Arrays.copyOf(path, 2 * size);
        }
        path[size++] = child;
      }
    }
  }

  private void free(long slot) {
    if (heap.getLongAcquire(slot) != 0) {
      allocator.freeFrom(slot);
    }
  }

  private long fullChild(long node) {
    for (int i = 0; i < NodeLayout.CHILDREN; i++) {
      if (referred(childSlot(node, i), NodeLayout.KEY) != 0) {
        return childSlot(node, i);
      }
    }
    return 0;
  }

  DamagedHeapException damaged(long place, long found, String expected) {
    heap.requireOpen(); // or what was read is nothing
    return new DamagedHeapException(
        String.format(
            Locale.ROOT,
            "the keys at offset %d of %s are damaged: offset %d holds 0x%x, expected %s. Somebody"
                + " has written where they should not",
            tables,
            heap.path(),
            place,
            found,
            expected));
  }
}
