package dev.rszshm.structures.sorted;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.codec.FormatWord;
import dev.rszshm.structures.internal.process.LockLook;
import dev.rszshm.structures.map.errors.DamagedMapException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at every word of a sorted map, in its lock. */
final class SortedMapChecking {
  private static final int MOST_FINDINGS = 100;

  private final SortedTable table;
  private final TreeWriter writer;
  private final Heap heap;
  private final List<String> findings = new ArrayList<>();
  private final Set<Long> blocks = new HashSet<>();
  private byte @Nullable [] last;
  private long entries;
  private int height;
  private long innerNodes;
  private long leaves;
  private long nodeBytes;
  private long values;
  private long spares;
  private long garbage;

  SortedMapChecking(SortedTable table, TreeWriter writer) {
    this.table = table;
    this.writer = writer;
    this.heap = table.heap;
  }

  SortedMapCheck run() {
    boolean wasUnsettled = writer.isUnsettled();
    try {
      FormatWord.damage(heap, table.at + SortedMapLayout.KEY_FORMAT)
          .ifPresent(what -> find(table.at + SortedMapLayout.KEY_FORMAT, what));
      FormatWord.damage(heap, table.at + SortedMapLayout.VALUE_FORMAT)
          .ifPresent(what -> find(table.at + SortedMapLayout.VALUE_FORMAT, what));
      if (heap.isReadOnly()) {
        long lock = table.at + SortedMapLayout.LOCK;
        LockLook look = LockLook.at(heap, lock, writer::isUnsettled);
        wasUnsettled = look.isLeft();
        look.damage().forEach(text -> find(lock, text));
      }
      writer.inLock(this::look);
    } catch (DamagedMapException e) {
      find(table.at, e.getMessage());
    }
    return new SortedMapCheck(
        entries,
        height,
        innerNodes,
        leaves,
        nodeBytes,
        values,
        spares,
        garbage,
        wasUnsettled,
        findings);
  }

  private void find(long offset, String what) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add(String.format(Locale.ROOT, "offset %d: %s", offset, what));
    }
  }

  private void look() {
    lookAtSlots();
    long place = table.at + SortedMapLayout.ROOT;
    long root = heap.getLongAcquire(place);
    if (root != 0) {
      Node node = table.node(place, root, -1);
      height = node.height;
      lookAt(place, root, node.height, null, null);
    }
    long count = table.count();
    if (entries != count) {
      find(
          table.at + SortedMapLayout.COUNT,
          "the map says that it has " + count + " entries, there are " + entries);
    }
  }

  private void lookAtSlots() {
    for (int i = 0; i < SortedMapLayout.SLOTS; i++) {
      long slot = table.at + SortedMapLayout.newNode(i);
      if (heap.getLongAcquire(slot) != 0) {
        find(slot, "a block is left in a slot, and nobody is at work");
      }
    }
    long value = table.at + SortedMapLayout.NEW_VALUE;
    if (heap.getLongAcquire(value) != 0) {
      find(value, "a block is left in a slot, and nobody is at work");
    }
    long spare = table.allocator.get(table.at + SortedMapLayout.SPARE);
    if (spare != 0) {
      spares++;
      lookAtBlock(table.at + SortedMapLayout.SPARE, spare, table.nodeLength);
    }
    countGarbage(table.at + SortedMapLayout.GARBAGE, SortedMapLayout.MAX_HEIGHT);
  }

  private void countGarbage(long slot, int most) {
    long block = table.allocator.get(slot);
    if (block == 0) {
      return;
    }
    if (!table.isWithin(block, table.nodeLength) || most < 0) {
      throw table.damaged(slot, heap.getLongAcquire(slot), "a node of a cleared tree");
    }
    garbage++;
    lookAtBlock(slot, block, table.nodeLength);
    Node node = new Node(heap.getBytes(block, table.nodeLength));
    String wrong = node.findWrong();
    if (wrong != null) {
      find(block, "a node of a cleared tree with " + wrong);
      return;
    }
    for (int i = 0; i < node.count; i++) {
      if (node.height > 0) {
        countGarbage(block + SortedMapLayout.child(node.count, i), most - 1);
      } else if (SortedMapLayout.isOutside(node.word(i))) {
        long value = table.allocator.get(block + SortedMapLayout.valueAt(node.word(i)));
        if (value != 0) {
          garbage++;
          lookAtBlock(block, value, SortedMapLayout.valueLength(node.word(i)));
        }
      }
    }
  }

  /** Looks at a tree whose keys are to be from one key on and before another; null: any. */
  private void lookAt(
      long place, long word, int level, byte @Nullable [] from, byte @Nullable [] before) {
    Node node = table.node(place, word, level);
    long block = SortedMapLayout.block(word);
    lookAtBlock(place, block, table.nodeLength);
    if (heap.getLongAcquire(block) == 0) {
      find(block, "the stamp of a node that is in the tree is 0");
    }
    int end = heap.getInt(block + SortedMapLayout.NODE_END);
    if (end != node.end()) {
      find(block, "a node says that " + end + " bytes are in use, there are " + node.end());
    }
    nodeBytes += end;
    if (level == 0) {
      leaves++;
      lookAtLeaf(block, node, from, before);
      return;
    }
    innerNodes++;
    for (int i = 0; i < node.count; i++) {
      byte[] key = node.key(i);
      if (i == 0 && key.length > 0) {
        find(block, "the first key of an inner node is not empty");
      }
      if (i > 0 && node.compare(i - 1, key, SortedMapLayout.head(key)) >= 0) {
        find(block, "the keys of an inner node are not in order");
      }
      lookAt(
          block + SortedMapLayout.child(node.count, i),
          node.child(i),
          level - 1,
          i == 0 ? from : key,
          i == node.count - 1 ? before : node.key(i + 1));
    }
  }

  private void lookAtLeaf(long block, Node node, byte @Nullable [] from, byte @Nullable [] before) {
    for (int i = 0; i < node.count; i++) {
      entries++;
      byte[] key = node.key(i);
      if (last != null && Arrays.compareUnsigned(last, key) >= 0) {
        find(block, "a key is not behind the one before it");
      }
      if ((from != null && Arrays.compareUnsigned(key, from) < 0)
          || (before != null && Arrays.compareUnsigned(key, before) >= 0)) {
        find(block, "a key is in a leaf where nobody looks for it");
      }
      last = key;
      if (SortedMapLayout.isOutside(node.word(i))) {
        values++;
        int length = SortedMapLayout.valueLength(node.word(i));
        lookAtBlock(block, table.requireBlock(block, node.outside(i), length), length);
      }
    }
  }

  private void lookAtBlock(long place, long block, long bytes) {
    if (!blocks.add(block)) {
      find(place, "the block at " + block + " is used twice");
    }
    try {
      if (table.allocator.usableSize(block) < bytes) {
        find(place, "the block at " + block + " is shorter than " + bytes + " bytes");
      }
    } catch (InvalidFreeException e) {
      find(place, "the block at " + block + " is not allocated");
    }
  }
}
