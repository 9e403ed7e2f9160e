package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.spi.Memory;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The classic small programs of memory models, with their usual names: the outcomes over all
 * schedules are those that the orders allow, no fewer and no more.
 */
class LitmusTest {
  private static final int RESULTS = 4;

  private interface Program {
    void run(Memory memory, long x, long y, long[] results);
  }

  private static Set<String> outcomes(int size, Program... programs) {
    Set<String> outcomes = new TreeSet<>();
    Simulation simulation =
        Simulation.ofWords(4)
            .scenario(
                s -> {
                  long[] results = new long[RESULTS];
                  for (int i = 0; i < programs.length; i++) {
                    Program program = programs[i];
                    s.process("p" + i, p -> program.run(p.memory(), p.word(0), p.word(1), results));
                  }
                  s.check(p -> outcomes.add(text(results, size)));
                })
            .preemptions(Bounds.UNLIMITED)
            .staleLoads(RESULTS);
    assertTrue(simulation.explore().complete());
    return outcomes;
  }

  private static String text(long[] results, int size) {
    StringBuilder text = new StringBuilder();
    Arrays.stream(results).limit(size).forEach(text::append);
    return text.toString();
  }

  /** Message passing: x is the data, y the flag. */
  @Test
  void aFlagCarriesItsDataWithReleaseAndAcquire() {
    Program plainWriter =
        (m, x, y, r) -> {
          m.putLong(x, 1);
          m.putLong(y, 1);
        };
    Program opaqueWriter =
        (m, x, y, r) -> {
          m.putLongOpaque(x, 1);
          m.putLongOpaque(y, 1);
        };
    Program releaseWriter =
        (m, x, y, r) -> {
          m.putLong(x, 1);
          m.putLongRelease(y, 1);
        };
    Program volatileWriter =
        (m, x, y, r) -> {
          m.putLong(x, 1);
          m.putLongVolatile(y, 1);
        };
    Program opaqueReader =
        (m, x, y, r) -> {
          r[0] = m.getLongOpaque(y);
          r[1] = m.getLong(x);
        };
    Program acquireReader =
        (m, x, y, r) -> {
          r[0] = m.getLongAcquire(y);
          r[1] = m.getLong(x);
        };
    Program volatileReader =
        (m, x, y, r) -> {
          r[0] = m.getLongVolatile(y);
          r[1] = m.getLong(x);
        };
    Set<String> weak = Set.of("00", "01", "10", "11");
    Set<String> strong = Set.of("00", "01", "11");
    assertEquals(weak, outcomes(2, plainWriter, acquireReader));
    assertEquals(weak, outcomes(2, opaqueWriter, acquireReader));
    assertEquals(weak, outcomes(2, releaseWriter, opaqueReader));
    assertEquals(strong, outcomes(2, releaseWriter, acquireReader));
    assertEquals(strong, outcomes(2, volatileWriter, acquireReader));
    assertEquals(strong, outcomes(2, releaseWriter, volatileReader));
    assertEquals(strong, outcomes(2, volatileWriter, volatileReader));
  }

  @Test
  void aFlagCarriesItsDataWithFencesOnBothSides() {
    Program fencedWriter =
        (m, x, y, r) -> {
          m.putLong(x, 1);
          m.releaseFence();
          m.putLongOpaque(y, 1);
        };
    Program fencedReader =
        (m, x, y, r) -> {
          r[0] = m.getLongOpaque(y);
          m.acquireFence();
          r[1] = m.getLong(x);
        };
    Program acquireReader =
        (m, x, y, r) -> {
          r[0] = m.getLongAcquire(y);
          r[1] = m.getLong(x);
        };
    Program misplacedWriter =
        (m, x, y, r) -> {
          m.releaseFence();
          m.putLong(x, 1);
          m.putLongOpaque(y, 1);
        };
    assertEquals(Set.of("00", "01", "11"), outcomes(2, fencedWriter, fencedReader));
    assertEquals(Set.of("00", "01", "11"), outcomes(2, fencedWriter, acquireReader));
    assertEquals(Set.of("00", "01", "10", "11"), outcomes(2, misplacedWriter, fencedReader));
  }

