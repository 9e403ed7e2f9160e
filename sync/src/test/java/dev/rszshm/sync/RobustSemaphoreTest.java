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

/** Permits that come back from the dead. */
@Timeout(300)
class RobustSemaphoreTest {
  private static final Duration LONG = Duration.ofDays(1000);

  @Test
  void permitsHaveOwners() throws Exception {
    try (Attachments a = new Attachments()) {
      RobustSemaphore mine = RobustSemaphore.at(a.heap, a.offset, 3);
      RobustSemaphore theirs = RobustSemaphore.at(a.other, a.offset);
      assertEquals(3, theirs.permits());
      mine.acquire();
      mine.acquireUninterruptibly();
      assertTrue(theirs.tryAcquire());
      assertFalse(mine.tryAcquire());
      assertFalse(theirs.tryAcquire(Duration.ofMillis(1)));
      assertEquals(2, mine.heldPermits());
      assertEquals(1, theirs.heldPermits());
      assertEquals(0, theirs.availablePermits());
      Background<Boolean> waiter = a.asleep(() -> theirs.tryAcquire(LONG));
      mine.release();
      assertTrue(waiter.get());
      theirs.release();
      theirs.release();
      IllegalMonitorStateException thrown =
          assertThrows(IllegalMonitorStateException.class, theirs::release);
      assertTrue(thrown.getMessage().contains("has no permit of"), thrown.getMessage());
      assertEquals(2, theirs.availablePermits());
      assertEquals(1, mine.heldPermits());
    }
  }

  @Test
  void thePermitsOfTheDeadComeBack() throws Exception {
    try (Attachments a = new Attachments()) {
      RobustSemaphore mine = RobustSemaphore.at(a.heap, a.offset, 2);
      RobustSemaphore theirs = RobustSemaphore.at(a.other, a.offset);
      theirs.acquire();
      theirs.acquire();
      Background<Boolean> waiter = a.asleep(() -> mine.tryAcquire(LONG));
      a.other.close();
      assertTrue(waiter.get());
      assertEquals(1, mine.availablePermits());
      assertTrue(mine.tryAcquire(), "without waiting");
      assertEquals(2, mine.heldPermits());
      try (Heap third = a.attach()) {
        assertEquals(0, RobustSemaphore.at(third, a.offset).heldPermits());
      }
    }
  }

  @Test
  void eachHolderIsAskedAboutOnceHoweverManyPermitsItHas() throws Exception {
    try (Attachments a = new Attachments()) {
      RobustSemaphore mine = RobustSemaphore.at(a.heap, a.offset, 1000);
      RobustSemaphore theirs = RobustSemaphore.at(a.other, a.offset);
      while (theirs.tryAcquire()) {}
      int before = a.asks();
      assertFalse(mine.tryAcquire());
      assertEquals(1, a.asks() - before);
      assertFalse(mine.tryAcquire(Duration.ZERO));
      assertEquals(2, a.asks() - before);
      assertEquals(0, mine.availablePermits());
      assertEquals(3, a.asks() - before);
    }
  }

  /** As a lock does: what the dead was changing is in order before anybody has its permit. */
  @Test
  void theDeadAreRecoveredBeforeTheirPermitsAreTaken() throws Exception {
    try (Attachments a = new Attachments()) {
      RobustSemaphore mine = RobustSemaphore.at(a.heap, a.offset, 1);
      RobustSemaphore.at(a.other, a.offset).acquire();
      List<Integer> recovered = new ArrayList<>();
      int dead = a.other.self().orElseThrow().tag();
      a.heap.onDeath(
          tag -> {
            assertEquals(0, mine.heldPermits());
            recovered.add(tag);
          });
      a.other.close();
      mine.acquire();
      assertEquals(List.of(dead), recovered);
    }
  }

  @Test
  void whatWasMadeIsFoundIfItIsTheSame() {
    try (Attachments a = new Attachments()) {
      assertTrue(
          assertThrows(IllegalStateException.class, () -> RobustSemaphore.at(a.heap, a.offset))
              .getMessage()
              .contains("there is no robust semaphore at offset " + a.offset));
      assertTrue(RobustSemaphore.at(a.heap, a.offset, 2).tryAcquire());
      assertEquals(1, RobustSemaphore.at(a.other, a.offset, 2).availablePermits());
      assertTrue(
          assertThrows(IllegalStateException.class, () -> RobustSemaphore.at(a.other, a.offset, 3))
              .getMessage()
              .endsWith("has 2 permits, expected 3"));
      for (int wrong : new int[] {0, -1, RobustSemaphore.MAX_PERMITS + 1}) {
        assertThrows(
            IllegalArgumentException.class, () -> RobustSemaphore.at(a.heap, a.offset + 64, wrong));
      }
    }
  }

  @Test
  void whatCannotBeMadeLeavesNothing() {
    try (Attachments a = new Attachments();
        Heap plain = Heap.builder().plain().span(1 << 20).length(4096).createAnonymous()) {
      long end = a.heap.length() - 64;
      assertThrows(IndexOutOfBoundsException.class, () -> RobustSemaphore.at(a.heap, end, 1000));
      assertEquals(0, a.heap.getLong(end));
      assertThrows(IndexOutOfBoundsException.class, () -> SharedBarrier.at(a.heap, end, 1000));
      assertEquals(0, a.heap.getLong(end));
      long offset = plain.dataOffset() + 7 & -8;
      assertThrows(IllegalStateException.class, () -> RobustSemaphore.at(plain, offset, 1));
      assertThrows(IllegalStateException.class, () -> SharedBarrier.at(plain, offset, 1));
      assertEquals(0, plain.getLong(offset));
    }
  }

  @Test
  void interruptsEndAWait() throws Exception {
    try (Attachments a = new Attachments()) {
      RobustSemaphore semaphore = RobustSemaphore.at(a.heap, a.offset, 1);
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, semaphore::acquire, "even if there is a permit");
      assertEquals(0, semaphore.heldPermits());
      semaphore.acquire();
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
    }
  }
}
