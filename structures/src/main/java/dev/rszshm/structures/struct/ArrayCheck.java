package dev.rszshm.structures.struct;

import java.util.List;

/**
 * What {@link SharedArray#check} has found.
 *
 * @param size number of elements
 * @param segments number of blocks that hold elements; one of them may be there for elements that
 *     are not, because whoever made it has died, or is about to make them
 * @param bytes bytes of these
 * @param findings what is wrong; nothing in a sound array
 */
public record ArrayCheck(long size, int segments, long bytes, List<String> findings) {
  /** Copies the list. */
  public ArrayCheck {
    findings = List.copyOf(findings);
  }

  /** Whether nothing is wrong. */
  public boolean isSound() {
    return findings.isEmpty();
  }
}
