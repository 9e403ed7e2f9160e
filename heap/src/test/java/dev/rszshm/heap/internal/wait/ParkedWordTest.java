package dev.rszshm.heap.internal.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who of those that wait for a word goes on, and when. */
class ParkedWordTest {
  private static final long ADDRESS = 4096;
  private static final long MILLISECOND = 1_000_000;

  private final ParkedWord word = new ParkedWord(ADDRESS, null);

  private List<Parked> join(int count, int value) {
    List<Parked> joined = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Parked parked = new Parked(Thread.currentThread(), new long[] {ADDRESS}, new int[] {value});
      word.join(parked);
      joined.add(parked);
    }
    return joined;
  }

  /** Looks, and lets go on who was chosen. */
  private List<Parked> look(int value, long now) {
    List<Parked> chosen = word.look(value, now);
    chosen.forEach(word.waiters::remove);
    return chosen;
  }

  @Test
  void nobodyGoesOnWhileTheWordHoldsWhatTheyExpect() {
    join(3, 7);
    assertEquals(List.of(), look(7, 0));
    assertEquals(Long.MAX_VALUE, word.untilDue(0));
    assertEquals(List.of(), look(7, 50 * MILLISECOND));
  }

  /** Otherwise each release of a lock would wake all who wait for it. */
  @Test
  void firstToComeGoesOnAloneAtFirst() {
    List<Parked> waiters = join(100, 7);
    look(7, 0);
    assertEquals(waiters.subList(0, 1), look(8, 0));
    assertEquals(List.of(), look(8, MILLISECOND / 2), "the next ones are not due yet");
  }

  /** As after a signal for all. */
  @Test
  void allGoOnInMoreAndMoreAtATimeIfNothingElseHappens() {
    join(10_000, 7);
    look(7, 0);
    List<Integer> sizes = new ArrayList<>();
    long now = 0;
    do {
      sizes.add(look(8, now).size());
      now += word.untilDue(now) == Long.MAX_VALUE ? 0 : word.untilDue(now);
    } while (word.untilDue(now) != Long.MAX_VALUE);
    assertEquals(List.of(1, 8, 64, 512, 4096), sizes.subList(0, 5));
    assertTrue(word.waiters.isEmpty());
    assertTrue(now <= 10 * MILLISECOND);
  }

  @Test
  void nextSignalLetsTheNextOneGoOnAtOnce() {
    List<Parked> waiters = join(100, 7);
    look(7, 0);
    look(8, 0);
    assertEquals(waiters.subList(1, 2), look(9, 100));
    assertEquals(waiters.subList(2, 3), look(10, 200));
  }

  /** Signals that never end do not keep those waiting who were signalled together. */
  @Test
  void moreGoOnAfterSomeTimeHoweverOftenThereIsASignal() {
    join(10_000, 7);
    look(7, 0);
    int value = 8;
    for (long now = 0; now < 25 * MILLISECOND; now += MILLISECOND / 2) {
      look(value++, now);
    }
    assertTrue(word.waiters.size() < 9_950, () -> word.waiters.size() + " wait still");
  }

  /** It is for those who wait for it in another way that a change was announced. */
  @Test
  void changeThatConcernsNobodyHereIsTold() {
    join(1, 8);
    look(7, 0);
    word.waiters.clear();
    join(1, 8);
    look(7, 10 * MILLISECOND);
    assertTrue(word.hasChanged(8));
    assertEquals(List.of(), look(8, 20 * MILLISECOND));
    assertFalse(word.hasChanged(8));
  }

  @Test
  void whoComesTooLateIsSeenThoughTheWordIsAsBefore() {
    look(7, 0);
    List<Parked> late = join(1, 6);
    assertEquals(late, look(7, 10 * MILLISECOND));
  }
}
