package dev.rszshm.structures.strings;

import java.util.List;

/**
 * What {@link StringTable#check} has found.
 *
 * @param strings number of strings, counted one by one
 * @param bytes bytes of all strings in UTF-8
 * @param otherBlocks number of blocks besides those of the strings
 * @param settled whether somebody had left work, which was ended now unless the heap is attached
 *     for reading only
 * @param findings what is wrong; nothing in a sound table
 */
public record StringCheck(
    long strings, long bytes, long otherBlocks, boolean settled, List<String> findings) {
  /** Copies the list of findings. */
  public StringCheck {
    findings = List.copyOf(findings);
  }

  /** Returns whether nothing is wrong. */
  public boolean isSound() {
    return findings.isEmpty();
  }

  /** Returns the number of blocks of the allocator that the table has, besides its own place. */
  public long blocks() {
    return strings + otherBlocks;
  }
}
