package dev.rszshm.tests.allocator;

import static dev.rszshm.tests.allocator.SmallHeap.CHUNK;
import static dev.rszshm.tests.allocator.SmallHeap.HALF;
import static dev.rszshm.tests.allocator.SmallHeap.actor;
import static dev.rszshm.tests.allocator.SmallHeap.crashes;
import static dev.rszshm.tests.allocator.SmallHeap.simulation;
import static dev.rszshm.tests.allocator.SmallHeap.telling;
import static dev.rszshm.tests.allocator.SmallHeap.untouched;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.testkit.simulation.CrashReport;
import dev.rszshm.tests.allocator.SmallHeap.SetUp;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * A process dies at each store of what the allocator does for it, and its recoverer at each store
 * of the recovery. Up to two deaths in a row; after them all must be in order.
 */
class AllocatorCrashTest {
  /** A block of two chunks in a slab of more. */
  private static final long WIDE = 2 * CHUNK;

  /** A block of its own chunks. */
  private static final long LARGE = 5 * CHUNK;

  private static CrashReport dying(String what, SetUp setUp, BiConsumer<Actor, Prepared> body) {
    return crashes(
        what,
        simulation(
            setUp,
            (s, prepared, ledger) -> {
              actor(s, ledger, "actor", actor -> body.accept(actor, prepared));
              actor(s, ledger, "next", AllocatorCrashTest::useAll);
            }));
  }

  /** Whoever comes after must find room. */
  private static void useAll(Actor actor) {
    actor.free(actor.allocate(CHUNK));
    actor.free(actor.allocate(HALF));
  }

  @Test
  void settingUpLeavesAnUntouchedHeapOrAnAllocator() {
    CrashReport report =
        crashes(
            "set up",
            untouched(SmallHeap.SPAN)
                .scenario(
                    telling(
                        new Prepared(),
                        (s, prepared, ledger) -> {
                          actor(s, ledger, "first", actor -> actor.allocate(100));
                          actor(s, ledger, "next", AllocatorCrashTest::useAll);
                        })));
    assertTrue(report.effects().size() > 20, report.effects().toString());
  }

  @Test
  void allocatingAndFreeingLocallyCostsOneBlockAtMost() {
    dying(
        "allocate and free",
        (prepared, allocator) -> {},
        (actor, prepared) -> {
          long first = actor.allocate(100);
          actor.allocate(100);
          actor.free(first);
          actor.allocate(1000);
        });
  }

  @Test
  void theNextBitmapWordIsUsedWhenOneIsFull() {
    dying(
        "next word",
        (prepared, allocator) -> prepared.allocate(allocator, 1024, 63),
        (actor, prepared) -> {
          actor.allocate(1024); // of the slab that was left, which is full then
          actor.allocate(1024);
          actor.free(prepared.block(0));
          actor.allocate(1024);
        });
  }

  @Test
  void aSlabWithRoomIsTakenOver() {
    dying(
        "adopt",
        (prepared, allocator) -> prepared.allocate(allocator, HALF, 3),
        (actor, prepared) -> {
          actor.allocate(HALF);
          actor.free(prepared.block(2));
          actor.free(prepared.block(0));
        });
  }

  @Test
  void blocksOfAnotherAreFreed() {
    dying(
        "free elsewhere",
        (prepared, allocator) -> prepared.allocate(allocator, HALF, 4),
        (actor, prepared) -> {
          for (int i = 0; i < 4; i++) {
            actor.free(prepared.block(i));
          }
        });
  }

  @Test
  void fullSlabsAreGivenUp() {
    dying(
        "close",
        (prepared, allocator) -> prepared.allocate(allocator, HALF, 1),
        (actor, prepared) -> {
          for (int i = 0; i < 4; i++) {
            actor.allocate(HALF);
          }
          actor.free(prepared.block(0));
        });
  }

  @Test
  void whatOthersHaveFreedIsCollected() {
    CrashReport report =
        crashes(
            "collect",
            simulation(
                (prepared, allocator) -> prepared.allocate(allocator, HALF, 2),
                (s, prepared, ledger) -> {
                  actor(s, ledger, "freer", actor -> actor.free(prepared.block(0)));
                  actor(s, ledger, "owner", actor -> actor.allocate(HALF));
                  actor(s, ledger, "next", AllocatorCrashTest::useAll);
                }));
    assertTrue(report.effects().toString().contains("Tables"), report.effects().toString());
  }

