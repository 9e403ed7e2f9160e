package dev.rszshm.tests.allocator;

import static dev.rszshm.tests.allocator.SmallHeap.CHUNK;
import static dev.rszshm.tests.allocator.SmallHeap.HALF;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * Three processes that do anything, in random orders with many deaths: a few in every build, a
 * million with the profile storm.
 */
class AllocatorKillsTest {
  private static final int KILLS = 4;
  private static final int ROUND = 1000;
  private static final int CALLS = 6;
  private static final long[] SIZES = {100, HALF, HALF, CHUNK, 2 * CHUNK, 5 * CHUNK};

  /** Counts deaths: each is followed by a recovery. */
  private long recoveries;

  private Simulation anything() {
    return SmallHeap.simulation(
            AllocatorKillsTest::prepare,
            (s, prepared, ledger) -> {
              for (int i = 0; i < 3; i++) {
                int number = i;
                SmallHeap.actor(s, ledger, "actor " + i, (p, a) -> act(p, a, prepared, number));
              }
              s.recovery(
                  p -> {
                    recoveries++;
                    SmallHeap.recover(p);
                  });
            })
        .kills(KILLS)
        .preemptions(12);
  }

  private static void prepare(Prepared prepared, Allocator allocator) {
    prepared.makeSlots(allocator, 4);
    prepared.allocate(allocator, HALF, 3);
    for (int slot = 0; slot < 2; slot++) {
      allocator.allocateInto(
          prepared.slot(slot),
          Actor.SMALL,
          block -> Ledger.tag(allocator.heap(), block, Actor.SMALL));
    }
  }

  private static void act(SimulatedProcess p, Actor actor, Prepared prepared, int number) {
    List<Long> own = new ArrayList<>(List.of(prepared.block(1 + number)));
    for (int i = 0; i < CALLS; i++) {
      switch (p.choose(6)) {
        case 0 -> {
          long block = actor.allocateIfThereIsRoom(SIZES[p.choose(SIZES.length)]);
          if (block != 0) {
            own.add(block);
          }
        }
        case 1 -> {
          if (!own.isEmpty()) {
            actor.free(own.remove(p.choose(own.size())));
          }
        }
        case 2 -> actor.allocateIntoIfThereIsRoom(prepared.slot(p.choose(4)));
        case 3 -> actor.freeFrom(prepared.slot(p.choose(4)));
        case 4 -> actor.move(prepared.slot(p.choose(4)), prepared.slot(p.choose(4)));
        default -> {
          if (p.choose(4) == 0) {
            actor.allocator().trim();
          }
        }
      }
    }
  }

  @Test
  void nothingIsLostByManyDeaths() {
    long wanted = Storm.count(1000, 1_000_000);
    long start = System.nanoTime();
    long schedules = 0;
    long accesses = 0;
    Simulation anything = anything();
    for (long seed = 1; recoveries < wanted; seed++) {
      accesses += anything.random(seed, ROUND).accesses();
      schedules += ROUND;
      if (seed % 50 == 0) {
        System.out.printf(Locale.ROOT, "%,d kills so far%n", recoveries);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%,d kills in %,d random schedules, %,d accesses, %.1f s: %,.0f kills/s%n",
        recoveries,
        schedules,
        accesses,
        seconds,
        recoveries / seconds);
    assertTrue(recoveries >= wanted);
  }
}
