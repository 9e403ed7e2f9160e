package dev.rszshm.allocator.internal.check;

import dev.rszshm.allocator.AllocatorCheck.Finding;
import dev.rszshm.allocator.AllocatorCheck.Severity;
import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.AllocatorLayout;
import dev.rszshm.allocator.internal.table.ChunkLayout;
import dev.rszshm.allocator.internal.table.HintLayout;
import dev.rszshm.allocator.internal.table.LaneLayout;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.RootLayout;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Looks at the allocator's own page. Most of its words follow from the data offset and the span;
 * the numbers of chunks and lanes must not be less than what is in use behind them; the rest is
 * zero.
 */
final class SummaryCheck {
  private static final int PAGE = 4096;
  private static final int GROUPS_PER_WORD = 64;

  private final Tables tables;
  private final Heap heap;
  private final AllocatorGeometry geometry;
  private final List<Finding> findings = new ArrayList<>();

  private SummaryCheck(Tables tables) {
    this.tables = tables;
    this.heap = tables.heap;
    this.geometry = tables.geometry;
  }

  /** What is wrong with the page; each word was found so twice. */
  static List<Finding> of(Tables tables) {
    SummaryCheck check = new SummaryCheck(tables);
    for (int offset = 0; offset < AllocatorLayout.LENGTH; offset += Long.BYTES) {
      check.look(offset);
    }
    return check.findings;
  }

  private void look(int offset) {
    switch (offset) {
      case AllocatorLayout.FRONTIER -> lookAtChunkCount();
      case AllocatorLayout.LANE_FRONTIER -> lookAtLaneCount();
      case AllocatorLayout.ROOT_LOCK -> lookAtRootLock();
      case AllocatorLayout.ROOT_FRONTIER -> lookAtRootCount();
      case AllocatorLayout.RECOVERIES -> {
        long found = tables.number(offset);
        if (found < 0) {
          add(offset, found + " lanes are said to have been recovered, expected 0 or more");
        }
      }
      default -> {
        long expected = tables.expected(offset);
        if (tables.number(offset) != expected) {
          long found = tables.number(offset);
          if (found != expected) {
            add(
                offset,
                String.format(
                    Locale.ROOT,
                    "the allocator's own page has 0x%x at %d, expected 0x%x: nobody can attach to"
                        + " it as it is",
                    found,
                    offset,
                    expected));
          }
        }
      }
    }
  }

  private void add(int field, String message) {
    findings.add(new Finding(Severity.ERROR, geometry.base() + field, message));
  }

  private void lookAtChunkCount() {
    long found = tables.number(AllocatorLayout.FRONTIER); // the length grows before it
    int most = (int) Math.min(geometry.chunkCount(), tables.room());
    if (found < 0 || found > most) {
      add(
          AllocatorLayout.FRONTIER,
          found + " chunks are said to exist; there can be " + most + " at most");
      return;
    }
    long chunk = inUseBehind(found, most);
    if (chunk >= 0 && tables.number(AllocatorLayout.FRONTIER) <= chunk) {
      add(
          AllocatorLayout.FRONTIER,
          found + " chunks are said to exist, and chunk " + chunk + " is in use");
    }
  }

  /** A chunk in use behind the last that exists, as far as the tables surely have memory; or -1. */
  private long inUseBehind(long frontier, long most) {
    long words = PAGE / ChunkLayout.OWNER_LENGTH;
    long end = Math.min(most, (frontier / words + 1) * words);
    for (long chunk = frontier; chunk < end; chunk++) {
      if (OwnerWord.state(tables.owner(chunk)) != OwnerWord.EMPTY) {
        return chunk;
      }
    }
    long groups = (frontier + 63) >>> HintLayout.GROUP_SHIFT;
    for (int kind = 0; kind < HintLayout.KINDS; kind++) {
      for (long word = groups / GROUPS_PER_WORD; word < geometry.summaryWords(); word++) {
        long bits = heap.getLongAcquire(geometry.summaryOffset(kind, (int) word));
        bits &= word == groups / GROUPS_PER_WORD ? -1L << groups : -1L;
        if (bits != 0) {
          long group = word * GROUPS_PER_WORD + Long.numberOfTrailingZeros(bits);
          return group << HintLayout.GROUP_SHIFT;
        }
      }
    }
    return -1;
  }

  private void lookAtLaneCount() {
    long found = tables.number(AllocatorLayout.LANE_FRONTIER);
    if (found < 0 || found > geometry.laneCount()) {
      add(
          AllocatorLayout.LANE_FRONTIER,
          found + " lanes are said to exist; there can be " + geometry.laneCount() + " at most");
      return;
    }
    long lanes = PAGE / LaneLayout.LENGTH;
    long end = Math.min(geometry.laneCount(), (found + lanes - 1) / lanes * lanes);
    for (int lane = (int) found + 1; lane <= end; lane++) {
      if (heap.getLongAcquire(geometry.laneOffset(lane) + LaneLayout.WORD) != 0
          && tables.number(AllocatorLayout.LANE_FRONTIER) < lane) {
        add(
            AllocatorLayout.LANE_FRONTIER,
            found + " lanes are said to exist, and lane " + lane + " is in use");
        return;
      }
    }
  }

  /**
   * The first page of entries surely has memory, and so has each that has an entry that was used.
   */
  private void lookAtRootCount() {
    long found = tables.number(AllocatorLayout.ROOT_FRONTIER);
    if (found < 0 || found > geometry.rootCount()) {
      add(
          AllocatorLayout.ROOT_FRONTIER,
          found + " roots are said to exist; there can be " + geometry.rootCount() + " at most");
      return;
    }
    long roots = PAGE / RootLayout.LENGTH;
    long end = Math.min(geometry.rootCount(), Math.max(1, (found + roots - 1) / roots) * roots);
    for (int root = (int) found; root < end; root++) {
      if (heap.getLongAcquire(geometry.rootOffset(root) + RootLayout.STATE) != 0
          && tables.number(AllocatorLayout.ROOT_FRONTIER) <= root) {
        add(
            AllocatorLayout.ROOT_FRONTIER,
            found + " roots are said to exist, and root " + root + " was used");
        return;
      }
    }
  }

  private void lookAtRootLock() {
    long found = tables.number(AllocatorLayout.ROOT_LOCK);
    if (found != 0 && !tables.isRootLock(found)) {
      add(
          AllocatorLayout.ROOT_LOCK,
          String.format(
              Locale.ROOT, "the lock of the roots is 0x%x, which is no participant's", found));
    }
  }
}
