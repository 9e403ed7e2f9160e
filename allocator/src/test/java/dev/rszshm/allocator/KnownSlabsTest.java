package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Blocks that are freed by another lane than the one that allocated them, in slabs that it knows
 * from the first time: whatever has become of the slab since, each is freed once.
 */
class KnownSlabsTest {
  private static final long CHUNK = 64 << 10;

  private Heap heap;
  private Allocator owner;

  /** Has a lane of its own for the same thread. */
  private Allocator other;

  @BeforeEach
  void open() {
    open(64 << 20);
  }

  private void open(long span) {
    heap = Heap.builder().span(span).createAnonymous();
    owner = Allocator.on(heap);
    other = Allocator.on(heap);
  }

  @AfterEach
  void checkAndClose() {
    AllocatorCheck check = owner.check();
    assertEquals(List.of(), check.findings());
    assertEquals(heap.length(), check.total(), "every byte is explained");
    other.close();
    owner.close();
    heap.close();
  }

  private long[] blocks(int count, long size) {
    long[] blocks = new long[count];
    for (int i = 0; i < count; i++) {
      blocks[i] = owner.allocate(size);
    }
    return blocks;
  }

  private void freeAllByOther(long... blocks) {
    for (long block : blocks) {
      other.free(block);
    }
  }

  @Test
  void blocksComeBackToTheirOwner() {
    for (int round = 0; round < 20; round++) {
      freeAllByOther(blocks(3000, 64));
      assertEquals(0, owner.check().blocks());
    }
    assertTrue(heap.length() < 16 << 20, () -> "the heap has " + heap.length());
  }

  @Test
  void freeingTwiceIsRefusedAndHarmsNobody() {
    long[] blocks = blocks(100, 64);
    other.free(blocks[0]);
    for (int i = 1; i < 99; i += 3) {
      long block = blocks[i];
      other.free(block);
      assertThrows(InvalidFreeException.class, () -> other.free(block));
      assertThrows(InvalidFreeException.class, () -> owner.free(block));
      long own = blocks[i + 1];
      owner.free(own);
      assertThrows(InvalidFreeException.class, () -> other.free(own));
    }
    assertEquals(33, owner.check().blocks());
  }

  @Test
  void whatIsNoBlockIsRefused() {
    long[] blocks = blocks(2000, 48);
    other.free(blocks[0]);
    for (long wrong : new long[] {blocks[1] + 16, blocks[1] + 8, blocks[1] + 1, -blocks[1]}) {
      assertThrows(InvalidFreeException.class, () -> other.free(wrong), () -> "" + wrong);
    }
    long behind = blocks[0] / CHUNK * CHUNK + CHUNK - 16; // 48 does not divide the chunk
    assertThrows(InvalidFreeException.class, () -> other.free(behind));
    assertEquals(1999, owner.check().blocks());
  }

  @Test
  void aSlabThatHasGoneIsKnownNoMore() {
    checkAndClose();
    open(1 << 20); // fifteen chunks, so that one is soon used again
    long first = owner.allocate(64);
    long second = owner.allocate(64);
    other.free(first);
    owner.free(second);
    owner.close(); // gives the chunk back
    for (long size : new long[] {128, 48, 3 * CHUNK, 20_000, 64}) {
      try (Allocator next = Allocator.on(heap)) {
        List<Long> elsewhere = new ArrayList<>();
        long block = next.allocate(size);
        while (block / CHUNK != first / CHUNK) {
          assertTrue(elsewhere.size() < 30_000, "the chunk is not used again");
          elsewhere.add(block);
          block = next.allocate(size);
        }
        elsewhere.add(block);
        for (long more = size; size < CHUNK && more < CHUNK - size; more += size) {
          elsewhere.add(next.allocate(size));
        }
        long there = elsewhere.remove(elsewhere.size() / 2);
        other.free(there);
        assertThrows(InvalidFreeException.class, () -> other.free(there));
        elsewhere.forEach(next::usableSize); // throws if it is none
        assertEquals(elsewhere.size(), next.check().blocks());
        elsewhere.forEach(other::free);
        assertEquals(0, next.check().blocks());
      }
    }
    owner = Allocator.on(heap);
  }

  @Test
  void aSlabThatBecomesOnesOwnIsFreedInAsOne() {
    long[] blocks = blocks(1024, 64);
    other.free(blocks[0]);
    other.free(blocks[1]);
    owner.close(); // leaves a slab with room
    long again = other.allocate(64);
    assertTrue(again == blocks[0] || again == blocks[1], "the slab was taken over");
    for (int i = 2; i < blocks.length; i++) {
      other.free(blocks[i]);
    }
    other.free(again);
    owner = Allocator.on(heap);
    assertEquals(0, owner.check().blocks());
  }

  @Test
  void blocksOfManySlabsAndSizesAreFreedInAnyOrder() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Long> live = new ArrayList<>();
    for (int i = 0; i < 200_000; i++) {
      if (live.size() < 1000 || (live.size() < 20_000 && random.nextInt(3) > 0)) {
        live.add((random.nextBoolean() ? owner : other).allocate(16 + random.nextInt(600)));
      } else {
        int last = live.size() - 1;
        int chosen = random.nextInt(live.size());
        long block = live.get(chosen);
        live.set(chosen, live.get(last));
        live.remove(last);
        (random.nextBoolean() ? owner : other).free(block);
      }
    }
    assertEquals(live.size(), owner.check().blocks(), "seed " + seed);
  }
}
