package dev.rszshm.tests.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.examples.RepairedStack;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A list under a mutex whose holder dies at any access to memory of a change: the repair, in a
 * process that was there before, finds every slot as it is to be.
 */
@Timeout(300)
class RepairTest {
  private static void dieEverywhere(Consumer<RepairedStack> change, long least, long most) {
    boolean died = true;
    for (int after = 0; died; after++) {
      try (Heap heap = Heap.builder().span(1 << 20).createAnonymous();
          Allocator allocator = Allocator.on(heap)) {
        RepairedStack stack = new RepairedStack(allocator);
        for (int i = 1; i <= 3; i++) {
          stack.push(i);
        }
        CuttingMemory memory = new CuttingMemory();
        Heap mortal =
            Heap.builder()
                .anyAddress()
                .platform(new Platform(memory, Platform.host().calls()))
                .attach(heap.path());
        RepairedStack dying = new RepairedStack(Allocator.on(mortal));
        memory.cutAfter(after);
        died = false;
        try {
          change.accept(dying);
        } catch (CuttingMemory.Cut cut) {
          died = true;
        } finally {
          memory.cutAfter(Integer.MAX_VALUE);
        }
        mortal.close();
        long left = stack.size();
        assertTrue(left >= least && left <= most, left + " are left, death after " + after);
        for (long i = left; i > 0; i--) {
          assertEquals(i, stack.pop(), "death after " + after);
        }
        assertEquals(0, stack.pop());
        allocator.recover();
        assertTrue(allocator.check().isSound());
      }
    }
  }

  @Test
  void aStackIsWholeWhoseUserDiedInAPush() {
    dieEverywhere(stack -> stack.push(4), 3, 4);
  }

  @Test
  void aStackIsWholeWhoseUserDiedInAPop() {
    dieEverywhere(RepairedStack::pop, 2, 3);
  }
}
