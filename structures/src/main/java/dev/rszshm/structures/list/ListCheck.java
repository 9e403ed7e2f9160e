package dev.rszshm.structures.list;

import java.util.List;

/**
 * What a list's {@code check} has found.
 *
 * @param size number of elements, counted one by one
 * @param bytes bytes of all elements, without what the list needs for them
 * @param elementBlocks number of blocks of the allocator that have an element each
 * @param segments number of blocks that have the places of elements
 * @param segmentBytes bytes of these
 * @param settled whether somebody had left work, which was ended now unless the heap is attached
 *     for reading only
 * @param findings what is wrong; nothing in a sound list
 */
public record ListCheck(
    long size,
    long bytes,
    long elementBlocks,
    long segments,
    long segmentBytes,
    boolean settled,
    List<String> findings) {
  /** Copies the list of findings. */
  public ListCheck {
    findings = List.copyOf(findings);
  }

  /** Returns whether nothing is wrong. */
  public boolean isSound() {
    return findings.isEmpty();
  }

  /** Returns the number of blocks of the allocator that the list has, besides its own place. */
  public long blocks() {
    return elementBlocks + segments;
  }
}
