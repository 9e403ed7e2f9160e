package dev.rszshm.structures.list;

import java.util.List;

/**
 * What {@link SharedLongList#check} has found.
 *
 * @param size number of elements, counted one by one
 * @param segments number of blocks that the list has
 * @param segmentBytes bytes of these
 * @param findings what is wrong; nothing in a sound list
 */
public record LongListCheck(long size, long segments, long segmentBytes, List<String> findings) {
  /** Copies the list of findings. */
  public LongListCheck {
    findings = List.copyOf(findings);
  }

  /** Returns whether nothing is wrong. */
  public boolean isSound() {
    return findings.isEmpty();
  }

  /** Returns the number of blocks of the allocator that the list has, besides its own place. */
  public long blocks() {
    return segments;
  }
}
