package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Attachments.Background;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Counting, bounded and binary semaphores. */
@Timeout(300)
class SharedSemaphoreTest {
  private static final Duration LONG = Duration.ofDays(1000);
  private static final int ROUNDS = 3000;

  @Test
  void permitsAreTakenAndGivenByAnyone() throws Exception {
    try (Attachments a = new Attachments()) {
      SharedSemaphore mine = SharedSemaphore.at(a.heap, a.offset, 1);
      SharedSemaphore theirs = SharedSemaphore.at(a.other, a.offset);
      assertEquals(Integer.MAX_VALUE, theirs.maxPermits());
      mine.acquire();
      assertFalse(theirs.tryAcquire());
      assertFalse(theirs.tryAcquire(Duration.ofMillis(1)));
      assertFalse(theirs.tryAcquire(Duration.ofSeconds(Long.MIN_VALUE)));
      Background<Boolean> waiter = a.asleep(() -> theirs.tryAcquire(LONG));
      theirs.release();
      assertTrue(waiter.get());
      theirs.release(3);
      assertEquals(3, mine.availablePermits());
      assertEquals(3, mine.drainPermits());
      assertEquals(0, mine.drainPermits());
      theirs.release(0);
      assertEquals(0, mine.availablePermits());
    }
  }

  @Test
  void aReleaseTooManyIsAnErrorAndChangesNothing() {
    try (Attachments a = new Attachments()) {
      SharedSemaphore binary = SharedSemaphore.at(a.heap, a.offset, 1, 1);
      IllegalStateException thrown = assertThrows(IllegalStateException.class, binary::release);
      assertTrue(
          thrown.getMessage().contains("1 released too many")
              && thrown.getMessage().endsWith("has 1 of at most 1"),
          thrown.getMessage());
      assertEquals(1, binary.availablePermits());
      SharedSemaphore bounded = SharedSemaphore.at(a.heap, a.offset + 64, 2, 5);
      assertThrows(IllegalStateException.class, () -> bounded.release(4));
      assertThrows(IllegalStateException.class, () -> bounded.release(Integer.MAX_VALUE));
      assertThrows(IllegalArgumentException.class, () -> bounded.release(-1));
      bounded.release(3);
      assertEquals(5, bounded.availablePermits());
      SharedSemaphore full = SharedSemaphore.at(a.heap, a.offset + 128, Integer.MAX_VALUE - 1);
      full.release();
      assertThrows(IllegalStateException.class, full::release);
      assertEquals(Integer.MAX_VALUE, full.availablePermits());
    }
  }

  @Test
  void whatWasMadeIsFoundIfItIsTheSame() {
    try (Attachments a = new Attachments()) {
      assertTrue(
          assertThrows(IllegalStateException.class, () -> SharedSemaphore.at(a.heap, a.offset))
              .getMessage()
              .contains("there is no semaphore at offset " + a.offset));
      SharedSemaphore made = SharedSemaphore.at(a.heap, a.offset, 2, 3);
      assertTrue(made.tryAcquire());
      assertEquals(1, SharedSemaphore.at(a.other, a.offset, 2, 3).availablePermits());
      assertTrue(
          assertThrows(
                  IllegalStateException.class, () -> SharedSemaphore.at(a.other, a.offset, 2, 4))
              .getMessage()
              .endsWith("has a limit of 3, expected 4"));
      for (int[] wrong : new int[][] {{-1, 1}, {2, 1}, {0, 0}, {0, -5}}) {
        assertThrows(
            IllegalArgumentException.class,
            () -> SharedSemaphore.at(a.heap, a.offset + 64, wrong[0], wrong[1]));
      }
      assertThrows(
          IllegalArgumentException.class, () -> SharedSemaphore.at(a.heap, a.offset + 4, 1, 1));
    }
  }

  @Test
  void interruptsAreNoticed() throws Exception {
    try (Attachments a = new Attachments()) {
      SharedSemaphore semaphore = SharedSemaphore.at(a.heap, a.offset, 1);
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, semaphore::acquire);
      assertEquals(1, semaphore.drainPermits());
      Background<Boolean> waiter = a.asleep(() -> semaphore.tryAcquire(LONG));
      waiter.thread().interrupt();
      assertThrows(InterruptedException.class, waiter::get);
      Background<Boolean> patient =
          a.asleep(
              () -> {
                semaphore.acquireUninterruptibly();
                return Thread.currentThread().isInterrupted();
              });
      patient.thread().interrupt();
      semaphore.release();
      assertTrue(patient.get());
      assertEquals(0, semaphore.availablePermits());
    }
  }

  @Test
  void neverAreThereMoreInsideThanPermits() throws Exception {
    try (Attachments a = new Attachments()) {
      SharedSemaphore.at(a.heap, a.offset, 2, 2);
      long inside = a.offset + 64;
      List<Background<Long>> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Heap in = i % 2 == 0 ? a.heap : a.other;
        SharedSemaphore semaphore = SharedSemaphore.at(in, a.offset);
        threads.add(
            Background.start(
                () -> {
                  long most = 0;
                  for (int round = 0; round < ROUNDS; round++) {
                    semaphore.acquire();
                    most = Math.max(most, in.getAndAddLong(inside, 1) + 1);
                    in.getAndAddLong(inside, -1);
                    semaphore.release();
                  }
                  return most;
                }));
      }
      for (Background<Long> thread : threads) {
        long most = thread.get();
        assertTrue(most <= 2, () -> most + " at a time");
      }
      assertEquals(2, SharedSemaphore.at(a.heap, a.offset).availablePermits());
    }
  }

  @Test
  void aPlainFileHasSemaphoresToo() {
    try (Heap plain = Heap.builder().plain().span(1 << 20).length(4096).createAnonymous()) {
      SharedSemaphore semaphore = SharedSemaphore.at(plain, plain.dataOffset() + 7 & -8, 1, 1);
      assertTrue(semaphore.tryAcquire());
      semaphore.release();
    }
  }

  @Test
  void theSemaphoreOfAClosedHeapThrows() throws Exception {
    try (Attachments a = new Attachments()) {
      SharedSemaphore semaphore = SharedSemaphore.at(a.other, a.offset, 0);
      Background<Boolean> waiter = a.asleep(() -> semaphore.tryAcquire(LONG));
      a.other.close();
      assertThrows(IllegalStateException.class, waiter::get);
      assertThrows(IllegalStateException.class, semaphore::release);
    }
  }
}
