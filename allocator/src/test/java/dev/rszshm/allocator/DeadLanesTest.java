package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.AllocatorCheck.Finding;
import dev.rszshm.allocator.AllocatorCheck.Severity;
import dev.rszshm.allocator.internal.lane.OperationRecord;
import dev.rszshm.allocator.internal.lane.RemoteFree;
import dev.rszshm.allocator.internal.reference.ManagedReferences;
import dev.rszshm.allocator.internal.reference.Reference;
import dev.rszshm.allocator.internal.table.Hints;
import dev.rszshm.allocator.internal.table.LaneLayout;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.TableSetup;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What an attachment leaves that goes without giving its lanes back: for all others that is a
 * death.
 */
class DeadLanesTest {
  private static final long MIB = 1 << 20;

  private Heap heap;
  private Allocator allocator;
  private Heap mortal;
  private Allocator dying;

  @BeforeEach
  void open() {
    heap = Heap.builder().span(256 * MIB).createAnonymous();
    allocator = Allocator.on(heap);
    mortal = Heap.builder().anyAddress().name("mortal").attach(heap.path());
    dying = Allocator.on(mortal);
  }

  @AfterEach
  void close() {
    try {
      assertEquals(List.of(), allocator.check().findings());
      assertEquals(heap.length(), allocator.check().total());
    } finally {
      heap.close();
      mortal.close();
    }
  }

  private static List<Severity> severities(AllocatorCheck check) {
    return check.findings().stream().map(Finding::severity).distinct().toList();
  }

  @Test
  void lanesOfTheDeadAreFoundAndRecovered() {
    List<Long> blocks = new ArrayList<>();
    for (int size = 1; size < 2 * MIB; size = size * 2 + 1) {
      blocks.add(dying.allocate(size));
    }
    assertEquals("mortal", dying.statistics().participants().get(0).name());
    mortal.close();
    AllocatorCheck check = allocator.check();
    assertEquals(List.of(Severity.RECOVERABLE), severities(check));
    assertTrue(check.isSound() && !check.isClean());
    assertEquals(1, allocator.recover());
    assertEquals(0, allocator.recover());
    assertEquals(1, allocator.statistics().recoveredLanes());
    assertEquals(blocks.size(), allocator.check().blocks());
    blocks.forEach(allocator::free);
    assertEquals(0, allocator.check().blocks());
    AllocatorStatistics statistics = allocator.statistics();
    assertEquals(statistics.chunks(), statistics.emptyChunks(), "slabs of the dead are given back");
  }

  @Test
  void attachingRecovers() {
    dying.allocate(100);
    mortal.close();
    try (Allocator other = Allocator.on(heap)) {
      assertEquals(0, other.recover(), "it has been done");
      assertTrue(other.check().isClean());
    }
  }

  @Test
  void slabsOfTheDeadAreUsedBeforeTheHeapGrows() {
    allocator.free(allocator.allocate(100));
    dying.allocate(2000);
    mortal.close();
    long length = heap.length();
    long one = allocator.allocate(2000);
    while (heap.length() == length) {
      one = allocator.allocate(2000);
    }
    assertEquals(1, allocator.statistics().recoveredLanes());
    allocator.free(one);
  }

