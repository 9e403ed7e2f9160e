package dev.rszshm.structures.sorted;

import java.util.List;

/**
 * What {@link SharedSortedMap#check} has found.
 *
 * @param entries number of entries, counted one by one
 * @param height levels of inner nodes
 * @param innerNodes number of nodes that are no leaves
 * @param leaves number of leaves
 * @param nodeBytes bytes of all nodes that are in use
 * @param values number of values that have a block of their own
 * @param spares number of nodes that are kept for the next change, at most one
 * @param garbage number of blocks of a cleared tree that are not freed yet
 * @param wasUnsettled whether somebody had left work, which was ended now unless the heap is
 *     attached for reading only
 * @param findings what is wrong; nothing in a sound map
 */
public record SortedMapCheck(
    long entries,
    int height,
    long innerNodes,
    long leaves,
    long nodeBytes,
    long values,
    long spares,
    long garbage,
    boolean wasUnsettled,
    List<String> findings) {
  /** Copies the list. */
  public SortedMapCheck {
    findings = List.copyOf(findings);
  }

  /** Returns whether nothing is wrong. */
  public boolean isSound() {
    return findings.isEmpty();
  }

  /** Returns the number of blocks of the allocator that the map has, its own place not counted. */
  public long blocks() {
    return innerNodes + leaves + values + spares + garbage;
  }
}
