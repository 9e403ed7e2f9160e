package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class LayoutsTest {
  @Property(tries = 500)
  void theNextMultipleIsTheNextAndAMultiple(
      @ForAll @LongRange(min = 0, max = 1L << 61) long offset,
      @ForAll @IntRange(min = 0, max = 60) int shift) {
    long alignment = 1L << shift;
    long up = Layouts.alignUp(offset, alignment);
    assertTrue(up >= offset && up - offset < alignment);
    assertEquals(0, up % alignment);
    long down = Layouts.alignDown(offset, alignment);
    assertTrue(down <= offset && offset - down < alignment);
    assertEquals(up == offset, Layouts.isAligned(offset, alignment));
    assertEquals(up == offset ? 0 : alignment, up - down);
  }

  @Test
  void whatIsNoAlignmentAndWhatHasNoMultipleIsRefused() {
    for (long alignment : new long[] {0, -1, 3, 96, Long.MIN_VALUE}) {
      assertThrows(IllegalArgumentException.class, () -> Layouts.alignUp(8, alignment));
      assertThrows(IllegalArgumentException.class, () -> Layouts.isAligned(8, alignment));
    }
    assertThrows(IllegalArgumentException.class, () -> Layouts.alignUp(-1, 8));
    assertThrows(ArithmeticException.class, () -> Layouts.alignUp(Long.MAX_VALUE, 8));
    assertFalse(Layouts.isAligned(Long.MAX_VALUE, 8));
    assertEquals(0, Layouts.SEPARATION % Layouts.CACHE_LINE);
  }
}
