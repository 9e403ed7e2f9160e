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
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for each other, and for those who do not come. */
@Timeout(300)
class SharedBarrierTest {
  private static final Duration LONG = Duration.ofDays(1000);

  private final Attachments a = new Attachments();

  @AfterEach
  void close() {
    a.close();
  }

  @Test
  void nobodyIsARoundAhead() throws Exception {
    int parties = 4;
    int rounds = 300;
    SharedBarrier.at(a.heap, a.offset, parties);
    List<Background<Integer>> threads = new ArrayList<>();
    for (int i = 0; i < parties; i++) {
      Heap in = i % 2 == 0 ? a.heap : a.other;
      SharedBarrier barrier = SharedBarrier.at(in, a.offset);
      long arrivals = a.offset + 64;
      threads.add(
          Background.start(
              () -> {
                int last = 0;
                for (int round = 1; round <= rounds; round++) {
                  in.getAndAddLong(arrivals, 1);
                  last += barrier.await() == 0 ? 1 : 0;
                  long arrived = in.getLongVolatile(arrivals);
                  assertTrue(
                      arrived >= (long) round * parties
                          && arrived <= (long) round * parties + parties - 1,
                      () -> arrived + " arrivals");
                  barrier.await(LONG);
                }
                return last;
              }));
    }
    int last = 0;
    for (Background<Integer> thread : threads) {
      last += thread.get();
    }
    assertEquals(rounds, last, "one is the last of each round");
    assertEquals(0, SharedBarrier.at(a.heap, a.offset).waiting());
  }

  @Test
  void whoComesLearnsHowManyAreStillToCome() throws Exception {
    SharedBarrier barrier = SharedBarrier.at(a.heap, a.offset, 3);
    SharedBarrier others = SharedBarrier.at(a.other, a.offset, 3);
    assertEquals(3, others.parties());
    Background<Integer> first = a.asleep(() -> others.await(LONG));
    Background<Integer> second = a.asleep(() -> others.await(LONG));
    assertEquals(2, barrier.waiting());
    assertEquals(0, barrier.await());
    assertEquals(2, first.get());
    assertEquals(1, second.get());
    assertEquals(0, SharedBarrier.at(a.heap, a.offset + 64, 1).await());
  }

  @Test
  void aTimeOutBreaksItForAllUntilItIsReset() throws Exception {
    SharedBarrier barrier = SharedBarrier.at(a.heap, a.offset, 3);
    SharedBarrier others = SharedBarrier.at(a.other, a.offset);
    Background<Integer> waiter = a.asleep(() -> others.await(LONG));
    TimeoutException late =
        assertThrows(TimeoutException.class, () -> barrier.await(Duration.ofMillis(1)));
    assertTrue(late.getMessage().contains("the barrier at offset"), late.getMessage());
    BrokenBarrierException broken = assertThrows(BrokenBarrierException.class, waiter::get);
    assertTrue(broken.getMessage().contains("Reset it"), broken.getMessage());
    assertTrue(barrier.isBroken() && others.isBroken());
    assertThrows(BrokenBarrierException.class, barrier::await);
    others.reset();
    assertFalse(barrier.isBroken());
    assertEquals(0, barrier.waiting());
    Background<Integer> one = a.asleep(() -> others.await(LONG));
    Background<Integer> two = a.asleep(() -> barrier.await(LONG));
    assertEquals(0, barrier.await());
    one.get();
    two.get();
  }

  @Test
  void anInterruptBreaksIt() throws Exception {
    SharedBarrier barrier = SharedBarrier.at(a.heap, a.offset, 3);
    SharedBarrier others = SharedBarrier.at(a.other, a.offset);
    Background<Integer> waiter = a.asleep(() -> others.await(LONG));
    Background<Integer> interrupted = a.asleep(() -> barrier.await(LONG));
    interrupted.thread().interrupt();
    assertThrows(InterruptedException.class, interrupted::get);
    assertThrows(BrokenBarrierException.class, waiter::get);
    assertTrue(barrier.isBroken());
    barrier.reset();
    Background<Integer> another = a.asleep(() -> others.await(LONG));
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, barrier::await, "before it has arrived");
    assertThrows(BrokenBarrierException.class, another::get);
  }

  @Test
  void theDeathOfAPartyBreaksIt() throws Exception {
    SharedBarrier barrier = SharedBarrier.at(a.heap, a.offset, 2);
    SharedBarrier others = SharedBarrier.at(a.other, a.offset);
    Background<Integer> first = a.asleep(() -> others.await(LONG));
    barrier.await();
    first.get();
    Background<Integer> second = a.asleep(() -> barrier.await(LONG));
    a.other.close();
    assertThrows(BrokenBarrierException.class, second::get);
    barrier.reset();
    try (Heap third = a.attach()) {
      Background<Integer> waiter = a.asleep(() -> barrier.await(LONG));
      assertEquals(0, SharedBarrier.at(third, a.offset).await());
      waiter.get();
    }
  }

  @Test
  void aResetSendsAllAway() throws Exception {
    SharedBarrier barrier = SharedBarrier.at(a.heap, a.offset, 2);
    SharedBarrier others = SharedBarrier.at(a.other, a.offset);
    Background<Integer> waiter = a.asleep(() -> others.await(LONG));
    barrier.reset();
    BrokenBarrierException reset = assertThrows(BrokenBarrierException.class, waiter::get);
    assertTrue(reset.getMessage().contains("was reset"), reset.getMessage());
    assertFalse(barrier.isBroken());
    assertEquals(0, barrier.waiting());
  }

  @Test
  void whatWasMadeIsFoundIfItIsTheSame() {
    assertThrows(IllegalStateException.class, () -> SharedBarrier.at(a.heap, a.offset));
    SharedBarrier.at(a.heap, a.offset, 2);
    assertTrue(
        assertThrows(IllegalStateException.class, () -> SharedBarrier.at(a.other, a.offset, 3))
            .getMessage()
            .endsWith("is for 2 parties, expected 3"));
    for (int wrong : new int[] {0, -1, SharedBarrier.MAX_PARTIES + 1}) {
      assertThrows(
          IllegalArgumentException.class, () -> SharedBarrier.at(a.heap, a.offset + 64, wrong));
    }
  }

  @Test
  void theBarrierOfAClosedHeapThrows() throws Exception {
    SharedBarrier.at(a.heap, a.offset, 2);
    SharedBarrier others = SharedBarrier.at(a.other, a.offset);
    Background<Integer> waiter = a.asleep(() -> others.await(LONG));
    a.other.close();
    assertThrows(IllegalStateException.class, waiter::get);
    assertThrows(IllegalStateException.class, others::await);
  }
}
