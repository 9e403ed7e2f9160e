package dev.rszshm.tests.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorCheck;
import dev.rszshm.allocator.AllocatorCheck.Finding;
import dev.rszshm.allocator.AllocatorCheck.Severity;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who has which block in one run, kept beside the allocator, and compared with it at the end. The
 * first and the last word of a block say which it is, and so do those of a block in a slot.
 */
final class Ledger {
  /** The form of a slot's word, in FORMAT.md. */
  private static final long FORM = 7;

  private static final long MARK = 6;

  private static final long TAG = 0x9e37_79b9_7f4a_7c15L;

  private final Prepared prepared;
  private final Map<Long, Long> owned = new TreeMap<>();
  private final Set<String> busy = new HashSet<>();

  Ledger(Prepared prepared) {
    this.prepared = prepared;
    prepared.blocks().forEach(owned::put);
  }

  /** What belongs in the words of a block. */
  static long tag(long block) {
    return block * TAG;
  }

  static void tag(Heap heap, long block, long size) {
    heap.putLong(block, tag(block));
    heap.putLong(block + size - Long.BYTES, tag(block));
  }

  /** A call has begun that a death may cost a block. */
  void begin(SimulatedProcess process) {
    busy.add(process.name());
  }

  void end(SimulatedProcess process) {
    busy.remove(process.name());
  }

  /** Notes whose a block is, whose allocation and content no death takes back any more. */
  void own(long block, long size) {
    owned.forEach(
        (other, length) ->
            assertTrue(
                other + length <= block || block + size <= other,
                () -> "block " + block + " overlaps " + other + ", which is somebody's"));
    owned.put(block, size);
  }

  void disown(long block) {
    assertTrue(owned.remove(block) != null, () -> "block " + block + " is not to be freed");
  }

  /** What must hold when all processes have ended and all deaths were followed by a recovery. */
  void check(SimulatedProcess observer) {
    Heap heap = observer.heap();
    Allocator allocator = Allocator.on(heap);
    AllocatorCheck check = allocator.check();
    assertEquals(List.of(), check.findings().stream().filter(Ledger::matters).toList());
    assertEquals(heap.length(), check.total(), "every byte is explained");
    Set<Long> blocks = new HashSet<>(owned.keySet());
    for (long slot : prepared.slots()) {
      long word = heap.getLong(slot);
      long block = allocator.get(slot);
      assertNotEquals(MARK, word & FORM, "no mark is in a slot at the end");
      assertTrue((word == 0) == (block == 0), () -> "slot " + slot + " is still being emptied");
      if (block != 0) {
        assertTrue(blocks.add(block), () -> "block " + block + " has two owners");
        requireTags(heap, block, allocator.usableSize(block));
      }
    }
    for (Map.Entry<Long, Long> block : owned.entrySet()) {
      assertTrue(allocator.usableSize(block.getKey()) >= block.getValue());
      requireTags(heap, block.getKey(), block.getValue());
    }
    for (RootEntry root : allocator.roots()) {
      long block = allocator.get(root.slot());
      assertTrue(block == 0 || blocks.add(block), () -> "block " + block + " has two owners");
    }
    long lost = check.blocks() - blocks.size();
    assertTrue(
        lost >= 0 && lost <= busy.size(),
        () -> lost + " blocks are nobody's, of the dead in a call " + busy);
  }

  private static void requireTags(Heap heap, long block, long size) {
    assertEquals(tag(block), heap.getLong(block), () -> "first word of block " + block);
    assertEquals(
        tag(block), heap.getLong(block + size - Long.BYTES), () -> "last word of block " + block);
  }

  /** An empty chunk without a hint is found before the heap grows; all else stays lost. */
  private static boolean matters(Finding finding) {
    return finding.severity() != Severity.NOTE || !finding.message().contains("is empty, and");
  }
}
