package dev.rszshm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.sync.Attachments.Background;
import dev.rszshm.sync.internal.ParticipantCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events, latches, and what is below them: event counts, deadlines, counts of participants. */
@Timeout(300)
class SharedEventTest {
  private static final Duration LONG = Duration.ofDays(1000);

  private final Attachments a = new Attachments();

  @AfterEach
  void close() {
    a.close();
  }

  @Test
  void allGoOnWhileAnEventIsSet() throws Exception {
    SharedEvent event = SharedEvent.at(a.heap, a.offset);
    SharedEvent others = SharedEvent.at(a.other, a.offset);
    assertFalse(event.isSet());
    assertFalse(event.reset());
    assertFalse(event.await(Duration.ofMillis(1)));
    List<Background<Boolean>> waiters = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiters.add(a.asleep(() -> others.await(LONG)));
    }
    event.set();
    for (Background<Boolean> waiter : waiters) {
      assertTrue(waiter.get());
    }
    event.set();
    others.await();
    assertTrue(others.isSet() && others.reset());
    assertFalse(event.isSet());
    Background<Boolean> waiter = a.asleep(() -> others.await(LONG));
    waiter.thread().interrupt();
    assertThrows(InterruptedException.class, waiter::get);
  }

  @Test
  void aLatchOpensWithTheLastCountAndStaysOpen() throws Exception {
    SharedLatch latch = SharedLatch.at(a.heap, a.offset, 2);
    SharedLatch others = SharedLatch.at(a.other, a.offset);
    Background<Boolean> waiter = a.asleep(() -> others.await(LONG));
    others.countDown();
    assertEquals(1, latch.count());
    assertFalse(latch.await(Duration.ofMillis(1)));
    assertFalse(waiter.isDone());
    latch.countDown();
    assertTrue(waiter.get());
    latch.countDown();
    assertEquals(0, others.count());
    others.await();
    assertTrue(SharedLatch.at(a.heap, a.offset + 64, 0).await(Duration.ZERO));
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, latch::await);
  }

  @Test
  void aLatchThatWasMadeIsFoundIfItIsTheSame() {
    assertThrows(IllegalStateException.class, () -> SharedLatch.at(a.heap, a.offset));
    assertThrows(IllegalArgumentException.class, () -> SharedLatch.at(a.heap, a.offset, -1));
    SharedLatch.at(a.heap, a.offset, 3).countDown();
    assertEquals(2, SharedLatch.at(a.other, a.offset, 3).count());
    assertTrue(
        assertThrows(IllegalStateException.class, () -> SharedLatch.at(a.other, a.offset, 2))
            .getMessage()
            .endsWith("counts 3, expected 2"));
  }

  @Test
  void aSignalCostsNothingWhenNobodyWaits() {
    EventCount events = EventCount.at(a.heap, a.offset);
    events.signalOne();
    events.signalAll();
    assertEquals(0, a.wakes());
    assertEquals(0, a.heap.getInt(a.offset));
  }

  @Test
  void aSignalAfterTheKeyEndsASleepBeforeItBegins() {
    EventCount events = EventCount.at(a.heap, a.offset);
    for (boolean all : new boolean[] {false, true}) {
      int key = events.prepare();
      assertFalse(events.hasSignalled(key));
      if (all) {
        EventCount.at(a.other, a.offset).signalAll();
      } else {
        EventCount.at(a.other, a.offset).signalOne();
      }
      assertTrue(events.hasSignalled(key));
      assertFalse(events.sleep(key, Deadline.never()), "not for want of a signal");
    }
    assertTrue(events.sleep(events.prepare(), Deadline.after(a.heap, 0)));
  }

  @Test
  void aChangeThatNobodySignalledIsNoticed() throws Exception {
    EventCount events = EventCount.at(a.heap, a.offset);
    Background<Boolean> waiter =
        a.asleep(
            () ->
                events.await(
                    () -> a.heap.getLongVolatile(a.offset + 8) == 1,
                    Duration.ofSeconds(Long.MAX_VALUE)));
    a.heap.putLongVolatile(a.offset + 8, 1);
    assertTrue(waiter.get());
    assertFalse(events.await(() -> false, Duration.ofNanos(1000)));
  }

  @Test
  void aReaderOfAHeapThatMayNotWriteCannotAnnounceItself() {
    try (Heap reader = Heap.builder().readOnly().anyAddress().attach(a.heap.path())) {
      SharedEvent event = SharedEvent.at(reader, a.offset);
      assertFalse(event.isSet());
      assertThrows(ReadOnlyHeapException.class, event::await);
      a.heap.putIntVolatile(a.offset, 1);
      assertTrue(event.isSet());
    }
  }

  @Test
  void aDeadlinePassesWhenItsTimeIsOverOrNever() {
    assertEquals(Long.MAX_VALUE, Deadline.never().remainingNanos());
    assertFalse(Deadline.never().hasPassed());
    assertEquals(Deadline.never(), Deadline.after(a.heap, Long.MAX_VALUE));
    assertEquals(Deadline.never(), Deadline.after(a.heap, Duration.ofSeconds(Long.MAX_VALUE)));
    for (long past : new long[] {0, -1, Long.MIN_VALUE}) {
      assertTrue(Deadline.after(a.heap, past).hasPassed());
      assertEquals(0, Deadline.after(a.heap, past).remainingNanos());
    }
    assertTrue(Deadline.after(a.heap, Duration.ofSeconds(Long.MIN_VALUE)).hasPassed());
    long hour = TimeUnit.HOURS.toNanos(1);
    long left = Deadline.after(a.heap, hour).remainingNanos();
    assertTrue(left > 0 && left <= hour, () -> "left: " + left);
    assertFalse(Deadline.after(a.heap, Long.MAX_VALUE - 1).hasPassed());
  }

  @Test
  void whoThrowsWhenItIsWokenPassesTheWakeUpOn() throws Exception {
    EventCount events = EventCount.at(a.heap, a.offset);
    IllegalArgumentException fault = new IllegalArgumentException("from the condition");
    Background<Boolean> waiter =
        a.asleep(
            () ->
                events.await(
                    () -> {
                      if (a.heap.getIntVolatile(a.offset + 8) != 0) {
                        throw fault;
                      }
                      return false;
                    },
                    Duration.ofSeconds(Long.MAX_VALUE)));
    int before = a.wakes();
    a.heap.putIntVolatile(a.offset + 8, 1);
    events.signalOne();
    assertSame(fault, assertThrows(IllegalArgumentException.class, waiter::get));
    assertTrue(a.wakes() - before >= 2, "that of the signal, and that of who was woken");
  }

  @Test
  void whatAParticipantHasCountedGoesWithIt() {
    long length = ParticipantCounts.length(a.heap);
    assertEquals(8L * a.heap.participantSlots(), length);
    ParticipantCounts mine = ParticipantCounts.at(a.heap, a.offset);
    ParticipantCounts theirs = ParticipantCounts.at(a.other, a.offset);
    assertTrue(mine.isZero());
    assertFalse(mine.decrement());
    mine.increment();
    theirs.increment();
    theirs.increment();
    assertEquals(1, mine.own());
    assertEquals(2, theirs.own());
    assertEquals(3, mine.sumOfLiving());
    a.other.close();
    assertFalse(mine.isZero());
    assertTrue(mine.isAnyOfLiving());
    assertEquals(1, mine.sumOfLiving());
    try (Heap third = a.attach()) {
      ParticipantCounts thirds = ParticipantCounts.at(third, a.offset);
      assertEquals(0, thirds.own());
      assertFalse(thirds.decrement());
      thirds.increment();
      assertEquals(2, mine.sumOfLiving());
    }
    assertTrue(mine.decrement());
    assertFalse(mine.isAnyOfLiving());
    assertEquals(0, mine.sumOfLiving());
    assertTrue(mine.isZero());
    long own = a.offset + 8L * a.heap.self().orElseThrow().slot();
    mine.increment();
    a.heap.putLong(own, a.heap.getLong(own) | 0xffff_ffffL);
    assertThrows(IllegalStateException.class, mine::increment, "not the tag of another");
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> ParticipantCounts.at(a.heap, a.heap.span() - length + 8));
  }
}
