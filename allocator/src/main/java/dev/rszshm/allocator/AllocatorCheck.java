package dev.rszshm.allocator;

import dev.rszshm.allocator.internal.check.CheckWalk;
import dev.rszshm.allocator.internal.root.Roots;
import dev.rszshm.allocator.internal.table.Tables;
import java.util.List;

/**
 * What a walk over an allocator has found. Every byte of the heap is in one of the four sums.
 *
 * @param findings what is not as it should be; empty if all is well
 * @param used bytes of blocks in use
 * @param free bytes that can be allocated: empty chunks, and free blocks of slabs with what is left
 *     over at their ends
 * @param reserved bytes of chunks that somebody is putting together or freeing
 * @param metadata bytes of header and tables, and what lies between them
 * @param blocks number of blocks in use
 */
public record AllocatorCheck(
    List<Finding> findings, long used, long free, long reserved, long metadata, long blocks) {

  /** How bad something is. */
  public enum Severity {
    /** Nothing is lost: something is slower, or takes more room, until somebody repairs it. */
    NOTE,
    /** A process has died, and what it had is not recovered yet. */
    RECOVERABLE,
    /** Damage. */
    ERROR
  }

  /**
   * Something that is not as it should be.
   *
   * @param severity how bad it is
   * @param offset where
   * @param message what was found, and what was expected
   */
  public record Finding(Severity severity, long offset, String message) {}

  /** Whether nothing is damaged. */
  public boolean isSound() {
    return findings.stream().noneMatch(f -> f.severity() == Severity.ERROR);
  }

  /** Whether there is nothing to be said at all. */
  public boolean isClean() {
    return findings.isEmpty();
  }

  /** All bytes, which are the length of the heap. */
  public long total() {
    return used + free + reserved + metadata;
  }

  static AllocatorCheck of(Tables tables, Roots roots) {
    return new CheckWalk(tables).walk(roots);
  }
}
