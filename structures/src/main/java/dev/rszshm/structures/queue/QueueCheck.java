package dev.rszshm.structures.queue;

import java.util.List;

/**
 * What {@link SharedQueue#check} has found.
 *
 * @param elements number of elements, counted one by one
 * @param elementBytes bytes of the elements
 * @param segments number of blocks that elements lie in
 * @param largeElements number of elements that have a block of their own
 * @param removed number of removed elements whose room is not free yet
 * @param settled whether somebody had left work, which was ended now unless the heap is attached
 *     for reading only
 * @param findings what is wrong; nothing in a sound queue
 */
public record QueueCheck(
    long elements,
    long elementBytes,
    long segments,
    long largeElements,
    long removed,
    boolean settled,
    List<String> findings) {
  /** Copies the list. */
  public QueueCheck {
    findings = List.copyOf(findings);
  }

  /** Returns whether nothing is wrong. */
  public boolean isSound() {
    return findings.isEmpty();
  }

  /** Returns the number of blocks of the allocator that the queue has, its own place aside. */
  public long blocks() {
    return segments + largeElements;
  }
}
