package dev.rszshm.sync.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** One of those that wait sleeps shortly, and when it leaves another one does. */
class LookoutTest {
  private static final long LONG = Long.MAX_VALUE;
  private static final long SHORT = 50_000_000;

  private final Lookout lookout = new Lookout();

  private final class Waiter extends Lookout.Waiter {
    private int signals;

    Waiter() {
      lookout.super();
      join();
    }

    @Override
    protected void signal() {
      signals++;
    }
  }

  @Test
  void theLastOneWatchesAndOthersSleepOn() {
    Waiter first = new Waiter();
    assertEquals(SHORT, first.limit(LONG));
    Waiter second = new Waiter();
    assertEquals(LONG, first.limit(LONG));
    assertEquals(SHORT, second.limit(LONG));
    assertEquals(7, second.limit(7));
  }

  @Test
  void whoWatchesAndLeavesSignalsTheNextOne() {
    Waiter first = new Waiter();
    Waiter second = new Waiter();
    first.limit(LONG);
    second.limit(LONG);
    second.leave();
    assertEquals(1, first.signals);
    assertEquals(SHORT, first.limit(LONG));
  }

  @Test
  void whoLeavesBeforeTheOneThatWatchesSignalsNobody() {
    Waiter first = new Waiter();
    Waiter second = new Waiter();
    first.limit(LONG);
    second.limit(LONG);
    first.leave();
    assertEquals(0, second.signals);
  }

  @Test
  void everyoneThatLeavesLooksWhoWatchesThen() {
    Waiter first = new Waiter();
    Waiter second = new Waiter();
    first.limit(LONG);
    Waiter third = new Waiter();
    first.limit(LONG);
    second.limit(LONG);
    third.leave();
    assertEquals(1, second.signals);
    second.leave(); // without a look
    assertEquals(1, first.signals);
  }

  @Test
  void theLastOneOfAllSignalsNobody() {
    Waiter only = new Waiter();
    only.leave();
    assertEquals(0, only.signals);
  }
}
