package dev.rszshm.heap.internal.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.faults.FaultySystemCalls;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sleep of virtual threads, in a thread that is none. */
@Timeout(300)
class ParkedSleepTest {
  private final FaultySystemCalls calls = new FaultySystemCalls();
  private final AtomicLong clock = new AtomicLong();
  private Heap heap;
  private long word;

  @BeforeEach
  void create() {
    heap = Heap.builder().span(1 << 20).length(8192).platform(calls.platform()).createAnonymous();
    word = heap.dataOffset();
    calls.instead("nanoTime", FaultySystemCalls.EVERY, (call, arguments) -> clock.get());
    whilePaused(() -> {});
  }

  private void whilePaused(Runnable action) {
    calls.instead(
        "pause",
        FaultySystemCalls.EVERY,
        (call, arguments) -> {
          clock.addAndGet((long) arguments[0]);
          action.run();
          return null;
        });
  }

  @AfterEach
  void close() {
    heap.close();
    heap.unlink();
  }

  private boolean sleep(long nanos) {
    return new ParkedSleep(new HeapWords(), calls.faulty())
        .sleep(new long[] {word, word + 4}, new int[2], nanos);
  }

  @Test
  void timeRunsOut() {
    assertTrue(sleep(50_000_000));
    assertEquals(50_000_000, clock.get());
    assertTrue(sleep(0));
    assertTrue(sleep(-1));
    assertEquals(50_000_000, clock.get());
  }

  @Test
  void changeOfAnyWordEndsIt() {
    whilePaused(() -> heap.putIntVolatile(word + 4, 1));
    assertFalse(sleep(Long.MAX_VALUE));
    assertTrue(clock.get() < 1_000_000, clock::toString);
    assertFalse(sleep(Long.MAX_VALUE), "it has changed already");
  }

  @Test
  void interruptEndsItAndIsKept() {
    whilePaused(Thread.currentThread()::interrupt);
    assertFalse(sleep(Long.MAX_VALUE));
    assertTrue(Thread.interrupted());
  }

  /** One that must not be interrupted would otherwise look at full speed. */
  @Test
  void interruptFromBeforeIsKeptAndDoesNotEndIt() {
    Thread.currentThread().interrupt();
    assertTrue(sleep(50_000_000));
    assertEquals(50_000_000, clock.get());
    assertTrue(Thread.interrupted());
  }

  @Test
  void closeEndsIt() {
    whilePaused(heap::close);
    assertThrows(IllegalStateException.class, () -> sleep(Long.MAX_VALUE));
  }

  private final class HeapWords implements WordWait.Words {
    @Override
    public int value(long offset) {
      return heap.getIntVolatile(offset);
    }

    @Override
    public long address(long offset) {
      return heap.base() + offset;
    }

    @Override
    public <T> T inKernel(Supplier<T> call) {
      return call.get();
    }
  }
}