  /** Store buffering. */
  @Test
  void onlyVolatileAccessesAndFullFencesOrderAStoreBeforeALoad() {
    Set<String> weak = Set.of("00", "01", "10", "11");
    Set<String> strong = Set.of("01", "10", "11");
    assertEquals(weak, outcomes(2, buffering(0, 0), buffering(1, 0)));
    assertEquals(weak, outcomes(2, buffering(0, 1), buffering(1, 1)));
    assertEquals(strong, outcomes(2, buffering(0, 2), buffering(1, 2)));
    assertEquals(strong, outcomes(2, buffering(0, 3), buffering(1, 3)));
    assertEquals(weak, outcomes(2, buffering(0, 2), buffering(1, 1)));
    assertEquals(weak, outcomes(2, buffering(0, 3), buffering(1, 1)));
  }

  private static Program buffering(int own, int kind) {
    return (m, x, y, r) -> {
      long mine = own == 0 ? x : y;
      long other = own == 0 ? y : x;
      switch (kind) {
        case 0 -> {
          m.putLong(mine, 1);
          r[own] = m.getLong(other);
        }
        case 1 -> {
          m.putLongRelease(mine, 1);
          r[own] = m.getLongAcquire(other);
        }
        case 2 -> {
          m.putLongVolatile(mine, 1);
          r[own] = m.getLongVolatile(other);
        }
        default -> {
          m.putLongOpaque(mine, 1);
          m.fullFence();
          r[own] = m.getLongOpaque(other);
        }
      }
    };
  }

  /** Independent reads of independent writes. */
  @Test
  void onlyVolatileReadersAgreeOnTheOrderOfIndependentStores() {
    Program[] acquire = {
      (m, x, y, r) -> m.putLongRelease(x, 1),
      (m, x, y, r) -> m.putLongRelease(y, 1),
      (m, x, y, r) -> {
        r[0] = m.getLongAcquire(x);
        r[1] = m.getLongAcquire(y);
      },
      (m, x, y, r) -> {
        r[2] = m.getLongAcquire(y);
        r[3] = m.getLongAcquire(x);
      }
    };
    Program[] sequential = {
      (m, x, y, r) -> m.putLongVolatile(x, 1),
      (m, x, y, r) -> m.putLongVolatile(y, 1),
      (m, x, y, r) -> {
        r[0] = m.getLongVolatile(x);
        r[1] = m.getLongVolatile(y);
      },
      (m, x, y, r) -> {
        r[2] = m.getLongVolatile(y);
        r[3] = m.getLongVolatile(x);
      }
    };
    Set<String> all = new TreeSet<>();
    for (int i = 0; i < 16; i++) {
      all.add(Integer.toBinaryString(16 + i).substring(1));
    }
    assertEquals(all, outcomes(4, acquire));
    all.remove("1010");
    assertEquals(all, outcomes(4, sequential));
  }

  /** Coherence: of one word, nobody sees an older value after a newer one. */
  @Test
  void nobodyGoesBackInTheValuesOfOneWord() {
    Program writer =
        (m, x, y, r) -> {
          m.putLong(x, 1);
          m.putLong(x, 2);
        };
    Program reader =
        (m, x, y, r) -> {
          r[0] = m.getLong(x);
          r[1] = m.getLong(x);
        };
    assertEquals(Set.of("00", "01", "02", "11", "12", "22"), outcomes(2, writer, reader));
    Program own =
        (m, x, y, r) -> {
          m.putLong(x, 3);
          r[0] = m.getLong(x);
        };
    assertEquals(Set.of("1", "2", "3"), outcomes(1, writer, own));
  }

