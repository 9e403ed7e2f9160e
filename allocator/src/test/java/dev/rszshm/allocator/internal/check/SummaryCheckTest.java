package dev.rszshm.allocator.internal.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorCheck;
import dev.rszshm.allocator.AllocatorCheck.Finding;
import dev.rszshm.allocator.AllocatorCheck.Severity;
import dev.rszshm.allocator.errors.NotAnAllocatorException;
import dev.rszshm.allocator.internal.table.AllocatorLayout;
import dev.rszshm.heap.Heap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every word of the allocator's own page is looked at. */
class SummaryCheckTest {
  private Heap heap;
  private Allocator allocator;

  @BeforeEach
  void open() {
    heap = Heap.builder().span(64 << 20).createAnonymous();
    allocator = Allocator.on(heap);
    for (int i = 0; i < 30; i++) {
      allocator.allocate(50_000);
    }
    allocator.root("root", 1, 1, 100);
  }

  @AfterEach
  void close() {
    assertEquals(List.of(), allocator.check().findings());
    heap.close();
  }

  private void requireError(int field, long word) {
    long offset = heap.dataOffset() + field;
    long good = heap.getLong(offset);
    heap.putLong(offset, word);
    AllocatorCheck check = allocator.check();
    heap.putLong(offset, good);
    String what = field + " := " + word + ": " + check.findings();
    assertFalse(check.isSound(), what);
    assertTrue(
        field == AllocatorLayout.LANE_FRONTIER // told where a lane is named that would not exist
            || check.findings().stream()
                .filter(f -> f.severity() == Severity.ERROR)
                .map(Finding::offset)
                .anyMatch(at -> at == offset),
        what);
  }

  @Test
  void noWordOfThePageCanBeAnother() {
    for (int field = 0; field < AllocatorLayout.LENGTH; field += 8) {
      requireError(field, -7);
      requireError(field, 1L << 62 | 1L << 63);
      if (field != AllocatorLayout.RECOVERIES) {
        long good = heap.getLong(heap.dataOffset() + field);
        boolean counts =
            List.of(
                    AllocatorLayout.FRONTIER,
                    AllocatorLayout.LANE_FRONTIER,
                    AllocatorLayout.ROOT_FRONTIER)
                .contains(field);
        requireError(field, good == 1 || counts ? 0 : 1);
      }
    }
  }

  @Test
  void nobodyCanAttachToWhatTheCheckFinds() {
    long good = heap.getLong(heap.dataOffset());
    heap.putLong(heap.dataOffset(), 1);
    assertThrows(NotAnAllocatorException.class, () -> Allocator.on(heap));
    assertFalse(allocator.check().isClean());
    heap.putLong(heap.dataOffset(), good);
  }

  @Test
  void fewerOrMoreChunksThanThereAreIsAnError() {
    long chunks = heap.getLong(heap.dataOffset() + AllocatorLayout.FRONTIER);
    for (long wrong : new long[] {1, chunks / 2, 1 << 20}) {
      requireError(AllocatorLayout.FRONTIER, wrong);
    }
  }

  @Test
  void theLockOfTheRootsIsThatOfAParticipant() {
    requireError(AllocatorLayout.ROOT_LOCK, 77);
    requireError(AllocatorLayout.ROOT_LOCK, (heap.participantSlots() + 1L) << 30);
    heap.putLong(heap.dataOffset() + AllocatorLayout.ROOT_LOCK, 77);
    assertEquals("next", allocator.root("next", 1, 1, 10).name(), "it is taken all the same");
  }
}
