package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Attachments.Background;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RobustLatchTest {
  private Attachments a;

  @BeforeEach
  void create() {
    a = new Attachments();
  }

  @AfterEach
  void close() {
    a.close();
  }

  @Test
  void waiterGoesOnWhenAllCountsAreMade() throws Exception {
    RobustLatch mine = RobustLatch.at(a.heap, a.offset, 2);
    RobustLatch others = RobustLatch.at(a.other, a.offset, 2);
    others.register();
    Background<Boolean> waiter = a.asleep(() -> mine.await(Duration.ofSeconds(Long.MAX_VALUE)));
    mine.countDown();
    assertEquals(1, mine.count());
    assertFalse(mine.await(Duration.ZERO));
    others.countDown();
    assertTrue(waiter.get());
    assertEquals(0, mine.count());
    assertEquals(0, mine.lostCount());
    mine.countDown(); // does nothing
    assertTrue(RobustLatch.at(a.heap, a.offset + 64, 0).await(Duration.ZERO));
  }

  @Test
  void countOfTheDeadIsMadeForWhomeverWaits() throws Exception {
    RobustLatch mine = RobustLatch.at(a.heap, a.offset, 2);
    RobustLatch others = RobustLatch.at(a.other, a.offset);
    others.register();
    others.register();
    others.countDown();
    Background<Boolean> waiter = a.asleep(() -> mine.await(Duration.ofSeconds(Long.MAX_VALUE)));
    a.other.close();
    assertTrue(waiter.get());
    assertEquals(1, mine.lostCount(), "the one that was made before is not lost");
    assertEquals(0, mine.count());
  }

  @Test
  void countThatNobodyHasRegisteredForIsWaitedFor() throws Exception {
    RobustLatch mine = RobustLatch.at(a.heap, a.offset, 2);
    RobustLatch.at(a.other, a.offset).register();
    a.other.close();
    assertFalse(mine.await(Duration.ZERO));
    assertEquals(1, mine.count());
    assertEquals(1, mine.lostCount());
    mine.countDown();
    assertTrue(mine.await(Duration.ZERO));
  }

  @Test
  void countsOfOthersCannotBeTakenOrMade() {
    RobustLatch mine = RobustLatch.at(a.heap, a.offset, 1);
    RobustLatch others = RobustLatch.at(a.other, a.offset);
    others.register();
    assertThrows(IllegalStateException.class, mine::register);
    assertThrows(IllegalStateException.class, mine::countDown);
    assertEquals(1, mine.count());
    others.countDown();
    assertEquals(0, mine.count());
  }

  @Test
  void interruptEndsTheWaitIfItIsTo() {
    RobustLatch latch = RobustLatch.at(a.heap, a.offset, 1);
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, latch::await);
    latch.countDown();
    Thread.currentThread().interrupt();
    latch.awaitUninterruptibly();
    assertTrue(Thread.interrupted());
  }

  @Test
  void latchThatWasMadeIsFoundIfItIsTheSame() {
    assertThrows(IllegalStateException.class, () -> RobustLatch.at(a.heap, a.offset));
    RobustLatch.at(a.heap, a.offset, 3).countDown();
    assertEquals(2, RobustLatch.at(a.other, a.offset, 3).count());
    assertThrows(IllegalStateException.class, () -> RobustLatch.at(a.other, a.offset, 2));
    for (int wrong : new int[] {-1, RobustLatch.MAX_COUNT + 1}) {
      assertThrows(
          IllegalArgumentException.class, () -> RobustLatch.at(a.heap, a.offset + 64, wrong));
    }
  }

  @Test
  void latchCanBeLookedAtThroughHeapForReading() {
    RobustLatch.at(a.heap, a.offset, 3).countDown();
    try (Heap reader = Heap.builder().readOnly().anyAddress().attach(a.heap.path())) {
      assertEquals(2, RobustLatch.at(reader, a.offset).count());
    }
  }
}
