package dev.rszshm.structures.queue;

import java.util.List;

/**
 * What {@link RingLog#check} has found.
 *
 * @param appended number of entries that were ever appended
 * @param entries number of entries that can be read
 * @param writing number of threads that were in the middle of appending
 * @param findings what is wrong; nothing in a sound log
 */
public record RingLogCheck(long appended, int entries, int writing, List<String> findings) {
  /** Copies the list. */
  public RingLogCheck {
    findings = List.copyOf(findings);
  }

  /** Returns whether nothing is wrong. */
  public boolean isSound() {
    return findings.isEmpty();
  }
}
