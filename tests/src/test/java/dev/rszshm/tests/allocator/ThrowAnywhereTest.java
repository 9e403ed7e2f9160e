package dev.rszshm.tests.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorCheck;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import dev.rszshm.testkit.memory.ForwardingMemory;
import dev.rszshm.testkit.process.StepAnnouncingCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * An error is thrown at each access to the heap in turn, as if the stack ended there. The process
 * goes on, and has lost one block at most.
 */
class ThrowAnywhereTest {
  private static final long RUN = 300_000;
  private static final long CHUNK = 1 << 16;

  /** Throws once, before or after an access. */
  private static final class Failing extends ForwardingMemory {
    private long left = Long.MAX_VALUE;
    private boolean after;

    Failing() {
      super(Platform.host().memory());
    }

    private void count(boolean behind) {
      if (behind == after && --left == 0) {
        throw new StackOverflowError("at an access");
      }
    }

    @Override
    public long getLongAcquire(long address) {
      count(false);
      long value = super.getLongAcquire(address);
      count(true);
      return value;
    }

    @Override
    public void putLongRelease(long address, long value) {
      count(false);
      super.putLongRelease(address, value);
      count(true);
    }

    @Override
    public boolean compareAndSetLong(long address, long expected, long value) {
      count(false);
      boolean changed = super.compareAndSetLong(address, expected, value);
      count(true);
      return changed;
    }

    @Override
    public long getAndBitwiseOrLong(long address, long bits) {
      count(false);
      long before = super.getAndBitwiseOrLong(address, bits);
      count(true);
      return before;
    }

    @Override
    public long getAndBitwiseAndLong(long address, long bits) {
      count(false);
      long before = super.getAndBitwiseAndLong(address, bits);
      count(true);
      return before;
    }
  }

  /** Takes, resizes, trims and frees runs of chunks. */
  private static void use(Allocator allocator) {
    long first = allocator.allocate(RUN);
    long second = allocator.allocate(2 * RUN);
    second = allocator.reallocate(second, RUN);
    second = allocator.reallocate(second, 2 * RUN);
    allocator.free(first);
    allocator.trim();
    first = allocator.allocate(RUN);
    allocator.free(second);
    allocator.free(first);
  }

  /** The memory of so long a run is given back at once. */
  private static void useMuch(Allocator allocator) {
    use(allocator);
    allocator.free(allocator.allocate(70 * CHUNK));
  }

  /** Returns whether the error was thrown. */
  private static boolean goOnAfter(long access, boolean after) {
    Failing memory = new Failing();
    Platform platform = new Platform(memory, Platform.host().calls());
    Runnable fail =
        () -> {
          memory.after = after;
          memory.left = access;
        };
    String what = "access " + access + (after ? ", after it: " : ": ");
    return goOnAfter(
        platform, ThrowAnywhereTest::use, fail, () -> memory.left = Long.MAX_VALUE, what);
  }

  /** As above, at a system call that gives memory or takes it back. */
  private static boolean goOnAfter(int call, Runnable failure) {
    AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    SystemCalls calls =
        StepAnnouncingCalls.of(
            Platform.host().calls(),
            name -> {
              boolean counts = name.equals("allocate") || name.equals("discard");
              if (counts && left.decrementAndGet() == 0) {
                failure.run();
              }
            });
    Platform platform = new Platform(Platform.host().memory(), calls);
    Runnable end = () -> left.set(Integer.MAX_VALUE);
    return goOnAfter(
        platform,
        ThrowAnywhereTest::useMuch,
        () -> left.set(call),
        end,
        "system call " + call + ": ");
  }

  private static boolean goOnAfter(
      Platform platform, Consumer<Allocator> use, Runnable fail, Runnable end, String what) {
    try (Heap heap = Heap.builder().span(32 << 20).platform(platform).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      use.accept(allocator); // so that the heap need not grow
      allocator.trim();
      fail.run();
      boolean thrown = false;
      try {
        use.accept(allocator);
      } catch (StackOverflowError | InternalError | SystemCallException e) {
        thrown = true;
      }
      end.run();
      AllocatorCheck left = allocator.check();
      assertTrue(left.isSound(), () -> what + left.findings());
      for (int i = 0; i < 3; i++) {
        use.accept(allocator);
      }
      AllocatorCheck check = allocator.check();
      assertTrue(check.isSound(), () -> what + check.findings());
      assertEquals(0, check.reserved(), what);
      assertTrue(check.blocks() <= 2, what + check.blocks() + " blocks");
      allocator.close();
      try (Allocator next = Allocator.on(heap)) {
        AllocatorCheck last = next.check();
        assertTrue(last.isSound(), () -> what + last.findings());
        assertEquals(heap.length(), last.total());
      }
      return thrown;
    }
  }

  @Test
  void aProcessGoesOnAfterAnErrorAtAnySystemCall() {
    List<Runnable> failures =
        List.of(
            () -> {
              throw new InternalError("at a system call");
            },
            () -> {
              throw new SystemCallException("fallocate", 5, "EIO");
            });
    for (Runnable failure : failures) {
      int call = 1;
      while (goOnAfter(call, failure)) {
        call++;
      }
      int calls = call;
      assertTrue(calls > 4, () -> calls + " calls");
    }
  }

  @Test
  void aProcessGoesOnAfterAnErrorAtAnyAccess() {
    List<Long> accesses = new ArrayList<>();
    for (boolean after : new boolean[] {false, true}) {
      long access = 1;
      while (goOnAfter(access, after)) {
        access += access < 3000 ? 1 : 17;
      }
      accesses.add(access);
    }
    assertTrue(accesses.get(0) > 200, accesses::toString);
  }
}
