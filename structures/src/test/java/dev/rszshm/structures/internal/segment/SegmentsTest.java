package dev.rszshm.structures.internal.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.structures.StructureFixture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SegmentsTest {
  @Property
  void eachIndexIsInTheSegmentWhoseRangeHasIt(
      @ForAll @LongRange(min = 0, max = Segments.MAX_INDEX) long index) {
    int segment = Segments.segment(index);
    long inside = index - Segments.first(segment);
    assertTrue(inside >= 0 && inside < Segments.words(segment), "index " + index);
  }

  @Test
  void segmentsFollowOneAnotherUpToTheLastIndex() {
    for (int segment = 0; segment + 1 < Segments.COUNT; segment++) {
      assertEquals(Segments.first(segment) + Segments.words(segment), Segments.first(segment + 1));
    }
    int last = Segments.COUNT - 1;
    assertEquals(Segments.MAX_INDEX + 1, Segments.first(last) + Segments.words(last));
  }

  @Test
  void wordsAreZeroHaveAPlaceOfTheirOwnAndStayWhereTheyAre() {
    try (StructureFixture fixture = new StructureFixture()) {
      long table = fixture.allocator.allocateZeroed(Segments.LENGTH);
      Segments segments = new Segments(fixture.allocator, table);
      for (long index = 0; index < 5000; index++) {
        long word = segments.ensure(index);
        assertEquals(0, fixture.heap.getLong(word));
        fixture.heap.putLong(word, index + 1);
      }
      Segments others = new Segments(fixture.allocator, table);
      for (long index = 0; index < 5000; index++) {
        assertEquals(index + 1, fixture.heap.getLong(others.find(index)));
      }
      segments.dismantle();
      fixture.assertBlocks(1);
    }
  }
}
