package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.heap.Heap;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CheckingTest {
  private static final byte FREED = (byte) 0xfd;

  private Heap heap;
  private Allocator allocator;

  @BeforeEach
  void open() {
    heap = Heap.builder().span(64 << 20).createAnonymous();
    allocator = Allocator.checking(heap);
  }

  @AfterEach
  void close() {
    assertEquals(List.of(), allocator.check().findings());
    allocator.close();
    heap.close();
  }

  @Test
  void anAllocatorThatChecksDoesSoForAll() {
    assertTrue(allocator.isChecking());
    try (Allocator other = Allocator.on(heap)) {
      assertTrue(other.isChecking());
    }
    try (Heap plain = Heap.builder().span(64 << 20).createAnonymous()) {
      Allocator.on(plain).close();
      assertFalse(Allocator.checking(plain).isChecking());
    }
  }

  @Test
  void aWriteBeyondTheEndIsFoundWhenTheBlockIsFreed() {
    long slot = allocator.allocateZeroed(8);
    for (long size : new long[] {1, 15, 16, 100, 5000, 300_000}) {
      for (long beyond : new long[] {0, 3}) {
        long block = allocator.allocate(size);
        byte before = heap.getByte(block + size + beyond);
        heap.putByte(block + size + beyond, (byte) 1);
        InvalidFreeException e =
            assertThrows(InvalidFreeException.class, () -> allocator.free(block));
        assertTrue(e.getMessage().contains("was written beyond its end"), e::getMessage);
        assertThrows(InvalidFreeException.class, () -> allocator.reallocate(block, 2 * size));
        heap.putByte(block + size + beyond, before);
        allocator.free(block);

        long managed = allocator.allocateInto(slot, size);
        heap.putByte(managed + size + beyond, (byte) 1);
        assertThrows(InvalidFreeException.class, () -> allocator.freeFrom(slot));
        assertEquals(managed, allocator.get(slot), "the slot still refers to it");
        heap.putByte(managed + size + beyond, before);
        assertTrue(allocator.freeFrom(slot));
      }
    }
  }

  @Test
  void aFreedBlockIsFilled() {
    long slot = allocator.allocateZeroed(8);
    long block = allocator.allocate(100);
    allocator.free(block);
    assertFilled(block);
    long managed = allocator.allocateInto(slot, 100, b -> heap.fill(b, 100, (byte) 1));
    allocator.freeFrom(slot);
    assertFilled(managed);
  }

  /** All but the first word, which has a use of its own. */
  private void assertFilled(long block) {
    for (long at = block + 8; at < block + 100; at++) {
      assertEquals(FREED, heap.getByte(at));
    }
  }

  @Test
  void theLengthIsWhatWasAskedFor() {
    for (long size = 1; size < 400_000; size = size * 3 + 1) {
      long block = allocator.allocate(size);
      assertEquals(size, allocator.usableSize(block));
      block = allocator.reallocate(block, 2 * size);
      assertEquals(2 * size, allocator.usableSize(block));
      allocator.free(block);
    }
  }

  /** The owner of the slab and another: without the look at the same instant, neither is told. */
  @Test
  void ofTwoThreadsThatFreeABlockAtOnceOneIsTold() throws Exception {
    int rounds = 30_000;
    for (int i = 0; i < 10; i++) {
      allocator.allocate(64); // so that the slab stays
    }
    long[] blocks = new long[1];
    AtomicInteger turn = new AtomicInteger();
    AtomicInteger told = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    FutureTask<?> other =
        new FutureTask<>(
            () -> {
              for (int i = 1; i <= rounds; i++) {
                while (turn.get() != i) {
                  Thread.onSpinWait();
                }
                told.addAndGet(free(blocks[0]));
                done.set(i);
              }
              return null;
            });
    new Thread(other).start();
    for (int i = 1; i <= rounds; i++) {
      blocks[0] = allocator.allocate(64);
      turn.set(i);
      for (int wait = i * 7 % 60; wait > 0; wait--) {
        Thread.onSpinWait();
      }
      told.addAndGet(free(blocks[0]));
      while (done.get() != i) {
        Thread.onSpinWait();
      }
      assertEquals(i, told.get());
    }
    other.get();
    assertEquals(10, allocator.check().blocks());
  }

  private int free(long block) {
    try {
      allocator.free(block);
      return 0;
    } catch (InvalidFreeException e) {
      return 1;
    }
  }

  @Test
  void aFreedBlockHasNoSize() {
    long block = allocator.allocate(100);
    allocator.allocate(100);
    allocator.free(block);
    assertThrows(InvalidFreeException.class, () -> allocator.usableSize(block));
    assertThrows(InvalidFreeException.class, () -> allocator.free(block));
  }

  /** Of several who free from a slot at once, one does, and the others are told so. */
  @Test
  void threadsThatFreeFromTheSameSlotDoNotReportOneAnother() throws Exception {
    long slot = allocator.allocateZeroed(8);
    FutureTask<?>[] tasks = new FutureTask<?>[2];
    for (int i = 0; i < tasks.length; i++) {
      tasks[i] =
          new FutureTask<>(
              () -> {
                for (int round = 0; round < 20_000; round++) {
                  allocator.allocateInto(slot, 40);
                  allocator.freeFrom(slot);
                }
                return null;
              });
      new Thread(tasks[i]).start();
    }
    for (FutureTask<?> task : tasks) {
      task.get();
    }
    allocator.freeFrom(slot);
    assertEquals(1, allocator.check().blocks());
  }
}
