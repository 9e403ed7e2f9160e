package dev.rszshm.allocator;

import dev.rszshm.allocator.internal.check.CheckWalk;
import dev.rszshm.allocator.internal.root.Roots;
import dev.rszshm.allocator.internal.table.Tables;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of a check of an allocator. Every byte of the heap is counted in one of the four sums.
 *
 * @param findings what is not as it should be; empty if there is nothing
 * @param used bytes of blocks in use
 * @param free bytes that can be allocated: empty chunks, and free blocks of slabs with what is left
 *     over at their ends
 * @param reserved bytes of chunks that a thread is allocating or freeing
 * @param metadata bytes of header and tables, and of what lies between them
 * @param blocks number of blocks in use
 */
public record AllocatorCheck(
    List<Finding> findings, long used, long free, long reserved, long metadata, long blocks) {

  /** The severity of a finding. */
  public enum Severity {
    /** Nothing is lost. Something is slower, or takes more room, until it is repaired. */
    NOTE,
    /** A process has died, and what it held is not recovered yet. */
    RECOVERABLE,
    /** The allocator is damaged. */
    ERROR
  }

  /**
   * Something that is not as it should be.
   *
   * @param severity its severity
   * @param offset the offset at which it was found
   * @param message what was found, and what was expected
   */
  public record Finding(Severity severity, long offset, String message) {}

  /** Returns whether nothing is damaged: whether no finding is an error. */
  public boolean isSound() {
    return findings.stream().noneMatch(f -> f.severity() == Severity.ERROR);
  }

  /** Returns whether there are no findings. */
  public boolean isClean() {
    return findings.isEmpty();
  }

  /** Returns the sum of all bytes, which is the length of the heap. */
  public long total() {
    return used + free + reserved + metadata;
  }

  /** The same, and a note for each leak. */
  AllocatorCheck withLeaks(List<LeakSearch.Leak> leaks) {
    List<Finding> all = new ArrayList<>(findings);
    for (LeakSearch.Leak leak : leaks) {
      all.add(new Finding(Severity.NOTE, leak.offset(), "no root reaches the " + leak));
    }
    return new AllocatorCheck(List.copyOf(all), used, free, reserved, metadata, blocks);
  }

  static AllocatorCheck of(Tables tables, Roots roots) {
    return new CheckWalk(tables).walk(roots);
  }
}
