package dev.rszshm.heap.internal.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the JVM throws when the stack is full in the middle of an access: its own error. */
@Timeout(300)
class DeepStackTest {
  private static final int STACK = 200_000;

  @Test
  void fullStackIsAStackOverflowErrorWhateverTheAccess() throws InterruptedException {
    try (Heap heap = Heap.builder().length(4096).createAnonymous()) {
      Memory memory = RawAccess.of(heap, DeepStackTest.class);
      long address = heap.base() + heap.dataOffset();
      byte[] bytes = new byte[64];
      Runnable[] accesses = {
        () -> memory.copy(address, address + 64, 64),
        () -> memory.copyIn(bytes, 0, address, bytes.length),
        () -> memory.copyOut(address, bytes, 0, bytes.length),
        () -> memory.fill(address, 64, (byte) 1),
        () -> memory.compareAndSetLong(address, 0, 0),
        () -> memory.getAndAddInt(address, 1),
        () -> memory.putLongVolatile(address, memory.getLongAcquire(address)),
      };
      Set<Class<?>> thrown = new HashSet<>();
      for (Runnable access : accesses) {
        access.run();
        for (int i = 0; i < 10; i++) {
          Thread thread = new Thread(null, () -> down(access), "deep", STACK + 64 * i);
          thread.setUncaughtExceptionHandler((t, e) -> thrown.add(e.getClass()));
          thread.start();
          thread.join();
        }
      }
      assertEquals(Set.of(StackOverflowError.class), thrown);
    }
  }

  @SuppressWarnings("InfiniteRecursion") // that is the point
  private static int down(Runnable access) {
    access.run();
    return down(access) + 1;
  }
}
