package dev.rszshm.tests.allocator;

import static dev.rszshm.tests.Schedules.explore;
import static dev.rszshm.tests.Schedules.random;
import static dev.rszshm.tests.allocator.SmallHeap.CHUNK;
import static dev.rszshm.tests.allocator.SmallHeap.HALF;
import static dev.rszshm.tests.allocator.SmallHeap.actor;
import static dev.rszshm.tests.allocator.SmallHeap.simulation;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Participant;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import org.junit.jupiter.api.Test;

/** Chunks and slabs that several processes are after, in every order and with deaths. */
class SlabSimulationTest {
  private static final long LARGE = 5 * CHUNK;

  /** Blocks of which a chunk has four. */
  private static final long QUARTER = CHUNK / 4;

  private static void nothing(Prepared prepared, Allocator allocator) {}

  /** A full slab of two blocks, and one with room for one. */
  private static void threeHalves(Prepared prepared, Allocator allocator) {
    prepared.allocate(allocator, HALF, 3);
  }

  @Test
  void twoWhoTakeChunksGetDifferentOnes() {
    Simulation two =
        simulation(
            SlabSimulationTest::nothing,
            (s, prepared, ledger) -> {
              actor(s, ledger, "one", a -> a.allocate(CHUNK));
              actor(s, ledger, "two", a -> a.allocate(CHUNK));
            });
    explore("two take chunks", two.kills(1).preemptions(Storm.count(0, 1)));
  }

  @Test
  void twoWhoTakeRowsOfChunksGetDifferentOnes() {
    Simulation two =
        simulation(
            (prepared, allocator) -> allocator.free(allocator.allocate(LARGE + CHUNK)),
            (s, prepared, ledger) -> {
              actor(s, ledger, "one", a -> a.free(a.allocate(LARGE)));
              actor(s, ledger, "two", a -> a.allocate(2 * CHUNK));
            });
    explore("two take rows", two.kills(1).preemptions(Storm.count(0, 1)));
  }

  @Test
  void ofTwoWhoWantOneSlabOneTakesItOver() {
    Simulation two =
        simulation(
            SlabSimulationTest::threeHalves,
            (s, prepared, ledger) -> {
              actor(s, ledger, "one", a -> a.allocate(HALF));
              actor(s, ledger, "two", a -> a.allocate(HALF));
            });
    explore("two adopt", two.kills(1).preemptions(Storm.count(0, 1)));
  }

  @Test
  void aBlockIsFreedWhileItsSlabIsGivenUp() {
    Simulation two =
        simulation(
            SlabSimulationTest::threeHalves,
            (s, prepared, ledger) -> {
              actor(s, ledger, "owner", a -> a.allocate(HALF));
              actor(s, ledger, "freer", a -> a.free(prepared.block(2)));
            });
    explore("free, give up", two.kills(1).preemptions(Storm.count(0, 2)));
    random("free, give up", two.kills(2).preemptions(4), 11, Storm.count(600, 100_000));
  }

  /**
   * The first block that is freed makes the slab known to who frees; the others go the short way.
   */
  @Test
  void blocksOfAKnownSlabAreFreedWhileItIsGivenUp() {
    Simulation two =
        simulation(
            (prepared, allocator) -> prepared.allocate(allocator, QUARTER, 3),
            (s, prepared, ledger) -> {
              actor(
                  s,
                  ledger,
                  "owner",
                  a -> {
                    a.allocate(QUARTER); // takes the slab over
                    a.allocate(QUARTER); // collects, if there is something
                  });
              actor(
                  s,
                  ledger,
                  "freer",
                  a -> {
                    for (int i = 0; i < 3; i++) {
                      a.free(prepared.block(i));
                    }
                  });
            });
    explore("free known, give up", two.kills(1).preemptions(Storm.count(0, 2)));
    random("free known, give up", two.kills(2).preemptions(4), 12, Storm.count(600, 100_000));
  }

  @Test
  void blocksAreFreedWhileTheyAreCollectedAndTheChunkIsGivenBack() {
    Simulation two =
        simulation(
            SlabSimulationTest::threeHalves,
            (s, prepared, ledger) -> {
              actor(
                  s,
                  ledger,
                  "owner",
                  a -> {
                    long block = a.allocate(HALF);
                    a.allocate(HALF); // collects, if there is something
                    a.free(block);
                  });
              actor(s, ledger, "freer", a -> a.free(prepared.block(2)));
            });
    explore("free, collect, recycle", two.kills(1).preemptions(Storm.count(0, 1)));
  }

  @Test
  void twoFreeTheBlocksOfASlabThatIsNobodys() {
    Simulation two =
        simulation(
            SlabSimulationTest::threeHalves,
            (s, prepared, ledger) -> {
              actor(s, ledger, "one", a -> a.free(prepared.block(0)));
              actor(s, ledger, "two", a -> a.free(prepared.block(1)));
            });
    explore("free both", two.kills(1).preemptions(Storm.count(0, 1)));
  }

  @Test
  void twoWhoRecoverDoItOnce() {
    Simulation two =
        SmallHeap.abandoned(
            (prepared, allocator) -> {
              prepared.allocate(allocator, HALF, 5);
              allocator.free(allocator.allocate(LARGE));
            },
            (s, prepared, ledger) -> {
              s.process("one", SmallHeap::recover);
              s.process("two", SmallHeap::recover);
              s.check(ledger::check);
            });
    explore("two recover", two.kills(Storm.count(1, 2)).preemptions(Storm.count(0, 1)));
  }

  /** The block of somebody who died while shortening it is freed while its chunks are settled. */
  @Test
  void aBlockIsFreedWhileItIsRecovered() {
    Simulation two =
        simulation(
            (prepared, allocator) -> prepared.allocate(allocator, LARGE + CHUNK, 1),
            (s, prepared, ledger) -> {
              Participant[] shortener = new Participant[1];
              s.process(
                  "shortener",
                  p -> {
                    shortener[0] = p.heap().self().orElseThrow();
                    new Actor(p, ledger).allocator().reallocate(prepared.block(0), LARGE);
                  });
              s.survivor(
                  "heir",
                  p -> {
                    Actor a = new Actor(p, ledger);
                    if (shortener[0] != null
                        && !p.heap().isAlive(shortener[0].slot(), shortener[0].generation())) {
                      a.free(prepared.block(0));
                    }
                    a.close();
                  });
            });
    explore("free, settle", two.kills(1).preemptions(Storm.count(1, 2)));
  }

  /** A slab that somebody offers while another clears its hint, which led to nothing. */
  @Test
  void aSlabThatIsOfferedWhileOthersLookForOneIsFound() {
    Simulation two =
        simulation(
            SlabSimulationTest::threeHalves,
            (s, prepared, ledger) -> {
              actor(s, ledger, "freer", a -> a.free(prepared.block(0)));
              actor(
                  s,
                  ledger,
                  "user",
                  a -> {
                    a.allocate(HALF);
                    a.allocate(HALF);
                  });
            });
    explore("free, adopt", two.kills(1).preemptions(Storm.count(0, 2)));
    random("free, adopt", two.kills(2).preemptions(4), 12, Storm.count(600, 100_000));
  }
}
