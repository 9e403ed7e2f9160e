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

class AllocatorGeometryTest {
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
    AllocatorGeometry geometry;
    try {
      geometry = AllocatorGeometry.of(data, span);
    } catch (IllegalArgumentException tooSmall) {
      assertTrue(span - data < SMALLEST, () -> tooSmall.getMessage());
      return;
    }
    int lastChunk = geometry.chunkCount() - 1;
    int lastKind = HintLayout.KINDS - 1;
    assertTrue(lastChunk >= 0);
    assertEquals(data, geometry.base());
    follows(geometry.base() + AllocatorLayout.LENGTH, geometry.summary(), 8);
    follows(
        geometry.summaryOffset(lastKind, geometry.summaryWords() - 1) + 8, geometry.roots(), 4096);
    follows(
        geometry.rootOffset(geometry.rootCount() - 1) + RootLayout.LENGTH, geometry.lanes(), 4096);
    follows(geometry.laneOffset(geometry.laneCount()) + LaneLayout.LENGTH, geometry.owners(), 4096);
    follows(geometry.ownerOffset(lastChunk) + ChunkLayout.OWNER_LENGTH, geometry.hints(), 4096);
    follows(geometry.groupOffset(lastChunk >> 6, lastKind) + 8, geometry.descriptors(), 4096);
    follows(
        geometry.descriptorOffset(lastChunk) + ChunkLayout.DESCRIPTOR_LENGTH,
        geometry.chunks(),
        SizeClasses.CHUNK);
    assertTrue(geometry.chunkOffset(geometry.chunkCount()) <= span);
    assertTrue(geometry.laneCount() >= 16 && geometry.laneCount() <= OwnerWord.MAX_LANES);
    assertTrue(geometry.rootCount() >= 32);
    assertTrue(geometry.chunkCount() <= OwnerWord.MAX_AUX);
  }

  private static void follows(long end, long next, int unit) {
    assertEquals(0, next % unit);
    assertTrue(next >= end && next - end < unit, "a table ends at " + end + ", next is " + next);
  }

  @Property
  void almostAllOfALargeSpanIsChunks(@ForAll @From("spans") long span) {
    if (span >= 64 << 20 && span < 1L << 39) {
      AllocatorGeometry geometry = AllocatorGeometry.of(4096, span);
      long blocks = (long) geometry.chunkCount() * SizeClasses.CHUNK;
      assertTrue(blocks > span / 100 * 97, blocks + " bytes of chunks in " + span);
    }
  }

  @Test
  void aSpanWithoutRoomForAChunkIsAnException() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> AllocatorGeometry.of(36864, 100_000));
    assertTrue(e.getMessage().startsWith("a span of 100000 bytes has no room"), e::getMessage);
  }
}
