package dev.rszshm.structures.internal.trie;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.heap.errors.HeapException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongConsumer;

/** Looks at every node of a trie, while others add to it. */
public final class TrieChecking {
  private static final int MOST_FINDINGS = 100;

  private final Allocator allocator;
  private final KeyTrie trie;
  private final List<String> findings = new ArrayList<>();
  private final Set<Long> blocks = new HashSet<>();
  private long keys;
  private long keyBytes;

  /** Nothing is looked at before it runs. */
  public TrieChecking(Allocator allocator, KeyTrie trie) {
    this.allocator = allocator;
    this.trie = trie;
  }

  /**
   * Looks at all nodes.
   *
   * @param more gets each node that can be read
   */
  public void run(LongConsumer more) {
    try {
      trie.forEach(node -> check(node, more));
    } catch (HeapException e) {
      find(0, e.getMessage());
    }
  }

  /** Adds something to what is wrong. */
  public void find(long offset, String what) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add(String.format(Locale.ROOT, "offset %d: %s", offset, what));
    }
  }

  private void check(long node, LongConsumer more) {
    keys++;
    try {
      int length = trie.keyLength(node);
      keyBytes += length;
      if (!blocks.add(node)) {
        find(node, "the node is there twice");
      } else if (allocator.usableSize(node) < NodeLayout.length(length)) {
        find(node, "its block is shorter than the node");
      } else if (!trie.isOnItsPath(node)) {
        find(node, "its key is not found where it is");
      }
      more.accept(node);
    } catch (InvalidFreeException e) {
      find(node, "there is a node and no block");
    } catch (HeapException e) {
      find(node, e.getMessage());
    }
  }

  /** Returns the number of nodes. */
  public long keys() {
    return keys;
  }

  /** Returns the bytes of all keys. */
  public long keyBytes() {
    return keyBytes;
  }

  /** Returns what is wrong. */
  public List<String> findings() {
    return List.copyOf(findings);
  }
}
