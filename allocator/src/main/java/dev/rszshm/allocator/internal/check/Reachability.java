package dev.rszshm.allocator.internal.check;

import dev.rszshm.allocator.ReferenceTracer;
import dev.rszshm.allocator.internal.table.Tables;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;

/**
 * Marks what can be reached from roots: which blocks in use are referred to by a block that is
 * reached. Each block is looked at once, so that cycles end.
 */
public final class Reachability {
  private final Tables tables;
  private long[] starts = new long[1 << 10];
  private long[] lengths = new long[1 << 10];
  private int count;
  private final BitSet reached = new BitSet();
  private final Deque<Visit> toVisit = new ArrayDeque<>();

  /** A block that was reached, and who knows what it refers to. */
  private record Visit(int block, ReferenceTracer tracer) {}

  /** Notes the blocks that are in use now. */
  public Reachability(Tables tables) {
    this.tables = tables;
    AllocatedBlocks.forEach(tables, this::add);
  }

  private void add(long offset, long length) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    starts[count] = offset;
    lengths[count] = length;
    count++;
  }

  /** Marks the block in which an offset lies, if there is one, and what it leads to. */
  public void mark(long offset, ReferenceTracer tracer) {
    reach(offset, tracer);
    while (!toVisit.isEmpty()) {
      Visit visit = toVisit.pop();
      visit.tracer.trace(
          tables.heap,
          starts[visit.block],
          lengths[visit.block],
          found -> reach(found, visit.tracer));
    }
  }

  private void reach(long offset, ReferenceTracer tracer) {
    int found = Arrays.binarySearch(starts, 0, count, offset);
    int block = found >= 0 ? found : -found - 2;
    if (block >= 0 && offset - starts[block] < lengths[block] && !reached.get(block)) {
      reached.set(block);
      toVisit.push(new Visit(block, tracer));
    }
  }

  /** Walks over the blocks that were not reached. */
  public void forEachUnreached(AllocatedBlocks.Visitor visitor) {
    for (int i = reached.nextClearBit(0); i < count; i = reached.nextClearBit(i + 1)) {
      visitor.visit(starts[i], lengths[i]);
    }
  }
}
