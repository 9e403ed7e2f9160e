package dev.rszshm.allocator.internal.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class GeometryTest {
  private static final long SMALLEST = smallest();

  private static long smallest() {
    return (4096 + AllocatorLayout.LENGTH + 5 * 65536L) & -4096;
  }

  /** As many small ones as large ones, up to more than the chunks that can be counted. */
  @Provide
  Arbitrary<Long> spans() {
    return Arbitraries.integers()
        .between(19, 45)
        .flatMap(power -> Arbitraries.longs().between(1L << power, 2L << power))
        .map(span -> span & -4096);
  }

  @Property(tries = 2000)
  void tablesFollowEachOtherAndEndWithinTheSpan(
      @ForAll @From("spans") long span, @ForAll @LongRange(min = 1, max = 2048) long dataPages) {
    long data = dataPages * 4096;
    Geometry at;
    try {
      at = Geometry.of(data, span);
    } catch (IllegalArgumentException tooSmall) {
      assertTrue(span - data < SMALLEST, () -> tooSmall.getMessage());
      return;
    }
    int lastChunk = at.chunkCount() - 1;
    int lastKind = HintLayout.KINDS - 1;
    assertTrue(lastChunk >= 0);
    assertEquals(data, at.base());
    follows(at.base() + AllocatorLayout.LENGTH, at.summary(), 8);
    follows(at.summaryOffset(lastKind, at.summaryWords() - 1) + 8, at.roots(), 4096);
    follows(at.rootOffset(at.rootCount() - 1) + RootLayout.LENGTH, at.lanes(), 4096);
    follows(at.laneOffset(at.laneCount()) + LaneLayout.LENGTH, at.owners(), 4096);
    follows(at.ownerOffset(lastChunk) + ChunkLayout.OWNER_LENGTH, at.hints(), 4096);
    follows(at.groupOffset(lastChunk >> 6, lastKind) + 8, at.descriptors(), 4096);
    follows(
        at.descriptorOffset(lastChunk) + ChunkLayout.DESCRIPTOR_LENGTH,
        at.chunks(),
        SizeClasses.CHUNK);
    assertTrue(at.chunkOffset(at.chunkCount()) <= span);
    assertTrue(at.laneCount() >= 16 && at.laneCount() <= OwnerWord.MOST_LANES);
    assertTrue(at.rootCount() >= 32);
    assertTrue(at.chunkCount() <= OwnerWord.MOST_AUX);
  }

  private static void follows(long end, long next, int unit) {
    assertEquals(0, next % unit);
    assertTrue(next >= end && next - end < unit, "a table ends at " + end + ", next is " + next);
  }

  @Property
  void almostAllOfALargeSpanIsChunks(@ForAll @From("spans") long span) {
    if (span >= 64 << 20 && span < 1L << 39) {
      Geometry at = Geometry.of(4096, span);
      long blocks = (long) at.chunkCount() * SizeClasses.CHUNK;
      assertTrue(blocks > span / 100 * 97, blocks + " bytes of chunks in " + span);
    }
  }

  @Test
  void aSpanWithoutRoomForAChunkIsAnException() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Geometry.of(36864, 100_000));
    assertTrue(e.getMessage().startsWith("a span of 100000 bytes has no room"), e::getMessage);
  }
}
