package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.heap.Heap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stack that runs out in the allocator, at whatever depth, costs no lane, chunk or slot. */
@Timeout(300)
class DeepStackTest {
  private static final int STACK = 200_000;
  private static final int DEPTHS = 300;

  private static final long SLOTS = 16;

  private final Heap heap = Heap.builder().span(256L << 20).createAnonymous();
  private final Allocator allocator = Allocator.on(heap);
  private final Set<Boolean> outcomes = ConcurrentHashMap.newKeySet();
  private final long slots = allocator.allocateZeroed(8 * SLOTS);
  private int deepest;

  @Test
  void overflowInAllocateOrFreeLeavesNothingBehindButBlocks() throws InterruptedException {
    overflowAtAllDepths(
        () -> {
          long[] blocks = new long[40];
          for (int i = 0; i < blocks.length; i++) {
            blocks[i] = allocator.allocate(3000);
          }
          for (long block : blocks) {
            allocator.free(block);
          }
        });
  }

  @Test
  void overflowInTheFirstAllocationOfAThreadLeavesNoLane() throws InterruptedException {
    overflowAtAllDepths(() -> allocator.free(allocator.allocate(64)));
  }

  @Test
  void overflowInLargeRunsLeavesNoChunkReserved() throws InterruptedException {
    overflowAtAllDepths(() -> allocator.free(allocator.allocate(300_000)));
  }

  @Test
  void overflowInSlotsLeavesNoMarkAndNoBlock() throws InterruptedException {
    long one = slots;
    long other = slots + 8;
    overflowAtAllDepths(
        () -> {
          allocator.allocateInto(one, 300_000, block -> heap.putLong(block, 1));
          allocator.move(one, other);
          allocator.freeFrom(other);
        });
    inThread(() -> empty(one));
    inThread(() -> empty(other));
    assertEquals(1, allocator.check().blocks(), "blocks besides the slots");
    assertEquals(0, heap.getLong(one) | heap.getLong(other));
  }

  @Test
  void overflowInRootsLeavesOthersTheirWay() throws InterruptedException {
    overflowAtAllDepths(
        () -> {
          allocator.root("deep", 1, 1, 64);
          allocator.removeRoot("deep");
        });
    inThread(() -> allocator.removeRoot("deep"));
    assertEquals(List.of(), allocator.roots());
  }

  private void empty(long slot) {
    allocator.freeFrom(slot);
  }

  private void overflowAtAllDepths(Runnable work) throws InterruptedException {
    inThread(work); // what is linked at first use is not linked without a stack
    for (int i = 0; i < DEPTHS; i++) {
      deepest = 0;
      inThread(() -> down(Integer.MAX_VALUE, work)); // again, since compiled frames are shorter
      int depth = deepest - 7 * i;
      boolean[] done = new boolean[1];
      inThread(
          () -> {
            down(depth, work);
            done[0] = true;
          });
      outcomes.add(done[0]);
    }
    assertEquals(Set.of(true, false), outcomes, "depths with room and without");
    inThread(
        () -> {
          allocator.free(allocator.allocate(64));
          allocator.recover();
        });
    allocator.recover();
    assertEquals(List.of(), allocator.check().findings());
    assertEquals(0, allocator.statistics().reservedChunks());
    int lanes = allocator.statistics().participants().stream().mapToInt(p -> p.lanes()).sum();
    assertEquals(1, lanes, "lanes besides that of this thread");
  }

  @AfterEach
  void close() {
    allocator.close();
    heap.close();
  }

  private void down(int depth, Runnable work) {
    if (depth > 0) {
      deepest++;
      down(depth - 1, work);
    } else {
      work.run();
    }
  }

  private static void inThread(Runnable work) throws InterruptedException {
    Throwable[] thrown = new Throwable[1];
    Thread thread = new Thread(null, work, "deep", STACK);
    thread.setUncaughtExceptionHandler((t, e) -> thrown[0] = e);
    thread.start();
    thread.join();
    if (thrown[0] != null) {
      assertEquals(StackOverflowError.class, thrown[0].getClass(), () -> "thrown: " + thrown[0]);
    }
  }
}
