package dev.rszshm.allocator.internal.check;

import dev.rszshm.allocator.AllocatorCheck.Finding;
import dev.rszshm.allocator.AllocatorCheck.Severity;
import dev.rszshm.allocator.internal.lane.BlockFinder;
import dev.rszshm.allocator.internal.reference.Reference;
import dev.rszshm.allocator.internal.root.Roots;
import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.RootLayout;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Looks at the roots. Others make and remove them meanwhile, so what looks wrong counts only if the
 * root was the same one, with the same reference, before and after that look: a block that a slot
 * refers to all the time is in use all the time, and an entry that is made again has another state
 * word.
 */
final class RootCheck {
  private static final int TRIES = 100;

  private final Heap heap;
  private final AllocatorGeometry geometry;
  private final Roots roots;
  private final BlockFinder blocks;
  private final List<Finding> findings = new ArrayList<>();

  private RootCheck(Tables tables, Roots roots) {
    this.heap = tables.heap;
    this.geometry = tables.geometry;
    this.roots = roots;
    this.blocks = new BlockFinder(tables);
  }

  static List<Finding> of(Tables tables, Roots roots) {
    RootCheck check = new RootCheck(tables, roots);
    Map<String, Roots.Seen> names = new HashMap<>();
    for (int i = 0; i < tables.rootFrontier(); i++) {
      check.look(i, names);
    }
    return check.findings;
  }

  private void look(int index, Map<String, Roots.Seen> names) {
    Roots.Seen seen = roots.look(index);
    if (seen == null) {
      lookAtUnused(index);
      return;
    }
    Roots.Seen same = names.putIfAbsent(seen.entry().name(), seen);
    if (same != null && roots.isStill(same) && roots.isStill(seen)) {
      add(seen.entry().slot(), "there are two roots \"" + seen.entry().name() + "\"");
    }
    lookAtName(seen);
    lookAtReference(seen);
  }

  /**
   * An entry gets its block after it is in use, and loses it before it is no more: one that refers
   * to a block without being in use was overwritten.
   */
  private void lookAtUnused(int index) {
    long offset = geometry.rootOffset(index);
    long state = heap.getLongAcquire(offset + RootLayout.STATE);
    long block = Reference.block(heap.getLongAcquire(offset + RootLayout.REFERENCE));
    if (block != 0
        && (state & RootLayout.IN_USE) == 0
        && heap.getLongAcquire(offset + RootLayout.STATE) == state) {
      add(
          offset,
          String.format(
              Locale.ROOT,
              "an entry of the roots has the state 0x%x, of one that is not in use, and refers to"
                  + " the block at %d: its state was overwritten, and the root is not found",
              state,
              block));
    }
  }

  private void add(long offset, String message) {
    findings.add(new Finding(Severity.ERROR, offset, message));
  }

  private void lookAtName(Roots.Seen seen) {
    long offset = Roots.entryOffset(seen.entry());
    int length = heap.getIntAcquire(offset + RootLayout.NAME_LENGTH);
    if ((length < 1 || length > RootLayout.NAME_CAPACITY) && roots.isStill(seen)) {
      add(
          offset,
          "a root has a name of " + length + " bytes, expected 1 to " + RootLayout.NAME_CAPACITY);
    }
  }

  private void lookAtReference(Roots.Seen seen) {
    long slot = seen.entry().slot();
    for (int i = 0; i < TRIES; i++) {
      long reference = heap.getLongAcquire(slot);
      long block = Reference.block(reference);
      if (block == 0) {
        return;
      }
      try {
        blocks.usableSize(block);
        return;
      } catch (RuntimeException e) {
        boolean same = heap.getLongAcquire(slot) == reference;
        if (same && roots.isStill(seen)) {
          add(slot, "root \"" + seen.entry().name() + "\" refers to no block: " + e.getMessage());
          return;
        }
      }
    }
  }
}