  @Test
  void blocksThatOthersFreedInSlabsOfTheDeadAreFree() {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      blocks.add(dying.allocate(100));
    }
    mortal.close();
    blocks.forEach(allocator::free);
    assertEquals(0, allocator.check().blocks());
    allocator.recover();
    AllocatorStatistics statistics = allocator.statistics();
    assertEquals(statistics.chunks(), statistics.emptyChunks());
  }

  /** A slot is a word of the heap: when it is no slot any more, it may hold anything. */
  @Test
  void recoveryLeavesWordsAloneThatAreNoSlotsAnyMore() {
    long slots = allocator.allocateZeroed(16);
    int lane = laneOfDying();
    for (int operation = 0; operation < 3; operation++) {
      dying.allocateInto(slots, 100);
      if (operation > 0) {
        dying.move(slots, slots + 8);
      }
      if (operation > 1) {
        dying.freeFrom(slots + 8);
      }
      long sequence =
          OperationRecord.sequence(new OperationRecord(TableSetup.open(heap, false), lane).word());
      long asReference = heap.getLong(slots + 8);
      heap.putLong(slots, Reference.mark(lane, sequence));
      heap.putLong(
          slots + 8,
          operation == 2
              ? Reference.mark(lane, sequence)
              : Reference.fresh(Reference.block(asReference), lane, sequence));
      long[] before = {heap.getLong(slots), heap.getLong(slots + 8)};
      mortal.close();
      assertEquals(1, allocator.recover());
      assertEquals(before[0], heap.getLong(slots), "operation " + operation);
      assertEquals(before[1], heap.getLong(slots + 8), "operation " + operation);
      heap.putLong(slots, 0);
      heap.putLong(slots + 8, 0);
      mortal = Heap.builder().anyAddress().attach(heap.path());
      dying = Allocator.on(mortal);
      laneOfDying();
    }
  }

  /** Takes a lane; it is the last one that is in use. */
  private int laneOfDying() {
    dying.free(dying.allocate(1));
    Tables tables = TableSetup.open(heap, false);
    int last = tables.laneFrontier();
    for (int lane = 1; lane <= last; lane++) {
      long word = heap.getLong(tables.geometry.laneOffset(lane));
      if (LaneLayout.state(word) == LaneLayout.LIVE
          && LaneLayout.participant(word) == mortal.self().orElseThrow().slot()) {
        return lane;
      }
    }
    throw new AssertionError("no lane");
  }

  /** The filler allocates so much that full slabs are given up; the one with the block is not. */
  @Test
  void aBlockIsNotLostIfItsProcessDiesWhileFillingItAfterMuchElse() {
    long slot = allocator.allocateZeroed(8);
    List<Long> others = new ArrayList<>();
    long[] filled = new long[1];
    try {
      dying.allocateInto(
          slot,
          8192,
          block -> {
            filled[0] = block;
            for (int i = 0; i < 1000; i++) {
              others.add(dying.allocate(8192));
            }
            mortal.close();
          });
    } catch (IllegalStateException closed) {
      // The heap went while the block was being filled.
    }
    assertEquals(1, allocator.recover());
    assertFalse(allocator.freeFrom(slot));
    assertEquals(1 + others.size(), allocator.check().blocks(), "all but the one in the making");
    others.forEach(allocator::free);
  }

  /** Whoever allocates a block again sets its first word to zero, which is where a stamp was. */
  @Test
  void aBlockThatWasAllocatedAgainIsNotFreedByTheRecoveryOfWhoFreedIt() {
    long slot = allocator.allocateZeroed(8);
    long block = allocator.allocateInto(slot, 100);
    for (int i = 0; i < 200; i++) {
      dying.free(allocator.allocate(100)); // its slab is worth collecting in
    }
    int lane = 2;
    Tables tables = TableSetup.open(mortal, false);
    long chunk = (block - tables.geometry.chunks()) >>> SizeClasses.CHUNK_SHIFT;
    int index = (int) (block - tables.geometry.chunkOffset(chunk)) / 112;
    OperationRecord record = new OperationRecord(tables, lane);
    long word =
        record.prepare(
            OperationRecord.FREE, slot, chunk, block, tables.owner(chunk), heap.getLong(slot));
    long sequence = OperationRecord.sequence(word);
    mortal.putLong(slot, Reference.mark(lane, sequence));
    mortal.putLong(block, ManagedReferences.stamp(lane, sequence));
    record.set(OperationRecord.become(word, OperationRecord.STAMPED));
    long pending = tables.geometry.laneOffset(lane) + LaneLayout.PENDING;
    RemoteFree.free(tables, new Hints(tables), pending, chunk, index);
    mortal.close(); // it dies before it can say that the block is free

    long again = 0;
    while (again != block) {
      again = allocator.allocate(100);
    }
    assertEquals(1, allocator.recover());
    assertEquals(0, heap.getLong(slot));
    assertEquals(112, allocator.usableSize(block), "it is in use");
  }

  /** Its chunks have been used so often meanwhile that their generation is the same again. */
  @Test
  void aRunThatWasAllocatedAgainIsNotFreedByTheRecoveryOfWhoFreedIt() {
    long slot = allocator.allocateZeroed(8);
    long block = allocator.allocateInto(slot, 300_000);
    for (int i = 0; i < 200; i++) {
      dying.free(allocator.allocate(100)); // its slab is worth collecting in
    }
    int lane = 2;
    Tables tables = TableSetup.open(mortal, false);
    long chunk = (block - tables.geometry.chunks()) >>> SizeClasses.CHUNK_SHIFT;
    long owner = tables.owner(chunk);
    OperationRecord record = new OperationRecord(tables, lane);
    long word = record.prepare(OperationRecord.FREE, slot, chunk, block, owner, heap.getLong(slot));
    long sequence = OperationRecord.sequence(word);
    mortal.putLong(slot, Reference.mark(lane, sequence));
    mortal.putLong(block, ManagedReferences.stamp(lane, sequence));
    record.set(OperationRecord.become(word, OperationRecord.STAMPED));
    dying.free(block);
    tables.setOwner(chunk, OwnerWord.emptyAgain(owner, 0));
    mortal.close(); // it dies before it can say that the block is free

    assertEquals(block, allocator.allocate(300_000));
    assertEquals(1, allocator.recover());
    assertEquals(0, heap.getLong(slot));
    assertEquals(5 << 16, allocator.usableSize(block), "it is in use");
  }
}
