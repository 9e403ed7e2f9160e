package dev.rszshm.tests.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.testkit.memory.ForwardingMemory;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A process that takes a block out of a slot is stopped between two steps, while the slot is
 * emptied and filled until it holds the very same word again. The time-out only ends a test that
 * hangs.
 */
@Timeout(300)
class StoppedTakerTest {
  /** After so many operations the sequence in a slot is the same again. */
  private static final int ROUND = 512;

  private static final int FORM = 7;
  private static final int FRESH = 5;

  /** Memory that tells what is done. */
  private static final class Hooked extends ForwardingMemory {
    volatile LongConsumer beforeCompareAndSet = address -> {};
    volatile LongConsumer afterCompareAndSet = address -> {};

    Hooked(Memory memory) {
      super(memory);
    }

    @Override
    public boolean compareAndSetLong(long address, long expected, long value) {
      beforeCompareAndSet.accept(address);
      boolean set = super.compareAndSetLong(address, expected, value);
      if (set) {
        afterCompareAndSet.accept(address);
      }
      return set;
    }
  }

  private final Platform host = Platform.host();
  private final Heap heap = Heap.builder().span(256 << 20).createAnonymous();
  private final Allocator allocator = Allocator.on(heap);
  private final Hooked memory = new Hooked(host.memory());
  private final Heap mortal = attach(memory);
  private final Allocator dying = Allocator.on(mortal);
  private final Semaphore never = new Semaphore(0);

  private Heap attach(Memory other) {
    return Heap.builder()
        .anyAddress()
        .platform(new Platform(other, host.calls()))
        .attach(heap.path());
  }

  @AfterEach
  void close() {
    mortal.close();
    heap.close();
  }

  private static void start(Runnable body) {
    Thread thread = new Thread(body);
    thread.setDaemon(true);
    thread.start();
  }

  /** The maker of a fresh reference dies when the taker has its mark in, after a full round. */
  @Test
  void aBlockThatWasTakenFromTheDeadIsNotFreedWhenTheSequenceHasComeRound() {
    Hooked takersMemory = new Hooked(host.memory());
    try (Heap takersHeap = attach(takersMemory)) {
      Allocator taker = Allocator.on(takersHeap);
      long from = allocator.allocateZeroed(64);
      long to = from + 16;
      Semaphore first = new Semaphore(0);
      Semaphore goOn = new Semaphore(0);
      Semaphore last = new Semaphore(0);
      int[] installed = {0};
      memory.afterCompareAndSet =
          address -> {
            if (address == mortal.base() + from && (heap.getLong(from) & FORM) == FRESH) {
              installed[0]++;
              if (installed[0] == 1) {
                first.release();
                goOn.acquireUninterruptibly();
              } else if (installed[0] == 1 + ROUND / 2) {
                last.release();
                never.acquireUninterruptibly(); // killed here
              }
            }
          };
      start(
          () -> {
            dying.allocateInto(from, 64);
            for (int i = 0; i < ROUND / 2; i++) {
              dying.freeFrom(from);
              dying.allocateInto(from, 64);
            }
          });
      first.acquireUninterruptibly();
      long word = heap.getLong(from);
      boolean[] once = {false};
      takersMemory.beforeCompareAndSet =
          address -> {
            if (address == takersHeap.base() + from && !once[0]) {
              once[0] = true;
              goOn.release();
              last.acquireUninterruptibly();
              assertEquals(word, heap.getLong(from), "the same word again");
            }
          };
      assertTrue(taker.move(from, to));
      assertTrue(once[0]);
      long block = allocator.get(to);
      assertNotEquals(0, block);
      mortal.close();
      allocator.recover();
      assertTrue(allocator.usableSize(block) >= 64);
      assertEquals(2, allocator.check().blocks());
      taker.close();
    }
  }

  /** Its block lies in chunks that were given back and taken again meanwhile. */
  @Test
  void aBlockIsFreedWhoseOwnerWordHasChangedBeforeItsFreerDied() {
    long slot = allocator.allocateZeroed(64);
    int size = 300_000;
    allocator.allocateInto(slot, size);
    long word = heap.getLong(slot);
    Semaphore there = new Semaphore(0);
    Semaphore goOn = new Semaphore(0);
    Semaphore dead = new Semaphore(0);
    boolean[] once = {false};
    memory.beforeCompareAndSet =
        address -> {
          if (address == mortal.base() + slot && !once[0]) {
            once[0] = true;
            there.release();
            goOn.acquireUninterruptibly();
          }
        };
    memory.afterCompareAndSet =
        address -> {
          if (address == mortal.base() + slot) {
            dead.release();
            never.acquireUninterruptibly();
          }
        };
    start(() -> dying.freeFrom(slot));
    there.acquireUninterruptibly();
    for (int i = 0; i < ROUND / 2; i++) {
      allocator.freeFrom(slot);
      allocator.allocateInto(slot, size);
    }
    assertEquals(word, heap.getLong(slot), "the same word again");
    goOn.release();
    dead.acquireUninterruptibly();
    mortal.close();
    assertEquals(0, allocator.get(slot));
    assertEquals(1, allocator.recover());
    assertEquals(0, heap.getLong(slot));
    assertEquals(1, allocator.check().blocks());
  }
}
