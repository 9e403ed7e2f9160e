package dev.rszshm.structures.sorted;

import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.List;

/**
 * One change of the tree, from a leaf upwards: nodes are made anew, halved, joined with a neighbor
 * or left away, up to the first place where one reference stands for another; that is swapped.
 */
final class TreeEdit {
  private final SortedTable table;
  private final Heap heap;
  private final TreeChange change;
  private final Path path;
  private final boolean joins;

  /** The level of the nodes that are replaced, from the root, and which children of one parent. */
  private int level;

  private int firstChild;
  private int lastChild;

  /**
   * An edit, for the one who has the lock.
   *
   * @param path to the leaf that changes
   * @param joins whether nodes that have become short are joined with others, which needs memory
   */
  TreeEdit(SortedTable table, TreeChange change, Path path, boolean joins) {
    this.table = table;
    this.heap = table.heap;
    this.change = change;
    this.path = path;
    this.joins = joins;
  }

  /**
   * Lets the leaf have other entries.
   *
   * @param isAppended whether one is new and the last of all, as when keys come in order
   */
  void replaceLeaf(List<NodeEntry> entries, boolean isAppended, long count, long oldValue) {
    level = path.levels - 1;
    List<NodeEntry> now = entries;
    boolean appended = isAppended;
    int height = 0;
    while (true) {
      firstChild = level == 0 ? 0 : path.indexes[level - 1];
      lastChild = firstChild;
      change.takeOut(path.words[level]);
      List<NodeEntry> made = make(now, height, appended);
      if (level == 0) {
        change.swap(table.at + SortedMapLayout.ROOT, root(made, height + 1), count, oldValue);
        return;
      }
      if (made.size() == 1 && firstChild == lastChild) {
        change.swap(path.places[level], made.get(0).reference(), count, oldValue);
        return;
      }
      appended &= made.size() == 2 && firstChild == parent().count - 1;
      now = withChildren(made);
      level--;
      height++;
    }
  }

  private Node parent() {
    return table.node(path.places[level - 1], path.words[level - 1], path.levels - level);
  }

  /** The nodes that have these entries: none, one, or two. */
  private List<NodeEntry> make(List<NodeEntry> entries, int height, boolean appended) {
    if (entries.isEmpty()) {
      return List.of();
    }
    if (level == 0 && height > 0 && entries.size() == 1) {
      return entries; // the child becomes the root
    }
    int length = NodeEntry.length(entries, height == 0);
    List<NodeEntry> all = entries;
    if (length < table.nodeLength / 4 && level > 0 && joins) {
      all = joined(entries, length, height);
    } else if (length > table.nodeLength) {
      return halves(entries, height, appended);
    }
    return List.of(NodeEntry.child(all.get(0).key(), node(all, height)));
  }

  private long node(List<NodeEntry> entries, int height) {
    List<NodeEntry> all = entries;
    if (height > 0) {
      all = new ArrayList<>(entries);
      all.set(0, NodeEntry.child(TreeReads.NO_KEY, entries.get(0).reference()));
    }
    return change.make(NodeEntry.toNode(all, height), true);
  }

  private List<NodeEntry> halves(List<NodeEntry> entries, int height, boolean appended) {
    boolean inLeaf = height == 0;
    int at = entries.size() - 1;
    if (!appended) {
      int half = NodeEntry.length(entries, inLeaf) / 2;
      int sum = SortedMapLayout.NODE_HEADER;
      at = 0;
      while (at < entries.size() - 1 && (at == 0 || sum < half)) {
        sum += entries.get(at).length(inLeaf);
        at++;
      }
    }
    List<NodeEntry> left = entries.subList(0, at);
    List<NodeEntry> right = entries.subList(at, entries.size());
    byte[] first = right.get(0).key();
    byte[] key = inLeaf ? NodeEntry.separator(left.get(at - 1).key(), first) : first;
    long before = node(left, height);
    return List.of(
        NodeEntry.child(left.get(0).key(), before), NodeEntry.child(key, node(right, height)));
  }

  /** The entries together with those of a neighbor, if both fit into one node. */
  private List<NodeEntry> joined(List<NodeEntry> entries, int length, int height) {
    Node parent = parent();
    int index = firstChild;
    for (int other : new int[] {index - 1, index + 1}) {
      if (other < 0 || other >= parent.count) {
        continue;
      }
      long place =
          SortedMapLayout.block(path.words[level - 1]) + SortedMapLayout.child(parent.count, other);
      Node neighbor = table.node(place, parent.child(other), height);
      List<NodeEntry> theirs = entries(neighbor);
      int key = SortedMapLayout.keyLength(parent.word(Math.max(index, other)));
      if (length + NodeEntry.length(theirs, height == 0) + key > table.nodeLength / 4 * 3) {
        continue;
      }
      firstChild = Math.min(index, other);
      lastChild = Math.max(index, other);
      List<NodeEntry> all = new ArrayList<>(other < index ? theirs : entries);
      int second = all.size();
      all.addAll(other < index ? entries : theirs);
      if (height > 0) { // its own first key is empty, and its parent knows it
        all.set(second, all.get(second).withKeyOf(NodeEntry.of(parent, lastChild)));
      }
      change.takeOut(parent.child(other));
      return all;
    }
    return entries;
  }

  /** The entries of the parent, with what was made in place of some of its children. */
  private List<NodeEntry> withChildren(List<NodeEntry> made) {
    Node parent = parent();
    List<NodeEntry> entries = new ArrayList<>(parent.count + 1);
    for (int i = 0; i < parent.count; i++) {
      if (i < firstChild || i > lastChild) {
        entries.add(NodeEntry.of(parent, i));
      } else if (i == firstChild && !made.isEmpty()) {
        entries.add(made.get(0).withKeyOf(NodeEntry.of(parent, i)));
        entries.addAll(made.subList(1, made.size()));
      }
    }
    return entries;
  }

  static List<NodeEntry> entries(Node node) {
    List<NodeEntry> entries = new ArrayList<>(node.count + 1);
    for (int i = 0; i < node.count; i++) {
      entries.add(NodeEntry.of(node, i));
    }
    return entries;
  }

  private long root(List<NodeEntry> made, int height) {
    if (made.size() < 2) {
      return made.isEmpty() ? 0 : made.get(0).reference();
    }
    if (height > SortedMapLayout.MAX_HEIGHT) {
      throw table.damaged(
          table.at + SortedMapLayout.ROOT,
          heap.getLongAcquire(table.at + SortedMapLayout.ROOT),
          "a tree of at most " + SortedMapLayout.MAX_HEIGHT + " levels");
    }
    return node(made, height);
  }
}
