package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.internal.lane.OperationRecord;
import dev.rszshm.allocator.internal.reference.ManagedReferences;
import dev.rszshm.allocator.internal.reference.Reference;
import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.LaneLayout;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Words with several fields: what is put in comes out, and no field runs into another. */
class WordsTest {
  private static final int MAX_GENERATION = (1 << 18) - 1;

  @Property
  void ownerWordsKeepTheirFields(
      @ForAll @IntRange(max = 7) int state,
      @ForAll @IntRange(max = SizeClasses.COUNT - 1) int sizeClass,
      @ForAll @IntRange(max = OwnerWord.MAX_LANES) int lane,
      @ForAll @IntRange(max = MAX_GENERATION) int generation,
      @ForAll @LongRange(max = OwnerWord.MAX_AUX) long aux) {
    long word = OwnerWord.of(state, sizeClass, lane, generation, aux);
    requireOwner(word, state, sizeClass, lane, generation, aux);
    requireOwner(OwnerWord.become(word, 5, 9), 5, sizeClass, lane, generation, 9);
    requireOwner(OwnerWord.abandon(word, 3), 3, sizeClass, 0, generation, 0);
    requireOwner(OwnerWord.adopt(word, 8, 7), OwnerWord.ACTIVE, sizeClass, 8, generation, 7);
    requireOwner(OwnerWord.reserve(word, 8, 7), OwnerWord.RESERVED, 0, 8, generation, 7);
    requireOwner(OwnerWord.emptyAgain(word, 1), OwnerWord.EMPTY, 0, 0, generation, 1);
    int next = generation == MAX_GENERATION ? 0 : generation + 1;
    requireOwner(OwnerWord.empty(word, 0), OwnerWord.EMPTY, 0, 0, next, 0);
    assertEquals(OwnerWord.key(state, lane), word & OwnerWord.KEY_MASK);
  }

  private static void requireOwner(
      long word, int state, int sizeClass, int lane, int generation, long aux) {
    assertEquals(state, OwnerWord.state(word), "state");
    assertEquals(sizeClass, OwnerWord.sizeClass(word), "size class");
    assertEquals(lane, OwnerWord.lane(word), "lane");
    assertEquals(generation, OwnerWord.generation(word), "generation");
    assertEquals(aux, OwnerWord.aux(word), "aux");
  }

  @Property
  void referencesKeepTheirFields(
      @ForAll @LongRange(min = 1, max = (1L << 40) - 1) long granule,
      @ForAll @IntRange(min = 1, max = OwnerWord.MAX_LANES) int lane,
      @ForAll @LongRange(max = (1L << 56) - 1) long sequence) {
    long block = granule * SizeClasses.GRANULE;
    long fresh = Reference.fresh(block, lane, sequence);
    long clean = Reference.clean(fresh);
    long mark = Reference.mark(lane, sequence);
    for (long reference : new long[] {fresh, clean, mark}) {
      assertEquals(reference == mark ? 0 : block, Reference.block(reference));
      assertEquals(reference == fresh, Reference.isFresh(reference));
      assertEquals(reference == mark, Reference.isMark(reference));
      assertEquals(lane, Reference.lane(reference));
      assertTrue(Reference.isOf(reference, sequence));
      assertFalse(Reference.isOf(reference, sequence + 1));
      assertNotEquals(0, reference, "0 is an empty slot");
    }
  }

  /** The most that a span can have: a reference reaches every chunk. */
  @Property
  void referencesReachEveryChunk(@ForAll @LongRange(min = 4096, max = 1L << 24) long data) {
    AllocatorGeometry geometry = AllocatorGeometry.of(data / 4096 * 4096, 1L << 46);
    long last = geometry.chunkOffset(geometry.chunkCount()) - SizeClasses.GRANULE;
    assertEquals(last, Reference.block(Reference.fresh(last, 1, 1)));
    assertEquals(0, Reference.block(Reference.mark(1, 1)));
  }

  @Property
  void recordWordsKeepTheirFields(
      @ForAll @LongRange(max = (1L << 56) - 1) long sequence,
      @ForAll @IntRange(max = 15) int operation,
      @ForAll @IntRange(max = 15) int state) {
    long word = OperationRecord.word(sequence, operation, state);
    assertEquals(sequence, OperationRecord.sequence(word));
    assertEquals(operation, OperationRecord.operation(word));
    assertEquals(state, OperationRecord.state(word));
    long next = OperationRecord.become(word, OperationRecord.STAMPED);
    assertEquals(OperationRecord.word(sequence, operation, OperationRecord.STAMPED), next);
    assertTrue(OperationRecord.isSame(word, next));
    assertFalse(OperationRecord.isSame(word, OperationRecord.word(sequence ^ 1, operation, state)));
  }

  @Property
  void laneWordsKeepTheirFields(
      @ForAll @IntRange(max = 2) int state,
      @ForAll @IntRange(max = 65_535) int participant,
      @ForAll @IntRange(max = (1 << 30) - 1) int generation) {
    long word = LaneLayout.word(state, participant, generation);
    assertEquals(state, LaneLayout.state(word));
    assertEquals(participant, LaneLayout.participant(word));
    assertEquals(generation, LaneLayout.generation(word));
  }

  @Property
  void stampsOfDifferentLanesAndOperationsDiffer(
      @ForAll @IntRange(min = 1, max = OwnerWord.MAX_LANES) int lane,
      @ForAll @LongRange(max = (1L << 56) - 2) long sequence) {
    long stamp = ManagedReferences.stamp(lane, sequence);
    assertNotEquals(stamp, ManagedReferences.stamp(lane, sequence + 1));
    assertNotEquals(stamp, ManagedReferences.stamp(lane ^ 1, sequence));
    assertNotEquals(0, stamp, "whoever allocates a block sets its first word to 0");
  }
}
