package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class GrowthPolicyTest {
  private static final long MIB = 1L << 20;
  private static final long MOST = 1L << 47;

  @Property
  void policiesGrowAndStayInsideTheSpan(
      @ForAll @LongRange(min = 1, max = MOST) long a,
      @ForAll @LongRange(min = 1, max = MOST) long b,
      @ForAll @LongRange(min = 1, max = MOST) long c,
      @ForAll @LongRange(min = 1) long step) {
    long[] sorted = {a, b, c};
    Arrays.sort(sorted);
    long length = sorted[0];
    long needed = Math.max(sorted[1], length + 1);
    long span = Math.max(sorted[2], needed);
    for (GrowthPolicy policy :
        List.of(GrowthPolicy.doubling(), GrowthPolicy.step(step), GrowthPolicy.balanced())) {
      long next = policy.nextLength(length, needed, span);
      assertTrue(next > length, "grows");
      assertTrue(next <= span, "stays inside");
    }
    assertTrue(GrowthPolicy.doubling().nextLength(length, needed, span) >= needed);
    assertTrue(GrowthPolicy.step(step).nextLength(length, needed, span) >= needed);
  }

  @Property
  void stepsAreWholeAndNotMoreThanNeeded(
      @ForAll @LongRange(min = 1, max = MOST) long length,
      @ForAll @LongRange(min = 1, max = MOST) long more,
      @ForAll @LongRange(min = 1, max = MOST) long step) {
    long next = GrowthPolicy.step(step).nextLength(length, length + more, Long.MAX_VALUE);
    assertEquals(0, (next - length) % step);
    assertTrue(next - step < length + more);
  }

  @Property
  void doublingIsThatOfTheSeed(
      @ForAll @IntRange(max = 20) int exponent, @ForAll @IntRange(min = 1, max = 20) int more) {
    long length = 1L << exponent;
    long next = length << more;
    assertEquals(next, GrowthPolicy.doubling().nextLength(length, next / 2 + 1, MOST));
    assertEquals(next, GrowthPolicy.doubling().nextLength(length, next, MOST));
  }

  @Test
  void balancedDoublesWhileSmallAndThenGrowsByAnEighth() {
    GrowthPolicy balanced = GrowthPolicy.balanced();
    assertEquals(8192, balanced.nextLength(4096, 4097, MOST));
    assertEquals(256 * MIB, balanced.nextLength(128 * MIB, 128 * MIB + 1, MOST));
    assertEquals(288 * MIB, balanced.nextLength(256 * MIB, 256 * MIB + 1, MOST));
    assertEquals(1152 * MIB, balanced.nextLength(1024 * MIB, 1024 * MIB + 1, MOST));
    assertEquals(
        10_240 * MIB + 256 * MIB, balanced.nextLength(10_240 * MIB, 10_240 * MIB + 1, MOST));
    assertEquals(100 * MIB, balanced.nextLength(90 * MIB, 91 * MIB, 100 * MIB));
  }

  @Test
  void stepMustBePositive() {
    for (long step : new long[] {0, -1, Long.MIN_VALUE}) {
      assertThrows(IllegalArgumentException.class, () -> GrowthPolicy.step(step));
    }
  }
}
