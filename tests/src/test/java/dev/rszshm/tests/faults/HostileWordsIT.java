package dev.rszshm.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.testkit.faults.HostileWords;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A list of numbers in shared memory, whose users believe everything, or nothing. */
class HostileWordsIT {
  private static final int LENGTH = 8;

  /** The offset of the first node, at the beginning; in each node a number and the next. */
  private static void prepareList(Heap heap) {
    long node = heap.dataOffset();
    for (int i = 0; i < LENGTH; i++) {
      long next = i == LENGTH - 1 ? 0 : node + 16;
      heap.putLong(node, 100 / (i + 1));
      heap.putLong(node + 8, next);
      node += 16;
    }
  }

  private abstract static class OfList implements HostileWords.Trial {
    @Override
    public void prepare(Heap heap) {
      prepareList(heap);
    }

    @Override
    public long to(Heap heap) {
      return heap.dataOffset() + 16 * LENGTH;
    }
  }

  /** Goes wherever a word leads. */
  public static final class Credulous extends OfList {
    @Override
    public Map<String, HostileWords.Operation> operations() {
      return Map.of(
          "sum",
          heap -> {
            long sum = 0;
            for (long node = heap.dataOffset(); node != 0; ) {
              sum += RawAccess.of(heap, HostileWordsIT.class).getLong(heap.base() + node);
              node = RawAccess.of(heap, HostileWordsIT.class).getLong(heap.base() + node + 8);
            }
            heap.putLong(heap.dataOffset() + 512, sum);
          });
    }
  }

  /** Stays in the heap, but divides by what it finds, and goes in circles. */
  public static final class Hasty extends OfList {
    @Override
    public Map<String, HostileWords.Operation> operations() {
      return Map.of(
          "sum",
          heap -> {
            long sum = 0;
            for (long node = heap.dataOffset(); node != 0; ) {
              sum += 100 / heap.getLong(node);
              node = heap.getLong(node + 8);
            }
            heap.putLong(heap.dataOffset() + 512, sum);
          });
    }
  }

  /** Checks what it reads. */
  public static final class Careful extends OfList {
    @Override
    public Map<String, HostileWords.Operation> operations() {
      return Map.of(
          "sum",
          heap -> {
            long sum = 0;
            long node = heap.dataOffset();
            for (int i = 0; node != 0; i++) {
              if (i == LENGTH || (node & 7) != 0 || node < 0 || node > heap.length() - 16) {
                throw new IllegalStateException("the list is damaged at its node " + i);
              }
              long number = heap.getLong(node);
              sum += number == 0 ? 0 : 100 / number;
              node = heap.getLong(node + 8);
            }
            heap.putLong(heap.dataOffset() + 512, sum);
          });
    }
  }

  @Test
  void aCrashIsFoundAndTheNextRoundsAreDone() {
    List<String> found = HostileWords.of(Credulous.class).rounds(6).findings();
    String all = String.join("\n", found);
    assertTrue(found.stream().filter(f -> f.contains("the JVM has ended: SIG")).count() > 1, all);
  }

  @Test
  void hangsAndMistakesAreFound() {
    HostileWords words = HostileWords.of(Hasty.class).rounds(200).limit(Duration.ofMillis(500));
    List<String> found = words.findings();
    String all = String.join("\n", found);
    assertTrue(found.stream().anyMatch(f -> f.contains("ArithmeticException: / by zero")), all);
    assertTrue(found.stream().anyMatch(f -> f.contains(": hangs in sum at")), all);
  }

  @Test
  void whoChecksEveryWordDoesNot() {
    assertEquals(List.of(), HostileWords.of(Careful.class).rounds(2000).findings());
  }
}