  @Test
  void slabsOfSeveralChunksAreWholeOrNotThere() {
    dying(
        "slab of several chunks",
        (prepared, allocator) -> prepared.allocate(allocator, WIDE, 1),
        (actor, prepared) -> {
          long block = actor.allocate(WIDE);
          actor.free(prepared.block(0));
          actor.free(block);
          actor.allocate(WIDE - CHUNK / 4);
        });
  }

  @Test
  void blocksOfChunksAreWholeOrNotThere() {
    dying(
        "large",
        (prepared, allocator) -> prepared.allocate(allocator, LARGE, 1),
        (actor, prepared) -> {
          long block = actor.allocate(LARGE);
          actor.free(prepared.block(0));
          actor.allocate(LARGE);
          actor.free(block);
        });
  }

  @Test
  void blocksOfChunksBecomeShorterAndLonger() {
    dying(
        "resize",
        (prepared, allocator) -> prepared.allocate(allocator, LARGE, 1),
        (actor, prepared) -> {
          long block = prepared.block(0);
          actor.resize(block, LARGE + 2 * CHUNK);
          actor.resize(block, LARGE - 100);
          actor.resize(block, LARGE + CHUNK);
        });
  }

  @Test
  void memoryIsGivenBackAndTakenAgain() {
    dying(
        "trim",
        (prepared, allocator) -> {
          prepared.allocate(allocator, HALF, 2);
          allocator.free(allocator.allocate(LARGE));
        },
        (actor, prepared) -> {
          actor.allocator().trim();
          actor.allocate(LARGE);
          actor.allocator().trim();
        });
  }

  @Test
  void aBlockIsInItsSlotOrFree() {
    dying(
        "allocateInto and freeFrom",
        (prepared, allocator) -> prepared.makeSlots(allocator, 3),
        (actor, prepared) -> {
          actor.allocateInto(prepared.slot(0));
          actor.allocateInto(prepared.slot(1));
          actor.freeFrom(prepared.slot(0));
          actor.allocateInto(prepared.slot(0));
          assertEquals(0, actor.allocateInto(prepared.slot(1)));
        });
  }

  @Test
  void aBlockThatAnotherAllocatedIsFreedFromItsSlot() {
    dying(
        "freeFrom elsewhere",
        AllocatorCrashTest::fillSlots,
        (actor, prepared) -> {
          actor.freeFrom(prepared.slot(0));
          actor.freeFrom(prepared.slot(1));
          actor.freeFrom(prepared.slot(2));
        });
  }

  /** Three slots with blocks: of a slab, of a slab of several chunks, and of chunks. */
  private static void fillSlots(Prepared prepared, dev.rszshm.allocator.Allocator allocator) {
    prepared.makeSlots(allocator, 4);
    long[] sizes = {Actor.SMALL, WIDE, LARGE};
    for (int i = 0; i < sizes.length; i++) {
      allocator.allocateInto(
          prepared.slot(i),
          sizes[i],
          block -> Ledger.tag(allocator.heap(), block, allocator.usableSize(block)));
    }
  }

  @Test
  void aLargeBlockIsInItsSlotOrFree() {
    inItsSlotOrFree("allocateInto and freeFrom, large", LARGE);
  }

  @Test
  void aBlockOfASlabOfSeveralChunksIsInItsSlotOrFree() {
    inItsSlotOrFree("allocateInto and freeFrom, wide", WIDE);
  }

  private static void inItsSlotOrFree(String what, long length) {
    dying(
        what,
        (prepared, allocator) -> prepared.makeSlots(allocator, 1),
        (actor, prepared) -> {
          actor.allocateInto(prepared.slot(0), length);
          actor.freeFrom(prepared.slot(0));
        });
  }

  @Test
  void aReferenceIsInOneOfTwoSlots() {
    dying(
        "move",
        AllocatorCrashTest::fillSlots,
        (actor, prepared) -> {
          assertTrue(actor.move(prepared.slot(0), prepared.slot(3)));
          assertTrue(actor.move(prepared.slot(2), prepared.slot(0)));
          assertTrue(!actor.move(prepared.slot(1), prepared.slot(0)));
        });
  }
}
