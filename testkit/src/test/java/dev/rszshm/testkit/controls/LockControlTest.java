package dev.rszshm.testkit.controls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.spi.Memory;
import dev.rszshm.testkit.simulation.ProcessBody;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A lock in word 0 and a counter in word 1 that it guards. */
class LockControlTest {
  private static final String OWNERS = "/owners";

  @AfterAll
  static void printTheTable() {
    Control.print();
  }

  private static void increment(SimulatedProcess p) {
    p.memory().putLong(p.word(1), p.memory().getLong(p.word(1)) + 1);
  }

  /**
   * Takes the lock by putting its own number into the word, of which it holds a file lock. Who
   * finds the file lock of the owner's number dropped has proof that the owner is dead, and takes
   * over.
   */
  private static void breakingTheLocksOfTheDead(SimulatedProcess p) {
    int owners = p.calls().open(OWNERS, true, true);
    int me = 1;
    while (!p.calls().tryLockByte(owners, me)) {
      me++;
    }
    while (true) {
      long owner = p.memory().compareAndExchangeLong(p.word(0), 0, me);
      boolean dead = owner != 0 && (owner == me || !p.calls().isByteLocked(owners, owner));
      if (owner == 0 || (dead && p.memory().compareAndSetLong(p.word(0), owner, me))) {
        break;
      }
    }
    increment(p);
    p.memory().putLongRelease(p.word(0), 0);
  }

  @Test
  void aLockWhoseOwnerDiesIsLockedForEver() {
    ProcessBody forgetful =
        p -> {
          while (!p.memory().compareAndSetLong(p.word(0), 0, 1)) {
            Thread.onSpinWait();
          }
          increment(p);
          p.memory().putLongRelease(p.word(0), 0);
        };
    new Control(
            "lock: nobody breaks it when its owner is dead",
            oneThatMayDie(forgetful),
            oneThatMayDie(LockControlTest::breakingTheLocksOfTheDead))
        .mustFail("two looks again and again at what does not change", "A Ax B49 B+ B256");
  }

  @Test
  void aLockThatIsBrokenWithoutProofOfDeathExcludesNobody() {
    ProcessBody hasty =
        p -> {
          int looks = 0;
          while (!p.memory().compareAndSetLong(p.word(0), 0, 1) && ++looks < 3) {
            Thread.onSpinWait();
          }
          increment(p);
          p.memory().putLongRelease(p.word(0), 0);
        };
    new Control(
            "lock: broken after three looks, without proof of death",
            oneThatMayDie(hasty).kills(0),
            oneThatMayDie(LockControlTest::breakingTheLocksOfTheDead).kills(0))
        .mustFail("count 1 after 2 increments", "A2 B6 A2");
  }

  private static Simulation oneThatMayDie(ProcessBody body) {
    return Simulation.ofWords(2)
        .setUp(p -> p.calls().truncate(p.calls().createExclusive(OWNERS, 0600), 16))
        .scenario(
            s -> {
              AtomicInteger done = new AtomicInteger();
              ProcessBody counted =
                  p -> {
                    body.run(p);
                    done.incrementAndGet();
                  };
              s.process("one", counted)
                  .survivor("two", counted)
                  .check(
                      p -> {
                        long count = p.memory().getLong(p.word(1));
                        assertTrue(
                            count >= done.get() && count <= 2,
                            () -> "count " + count + " after " + done.get() + " increments");
                      });
            })
        .kills(1);
  }

  @Test
  void anUnlockWithoutReleaseIsFoundByStaleLoadsOnly() {
    Simulation broken = twoThatLock(spinning(Memory::putLongOpaque));
    assertTrue(broken.explore().complete(), "every load gets the last value: nothing is wrong");
    new Control(
            "lock: unlock without release",
            broken.staleLoads(1),
            twoThatLock(spinning(Memory::putLongRelease)).staleLoads(1))
        .mustFail("count ==> expected: <2> but was: <1>", "A4 B2 B~1 B2");
  }

  private static Simulation twoThatLock(ProcessBody body) {
    return Simulation.ofWords(2)
        .scenario(
            s ->
                s.process("one", body)
                    .process("two", body)
                    .check(p -> assertEquals(2, p.memory().getLong(p.word(1)), "count")));
  }

  /** Takes the lock with a compare-and-set, and drops it with the given store. */
  private static ProcessBody spinning(Unlock unlock) {
    return p -> {
      while (!p.memory().compareAndSetLong(p.word(0), 0, 1)) {
        Thread.onSpinWait();
      }
      increment(p);
      unlock.put(p.memory(), p.word(0), 0);
    };
  }

  private interface Unlock {
    void put(Memory memory, long address, long value);
  }
}
