package dev.rszshm.heap.internal.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.SystemCalls;
import dev.rszshm.heap.spi.SystemCalls.Wait;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sleeping on words. The time-out only ends a test that hangs. */
@Timeout(300)
class FutexTest {
  private static final long LONG = TimeUnit.SECONDS.toNanos(50);

  @Test
  void nobodySleepsOnAWordThatHasChanged() {
    try (Heap heap = Heap.builder().createAnonymous()) {
      SystemCalls calls = SystemCalls.host();
      long address = heap.toAddress(heap.dataOffset());
      assertEquals(Wait.CHANGED, calls.waitOnWord(address, 1, LONG));
      long[] two = {address, address + 4};
      assertEquals(Wait.CHANGED, calls.waitOnWords(two, new int[] {0, 1}, LONG));
    }
  }

  @Test
  void aSleepOnSeveralWordsEndsWithItsTime() {
    try (Heap heap = Heap.builder().createAnonymous()) {
      long at = heap.dataOffset();
      assertTrue(heap.sleepWhile(new long[] {at, at + 4}, new int[2], 1000));
    }
  }

  @Test
  void anyOfSeveralWordsWakes() throws Exception {
    try (Heap heap = Heap.builder().createAnonymous()) {
      long at = heap.dataOffset();
      FutureTask<Boolean> sleeper =
          new FutureTask<>(
              () -> {
                while (heap.sleepWhile(new long[] {at, at + 64}, new int[2], LONG)) {
                  // The slice was over before the other had begun.
                }
                return true;
              });
      Thread thread = new Thread(sleeper);
      thread.start();
      while (heap.wake(at + 64, 1) == 0) {
        Thread.onSpinWait();
      }
      assertTrue(sleeper.get());
      thread.join();
    }
  }

  @Test
  void aSleepOnNoWordIsRefused() {
    try (Heap heap = Heap.builder().createAnonymous()) {
      IllegalArgumentException none =
          assertThrows(
              IllegalArgumentException.class, () -> heap.sleepWhile(new long[0], new int[0], LONG));
      assertTrue(none.getMessage().contains("name 1 to 128"), none.getMessage());
    }
  }
}