  /** A release sequence: the flag goes on by an atomic change of somebody else. */
  @Test
  void anAtomicChangeHandsOnWhatWasReleased() {
    Program writer =
        (m, x, y, r) -> {
          m.putLong(x, 1);
          m.putLongRelease(y, 1);
        };
    Program changer = (m, x, y, r) -> m.compareAndSetLong(y, 1, 2);
    Program storer =
        (m, x, y, r) -> {
          if (m.getLongOpaque(y) == 1) {
            m.putLongOpaque(y, 2);
          }
        };
    Program reader =
        (m, x, y, r) -> {
          r[0] = m.getLongAcquire(y);
          r[1] = m.getLong(x);
        };
    Set<String> handedOn = Set.of("00", "01", "11", "21");
    assertEquals(handedOn, outcomes(2, writer, changer, reader));
    Set<String> lost = Set.of("00", "01", "11", "20", "21");
    assertEquals(lost, outcomes(2, writer, storer, reader));
  }

  @Test
  void anAtomicChangeNeverGetsAnOldValue() {
    Program add = (m, x, y, r) -> r[(int) m.getAndAddLong(x, 1)] = 1;
    assertEquals(Set.of("111"), outcomes(3, add, add, add));
  }

  /**
   * Two processes that each know of the other's fence, but not by synchronising. Who was first has
   * not seen the store of the other. Both orders of the fences lead to the same histories.
   */
  @Test
  void eitherOrderOfTwoFencesIsTried() {
    Set<String> seen = outcomes(4, fencing(0), fencing(1));
    assertTrue(seen.contains("1011"), seen::toString);
    assertTrue(seen.contains("1110"), seen::toString);
    assertTrue(seen.contains("1111"), seen::toString);
    assertFalse(seen.contains("1010"), seen::toString);
  }

  private static Program fencing(int own) {
    return (m, x, y, r) -> {
      long mine = own == 0 ? x : y;
      long other = own == 0 ? y : x;
      m.putLong(mine, 1);
      m.fullFence();
      m.putLongOpaque(mine + 2 * Long.BYTES, 1);
      r[2 * own] = m.getLongOpaque(other + 2 * Long.BYTES);
      r[2 * own + 1] = m.getLong(other);
    };
  }

  /** The same of two system calls. */
  @Test
  void eitherOrderOfTwoSystemCallsIsTried() {
    Set<String> seen = new TreeSet<>();
    Simulation.ofWords(4)
        .setUp(p -> p.calls().createExclusive("/file", 0600))
        .scenario(
            s -> {
              long[] r = new long[RESULTS];
              for (int own = 0; own < 2; own++) {
                int me = own;
                s.process(
                    "p" + own,
                    p -> {
                      int file = p.calls().open("/file", true, true);
                      p.memory().putLong(p.word(me), 1);
                      p.calls().status(file);
                      p.memory().putLongOpaque(p.word(2 + me), 1);
                      r[2 * me] = p.memory().getLongOpaque(p.word(3 - me));
                      r[2 * me + 1] = p.memory().getLong(p.word(1 - me));
                    });
              }
              s.check(p -> seen.add(text(r, RESULTS)));
            })
        .preemptions(Bounds.UNLIMITED)
        .staleLoads(RESULTS)
        .explore();
    assertTrue(seen.contains("1011"), seen::toString);
    assertTrue(seen.contains("1110"), seen::toString);
    assertFalse(seen.contains("1010"), seen::toString);
  }

  /** What a system call writes into a file is the last value of its words, for memory as well. */
  @Test
  void memoryShowsWhatASystemCallWrote() {
    Simulation.ofMachine()
        .scenario(
            s ->
                s.process(
                    "a",
                    p -> {
                      long address = 1L << 40;
                      int file = p.calls().createExclusive("/file", 0600);
                      p.calls().truncate(file, 4096);
                      p.calls().reserve(address, 4096);
                      p.calls().overlay(file, address, 0, 4096, true);
                      p.memory().putLong(address, 1);
                      p.calls().write(file, new byte[] {2}, 0);
                      assertEquals(2, p.memory().getLong(address));
                      p.calls().truncate(file, 0);
                      p.calls().truncate(file, 4096);
                      assertEquals(0, p.memory().getLong(address));
                    }))
        .staleLoads(3)
        .explore();
  }
}
