package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.allocator.internal.chunk.ChunkPool;
import dev.rszshm.allocator.internal.chunk.FreeChunks;
import dev.rszshm.allocator.internal.lane.BlockFinder;
import dev.rszshm.allocator.internal.lane.Blocks;
import dev.rszshm.allocator.internal.table.Hints;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.TableSetup;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AllocatorTest {
  private static final long MIB = 1 << 20;

  private Heap heap;
  private Allocator allocator;

  @BeforeEach
  void open() {
    heap = Heap.builder().span(256 * MIB).createAnonymous();
    allocator = Allocator.on(heap);
  }

  @AfterEach
  void close() {
    try {
      AllocatorCheck check = allocator.check();
      assertEquals(List.of(), check.findings());
      assertEquals(heap.length(), check.total(), "every byte is explained");
    } finally {
      allocator.close();
      heap.close();
    }
  }

  @Test
  void zeroedBlocksAreOfZerosAsFarAsWasAsked() {
    long slot = allocator.allocateZeroed(8);
    for (int size = 1; size < 1100; size++) {
      long used = allocator.allocate(size);
      heap.fill(used, allocator.usableSize(used), (byte) 7);
      allocator.free(used); // the next one of this size, or soon
      for (int i = 0; i < 3; i++) {
        requireZeros(allocator.allocateZeroed(size), size);
        requireZeros(allocator.allocateInto(slot, size), size);
        allocator.freeFrom(slot);
      }
    }
    allocator.free(slot);
    long rest = allocator.allocate(64);
    Blocks blocks = blocks();
    for (int size = 1; size < 64; size++) {
      heap.fill(rest, 64, (byte) 7);
      blocks.zero(rest, size);
      for (int i = 0; i < 64; i++) {
        assertEquals(i < size ? 0 : 7, heap.getByte(rest + i), "byte " + i + " of " + size);
      }
    }
    allocator.free(rest);
  }

  private Blocks blocks() {
    Tables tables = TableSetup.open(heap, false);
    Hints hints = new Hints(tables);
    return new Blocks(tables, hints, new ChunkPool(tables, hints), new BlockFinder(tables));
  }

  private void requireZeros(long block, int size) {
    for (int i = 0; i < size; i++) {
      assertEquals(0, heap.getByte(block + i), "byte " + i + " of " + size);
    }
    heap.fill(block, allocator.usableSize(block), (byte) 7);
  }

  @Test
  void anAllocatorSaysWhatItIsAndOfWhichHeap() {
    assertEquals("the allocator of " + heap, allocator.toString());
    try (Heap another = Heap.builder().span(256 * MIB).createAnonymous();
        Allocator checking = Allocator.checking(another)) {
      assertEquals("the checking allocator of " + another, checking.toString());
    }
  }

  @Test
  void blocksOfEverySizeAreApartAndKeepTheirContent() {
    List<long[]> blocks = new ArrayList<>();
    for (long size = 1; size < 8 * MIB; size = size * 5 / 4 + 1) {
      for (int i = 0; i < 3; i++) {
        long block = allocator.allocate(size);
        assertEquals(0, block % 16, "alignment");
        long usable = allocator.usableSize(block);
        assertTrue(usable >= size && (size <= 48 || usable <= size + size / 4 + 15));
        heap.fill(block, size, (byte) (block >>> 4));
        blocks.add(new long[] {block, size});
      }
    }
    for (long[] block : blocks) {
      for (long at : new long[] {0, block[1] / 2, block[1] - 1}) {
        assertEquals((byte) (block[0] >>> 4), heap.getByte(block[0] + at));
      }
      allocator.free(block[0]);
    }
    assertEquals(0, allocator.check().blocks());
  }

  @Test
  void whatIsFreedIsUsedAgain() {
    Set<Long> seen = new HashSet<>();
    for (int round = 0; round < 100; round++) {
      List<Long> blocks = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        blocks.add(allocator.allocate(100));
      }
      seen.addAll(blocks);
      blocks.forEach(allocator::free);
    }
    assertTrue(seen.size() < 2500, "different blocks: " + seen.size());
  }

  @Test
  void whatCannotBeFreedIsReportedAndNothingChanges() {
    long small = allocator.allocate(100);
    long middle = allocator.allocate(100_000);
    long large = allocator.allocate(MIB);
    for (long bad :
        new long[] {
          8,
          heap.dataOffset(),
          small + 16,
          small + 1,
          middle + 65536,
          middle + 16,
          large + 65536,
          large + 16,
          heap.length(),
          -16,
          Long.MIN_VALUE,
          Long.MAX_VALUE - 15
        }) {
      assertThrows(InvalidFreeException.class, () -> allocator.free(bad), "offset " + bad);
      assertThrows(InvalidFreeException.class, () -> allocator.usableSize(bad), "offset " + bad);
    }
    assertEquals(3, allocator.check().blocks());
    for (long block : new long[] {small, middle, large}) {
      allocator.free(block);
      assertThrows(InvalidFreeException.class, () -> allocator.free(block), "freed twice");
      assertThrows(InvalidFreeException.class, () -> allocator.usableSize(block));
    }
    allocator.free(0);
  }

  @Test
  void aFullSpanIsAnExceptionAndTheHeapStaysUsable() {
    List<Long> blocks = new ArrayList<>();
    OutOfHeapMemoryException full =
        assertThrows(
            OutOfHeapMemoryException.class,
            () -> {
              while (true) {
                blocks.add(allocator.allocate(MIB));
              }
            });
    assertEquals(MIB, full.asked());
    assertTrue(full.free() < MIB, full::getMessage);
    assertTrue(full.largestFreeRun() <= full.free());
    blocks.forEach(allocator::free);
    allocator.free(allocator.allocate(200 * MIB));
    assertThrows(OutOfHeapMemoryException.class, () -> allocator.allocate(Long.MAX_VALUE));
    assertThrows(OutOfHeapMemoryException.class, () -> allocator.allocate(256 * MIB));
  }

  @Test
  void aBlockAsLargeAsTheSpanAllowsCanBeHad() {
    long most = FreeChunks.count(TableSetup.open(heap, false), false).longest();
    long block = allocator.allocate(most);
    heap.putByte(block + most - 1, (byte) 1);
    allocator.free(block);
  }

  @Test
  void zeroedBlocksAreZero() {
    for (long size : new long[] {1, 24, 1000, 5000, 300_000, 2 * MIB}) {
      long dirty = allocator.allocate(size);
      heap.fill(dirty, size, (byte) 9);
      allocator.free(dirty);
      long block = allocator.allocateZeroed(size);
      for (long at = 0; at < size; at++) {
        assertEquals(0, heap.getByte(block + at));
      }
    }
  }

  @Test
  void alignedBlocksAreAligned() {
    for (long alignment = 1; alignment <= 65536; alignment *= 2) {
      for (long size : new long[] {1, 100, 5000, 70_000, 300_000}) {
        long block = allocator.allocateAligned(size, alignment);
        assertEquals(0, block % alignment, size + " at " + alignment);
        assertTrue(allocator.usableSize(block) >= size);
      }
    }
    for (long bad : new long[] {0, 3, -16, 131072}) {
      assertThrows(IllegalArgumentException.class, () -> allocator.allocateAligned(1, bad));
    }
  }

  @Test
  void reallocatedBlocksKeepTheirContent() {
    long block = allocator.reallocate(0, 10);
    heap.putLong(block, 42);
    for (long size : new long[] {15, 100, 5, 3000, 400_000, 4 * MIB, 3 * MIB, 500_000, 8}) {
      block = allocator.reallocate(block, size);
      assertEquals(42, heap.getInt(block));
      assertTrue(allocator.usableSize(block) >= size);
    }
    assertEquals(1, allocator.check().blocks());
  }

  @Test
  void aLargeBlockGrowsAndShrinksWhereItIs() {
    long block = allocator.allocate(MIB);
    assertEquals(block, allocator.reallocate(block, 400_000));
    assertEquals(block, allocator.reallocate(block, MIB));
    long next = allocator.allocate(MIB);
    assertNotEquals(block, allocator.reallocate(block, 4 * MIB));
    allocator.free(next);
  }

  @Test
  void threadsGiveTheirSlabsBackWhenTheyEnd() throws Exception {
    for (int i = 0; i < 50; i++) {
      Thread thread = new Thread(() -> allocator.allocate(100));
      thread.start();
      thread.join();
    }
    assertEquals(50, allocator.check().blocks());
    AllocatorStatistics statistics = allocator.statistics();
    assertTrue(statistics.chunks() - statistics.emptyChunks() <= 3, statistics::toString);
  }

  @Test
  void aBlockOfOneThreadIsFreedByAnother() throws Exception {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 200_000; i++) {
      blocks.add(allocator.allocate(64));
    }
    Thread thread = new Thread(() -> blocks.forEach(allocator::free));
    thread.start();
    thread.join();
    assertEquals(0, allocator.check().blocks());
    for (int i = 0; i < 200_000; i++) {
      allocator.allocate(64);
    }
    assertTrue(heap.length() < 64 * MIB);
  }

  /** Slabs that are nearly full are left alone, but not for good. */
  @Test
  void blocksThatAreReplacedForLongTakeLittleMoreThanTheirOwnMemory() {
    Random random = new Random(7);
    for (int size : new int[] {16, 64, 112, 1024, 40_000}) {
      long[] blocks = new long[Math.min(5000, 2_000_000 / size)];
      for (int i = 0; i < 40 * blocks.length; i++) {
        int place = random.nextInt(blocks.length);
        allocator.free(blocks[place]);
        blocks[place] = allocator.allocate(size);
      }
      var use =
          allocator.statistics().classes().stream()
              .filter(c -> c.size() >= size)
              .findFirst()
              .orElseThrow();
      long slab = use.capacity() / use.slabs();
      assertTrue(use.capacity() <= use.used() * 5 / 4 + 2 * slab, size + ": " + use);
      for (long block : blocks) {
        allocator.free(block);
      }
      assertTrue(allocator.check().isClean(), "after " + size);
    }
  }

  @Test
  void memoryGoesBackToTheFileSystem() {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      blocks.add(allocator.allocate(1000));
    }
    blocks.forEach(allocator::free);
    AllocatorStatistics statistics = allocator.statistics();
    assertTrue(statistics.discardedChunks() > statistics.chunks() / 2, statistics::toString);
    assertTrue(allocator.trim() > 0);
    assertEquals(0, allocator.trim());
    long block = allocator.allocate(50 * MIB);
    heap.fill(block, 50 * MIB, (byte) 1);
    allocator.free(block);
  }

  @Test
  void aSlotIsFilledMovedAndEmptied() {
    long slots = allocator.allocateZeroed(64);
    long block = allocator.allocateInto(slots, 100, b -> heap.putLong(b, 7));
    assertEquals(block, allocator.get(slots));
    assertEquals(0, allocator.allocateInto(slots, 100), "it is not empty");
    assertTrue(allocator.move(slots, slots + 8));
    assertFalse(allocator.move(slots, slots + 16));
    assertEquals(0, allocator.get(slots));
    assertEquals(7, heap.getLong(allocator.get(slots + 8)));
    assertTrue(allocator.freeFrom(slots + 8));
    assertFalse(allocator.freeFrom(slots + 8));
    assertEquals(0, heap.getLong(slots + 8));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            allocator.allocateInto(
                slots,
                100,
                b -> {
                  throw new IllegalArgumentException("no filling");
                }));
    assertThrows(
        IllegalStateException.class,
        () -> allocator.allocateInto(slots, 100, b -> allocator.allocateInto(b, 10)));
    assertEquals(1, allocator.check().blocks(), "the block of the slots");
    long large = allocator.allocateInto(slots, 3 * MIB);
    assertEquals(0, heap.getLong(large + 3 * MIB - 8));
    assertTrue(allocator.freeFrom(slots));
    assertEquals(1, allocator.check().blocks());
  }

  @Test
  void rootsAreFoundByName() {
    RootEntry root = allocator.root("numbers", 1, 2, 1000);
    assertEquals(root, allocator.root("numbers", 1, 2, 1000));
    assertEquals(1024, allocator.usableSize(allocator.get(root.slot())));
    assertEquals(List.of(root), allocator.roots());
    RuntimeException e =
        assertThrows(RuntimeException.class, () -> allocator.root("numbers", 1, 3, 1000));
    assertTrue(e.getMessage().contains("version 2 and size 1000; expected type 1, version 3"));
    assertTrue(allocator.removeRoot("numbers"));
    assertFalse(allocator.removeRoot("numbers"));
    assertTrue(allocator.findRoot("numbers").isEmpty());
    assertEquals(0, allocator.check().blocks());
  }

  /** Two use one block, by mistake: one resizes what the other has just freed and others have. */
  @Test
  void chunksOfARunThatWasFreedMeanwhileAreNotTakenByResizingIt() {
    Tables tables = TableSetup.open(heap, false);
    ChunkPool pool = new ChunkPool(tables, new Hints(tables));
    allocator.free(allocator.allocate(1));
    int ownLane = 1;
    long block = allocator.allocate(1_300_000);
    long first = (block - tables.geometry.chunks()) >>> SizeClasses.CHUNK_SHIFT;
    long word = tables.owner(first);
    allocator.free(block);
    List<Long> others = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      others.add(allocator.allocate(300_000));
    }
    assertFalse(pool.shorten(ownLane, first, word, 5));
    assertFalse(pool.shorten(ownLane, first, word, 1));
    assertFalse(pool.lengthen(ownLane, first, word, 30));
    assertEquals(List.of(), allocator.check().findings());
    assertEquals(0, allocator.check().reserved());
    others.forEach(allocator::free);
    assertEquals(0, allocator.check().blocks());
  }
}
