package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.allocator.errors.LaneLostException;
import dev.rszshm.allocator.internal.table.LaneLayout;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.TableSetup;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a thread may not do with the blocks of its own slabs, though it has them at hand. */
class BlocksAtHandTest {
  private static final long MIB = 1 << 20;
  private static final int LENGTH = 64;

  private final Heap heap = Heap.builder().span(256 * MIB).createAnonymous();
  private final Allocator allocator = Allocator.on(heap);
  private final Heap otherHeap = Heap.builder().anyAddress().attach(heap.path());
  private final Allocator other = Allocator.on(otherHeap);
  private long first;
  private long second;

  @BeforeEach
  void allocate() {
    first = allocator.allocate(LENGTH);
    second = allocator.allocate(LENGTH);
  }

  @AfterEach
  void close() {
    assertEquals(0, other.check().findings().size());
    otherHeap.close();
    heap.close();
  }

  @Test
  void aBlockThatAnotherHasFreedIsNotFreedAgain() {
    other.free(first);
    assertThrows(InvalidFreeException.class, () -> allocator.free(first));
    assertEquals(1, other.check().blocks());
    allocator.free(second);
    assertEquals(0, other.check().blocks());
  }

  @Test
  void whatIsNoBlockIsNotFreed() {
    for (long offset : new long[] {first + 8, first + 16, second + LENGTH, -first, ~0L}) {
      assertThrows(InvalidFreeException.class, () -> allocator.free(offset));
    }
    allocator.free(first);
    assertThrows(InvalidFreeException.class, () -> allocator.free(first));
    assertEquals(1, other.check().blocks());
  }

  /** Lets the other one take the lane over, as if this participant had died. */
  private void bury() {
    Tables tables = TableSetup.open(heap, false);
    long lane = tables.geometry.laneOffset(1);
    long word = heap.getLong(lane);
    assertEquals(heap.self().orElseThrow().slot(), LaneLayout.participant(word));
    heap.putLong(
        lane,
        LaneLayout.word(
            LaneLayout.LIVE, LaneLayout.participant(word), LaneLayout.generation(word) + 1));
    assertEquals(1, other.recover());
  }

  @Test
  void aLaneThatWasTakenOverLeavesTheBitsOfItsSlabsToOthers() {
    bury();
    Tables tables = TableSetup.open(heap, false);
    long chunk = (first - tables.geometry.chunks()) / SizeClasses.CHUNK;
    long local = heap.getLong(tables.local(chunk, 0));
    allocator.free(first);
    assertEquals(local, heap.getLong(tables.local(chunk, 0)));
    assertNotEquals(0, heap.getLong(tables.remote(chunk, 0)), "freed as a block of another");
    assertEquals(1, other.check().blocks());
  }

  @Test
  void aLaneThatWasTakenOverAllocatesNoMoreThanWasReady() {
    bury();
    assertThrows(
        LaneLostException.class,
        () -> {
          for (int i = 0; i <= Long.SIZE; i++) {
            allocator.allocate(LENGTH);
          }
        });
  }
}
