package dev.rszshm.structures.internal.trie;

import java.util.Arrays;

/** Goes over all nodes of a trie; those that are added meanwhile are met or not. */
public final class TrieWalk {
  private final KeyTrie trie;
  private final long most;
  private long[] words = new long[64];
  private int size;
  private int table;
  private long visited;

  /** Begins before the first node. */
  public TrieWalk(KeyTrie trie) {
    this.trie = trie;
    this.most = trie.mostNodes();
  }

  /** Returns the next node, or 0 at the end. */
  public long next() {
    while (true) {
      if (size > 0) {
        long node = trie.referred(words[--size], NodeLayout.KEY);
        if (node != 0) {
          if (++visited > Math.max(most, trie.mostNodes())) {
            throw trie.damaged(words[size], node, "nodes of which none comes twice");
          }
          push(node, NodeLayout.CHILDREN);
          return node;
        }
      } else if (table < KeyTrie.TABLES) {
        long slots = trie.referred(trie.tableSlot(table++), KeyTrie.TABLE_LENGTH);
        if (slots != 0) {
          push(slots, 1 << KeyTrie.TABLE_BITS);
        }
      } else {
        return 0;
      }
    }
  }

  private void push(long first, int count) {
    if (size + count > words.length) {
      words = Arrays.copyOf(words, 2 * words.length + count);
    }
    for (int i = count - 1; i >= 0; i--) {
      words[size++] = first + (long) i * Long.BYTES;
    }
  }
}
