package dev.rszshm.structures.counters;

import java.util.List;

/**
 * What {@link CounterMap#check} has found.
 *
 * @param keys number of keys that are there, counted one by one
 * @param removedKeys number of keys whose count is 0, and which have memory since they were there
 * @param keyBytes bytes of all these keys
 * @param sum sum of all counts
 * @param tables number of blocks besides those of the keys
 * @param findings what is wrong; nothing in a sound map
 */
public record CounterCheck(
    long keys, long removedKeys, long keyBytes, long sum, long tables, List<String> findings) {
  /** Copies the list of findings. */
  public CounterCheck {
    findings = List.copyOf(findings);
  }

  /** Returns whether nothing is wrong. */
  public boolean isSound() {
    return findings.isEmpty();
  }

  /** Returns the number of blocks of the allocator that the map has, besides its own place. */
  public long blocks() {
    return keys + removedKeys + tables;
  }
}
