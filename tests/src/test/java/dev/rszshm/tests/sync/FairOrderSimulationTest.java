package dev.rszshm.tests.sync;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.Acquisition;
import dev.rszshm.sync.FairMutex;
import dev.rszshm.sync.internal.FairMutexLayout;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Those who wait for a fair mutex get it in the order in which they joined its line. */
class FairOrderSimulationTest {
  private static final long MILLI = 1_000_000;

  /** From then on one that does not take its turn may be passed over. */
  private static final long SLICE = 50 * MILLI;

  /** The holder looks so often for each who is to join; whoever does so later has no claim. */
  private static final int LOOKS = 3;

  private static final int PLACES = 2;

  /** Words behind the mutex: who may come, what the holder saw, and in which order they went in. */
  private static final int TURN = 1024;

  private static final int SEEN = 1032;
  private static final int RELEASED = 1040;
  private static final int NEXT = 1048;
  private static final int ORDER = 1056;
  private static final int WHEN = 1088;

  private static long word(SimulatedProcess p, int place) {
    return p.heap().dataOffset() + place;
  }

  private static FairMutex mutex(SimulatedProcess p) {
    return FairMutex.at(p.heap(), p.heap().dataOffset());
  }

  private static Simulation ordered() {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(4).length(8192))
        .setUp(p -> FairMutex.at(p.heap(), p.heap().dataOffset(), PLACES))
        .scenario(
            s -> {
              s.survivor("holder", FairOrderSimulationTest::holdUntilBothHaveJoined);
              s.process("first", p -> visit(p, 1));
              s.survivor("second", p -> visit(p, 2));
              s.check(FairOrderSimulationTest::check);
            });
  }

  private static void holdUntilBothHaveJoined(SimulatedProcess p) {
    FairMutex mutex = mutex(p);
    mutex.lock();
    int seen = 0;
    for (int visitor = 1; visitor <= 2; visitor++) {
      p.heap().putIntRelease(word(p, TURN), visitor);
      p.heap().wake(word(p, TURN), 2);
      boolean joined = joined(p, visitor);
      for (int look = 1; look < LOOKS && !joined; look++) {
        p.calls().pause(MILLI);
        joined = joined(p, visitor);
      }
      seen += joined ? 1 : 0;
    }
    p.heap().putLong(word(p, SEEN), seen);
    p.heap().putLong(word(p, RELEASED), p.calls().nanoTime());
    mutex.unlock();
  }

  /** Whether so many tickets are taken, and written where those who took them wait. */
  private static boolean joined(SimulatedProcess p, int tickets) {
    long queue = p.heap().getLongVolatile(word(p, FairMutexLayout.QUEUE));
    if (queue >>> Integer.SIZE != tickets + 1) {
      return false;
    }
    long place = p.heap().getLongVolatile(word(p, (int) FairMutexLayout.place(tickets - 1)));
    return place >>> Integer.SIZE == tickets;
  }

  private static void visit(SimulatedProcess p, int visitor) throws InterruptedException {
    for (int turn = 0; turn < visitor; ) {
      p.heap().waitWhile(word(p, TURN), turn, Duration.ofDays(1));
      turn = p.heap().getIntAcquire(word(p, TURN));
    }
    FairMutex mutex = mutex(p);
    Acquisition how = mutex.acquire();
    p.heap().putLong(word(p, WHEN) + 8L * visitor, p.calls().nanoTime());
    long position = p.heap().getAndAddLong(word(p, NEXT), 1) + 1;
    p.heap().putLong(word(p, ORDER) + 8L * visitor, position);
    if (how == Acquisition.OWNER_DIED) {
      mutex.markConsistent();
    }
    mutex.unlock();
  }

  private static void check(SimulatedProcess p) {
    long first = p.heap().getLong(word(p, ORDER) + 8);
    long second = p.heap().getLong(word(p, ORDER) + 16);
    long late = p.heap().getLong(word(p, WHEN) + 16) - p.heap().getLong(word(p, RELEASED));
    boolean both = p.heap().getLong(word(p, SEEN)) == 2;
    assertTrue(second != 0, "the second one has not got it");
    boolean ordered = both && first != 0 && late < SLICE;
    p.sometimes("both have joined, and nobody was passed over", ordered);
    assertTrue(!ordered || first < second, "the second one got it before the first");
  }

  @Test
  void thoseWhoHaveJoinedGetTheMutexInTheirOrder() {
    Schedules.explore("fair order", ordered().preemptions(Storm.count(1, 2)));
  }

  @Test
  void theFirstMayDieAndTheSecondIsNext() {
    Schedules.explore("fair order, a death", ordered().kills(1).preemptions(Storm.count(0, 1)));
  }
}
