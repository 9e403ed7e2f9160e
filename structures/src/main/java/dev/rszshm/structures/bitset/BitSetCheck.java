package dev.rszshm.structures.bitset;

import java.util.List;

/**
 * What {@link SharedBitSet#check} has found.
 *
 * @param cardinality number of bits that are set
 * @param segments number of blocks that have the bits
 * @param segmentBytes bytes of these
 * @param findings what is wrong; nothing in a sound set
 */
public record BitSetCheck(
    long cardinality, long segments, long segmentBytes, List<String> findings) {
  /** Copies the list of findings. */
  public BitSetCheck {
    findings = List.copyOf(findings);
  }

  /** Returns whether nothing is wrong. */
  public boolean isSound() {
    return findings.isEmpty();
  }

  /** Returns the number of blocks of the allocator that the set has, besides its own place. */
  public long blocks() {
    return segments;
  }
}
