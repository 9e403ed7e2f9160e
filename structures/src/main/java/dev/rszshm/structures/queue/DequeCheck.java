package dev.rszshm.structures.queue;

import java.util.List;

/**
 * What {@link SharedDeque#check} has found.
 *
 * @param elements number of elements, counted one by one; each has a block of the allocator
 * @param elementBytes bytes of the elements
 * @param settled whether somebody had left work, which was ended now unless the heap is attached
 *     for reading only
 * @param findings what is wrong; nothing in a sound deque
 */
public record DequeCheck(long elements, long elementBytes, boolean settled, List<String> findings) {
  /** Copies the list. */
  public DequeCheck {
    findings = List.copyOf(findings);
  }

  /** Returns whether nothing is wrong. */
  public boolean isSound() {
    return findings.isEmpty();
  }
}
