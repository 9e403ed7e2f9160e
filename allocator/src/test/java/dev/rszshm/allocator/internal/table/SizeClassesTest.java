package dev.rszshm.allocator.internal.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.internal.lane.Slab;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SizeClassesTest {

  @Test
  void everySizeUpToTheLargestGetsTheSmallestBlockThatHoldsIt() {
    for (int size = 1; size <= SizeClasses.LARGEST; size++) {
      int sizeClass = SizeClasses.of(size);
      assertTrue(SizeClasses.size(sizeClass) >= size, "size " + size);
      assertTrue(
          sizeClass == 0 || SizeClasses.size(sizeClass - 1) < size,
          "size " + size + " would fit into a smaller block");
    }
    assertEquals(SizeClasses.COUNT - 1, SizeClasses.of(SizeClasses.LARGEST));
  }

  @Test
  void sizesRiseInStepsOfSixteenBytesAtLeast() {
    for (int i = 0; i < SizeClasses.COUNT; i++) {
      assertEquals(0, SizeClasses.size(i) % SizeClasses.GRANULE);
      assertTrue(i == 0 || SizeClasses.size(i) > SizeClasses.size(i - 1));
    }
    assertEquals(SizeClasses.LARGEST, SizeClasses.size(SizeClasses.COUNT - 1));
  }

  /** At most a quarter more than was asked for above 64 bytes, and at most 15 bytes more below. */
  @Test
  void littleOfABlockIsWasted() {
    for (int size = 1; size <= SizeClasses.LARGEST; size++) {
      int wasted = SizeClasses.size(SizeClasses.of(size)) - size;
      assertTrue(size > 64 ? 4 * wasted <= size : wasted <= 15, wasted + " wasted of " + size);
    }
  }

  @Test
  void littleOfASlabIsWasted() {
    for (int i = 0; i < SizeClasses.COUNT; i++) {
      int length = SizeClasses.chunks(i) * SizeClasses.CHUNK;
      int wasted = length - SizeClasses.blocks(i) * SizeClasses.size(i);
      assertTrue(wasted >= 0 && wasted <= length / 16, wasted + " wasted of class " + i);
      assertTrue(SizeClasses.blocks(i) >= 1 && SizeClasses.blocks(i) <= ChunkLayout.MAX_BLOCKS);
    }
  }

  @Test
  void everyBlockIsFoundByItsOffsetAndNoneByAnyOther() {
    AllocatorGeometry geometry = AllocatorGeometry.of(4096, 64 << 20);
    for (int i = 0; i < SizeClasses.COUNT; i++) {
      Slab slab = new Slab(geometry, 0, 3, OwnerWord.of(OwnerWord.ACTIVE, i, 1, 0, 0), 0);
      int size = SizeClasses.size(i);
      long length = (long) SizeClasses.chunks(i) * SizeClasses.CHUNK;
      for (long distance = 0; distance < length; distance += SizeClasses.GRANULE) {
        boolean begins = distance % size == 0 && distance / size < SizeClasses.blocks(i);
        long expected = begins ? distance / size : -1;
        assertEquals(expected, slab.indexOf(slab.base + distance), "class " + i);
        long index = ((distance >>> SizeClasses.GRANULE_SHIFT) * SizeClasses.reciprocal(i)) >>> 32;
        assertEquals(distance / size, index, "class " + i + " at " + distance);
      }
    }
  }

  @Property
  void alignedBlocksHaveAClassWhoseSizeIsAMultiple(
      @ForAll @IntRange(min = 1, max = SizeClasses.LARGEST) int size,
      @ForAll @IntRange(max = 16) int power) {
    int alignment = 1 << power;
    int sizeClass = SizeClasses.of(size, alignment);
    assertTrue(sizeClass >= SizeClasses.of(size));
    assertEquals(0, SizeClasses.size(sizeClass) % alignment);
    for (int i = SizeClasses.of(size); i < sizeClass; i++) {
      assertTrue(SizeClasses.size(i) % alignment != 0, "a smaller class would do");
    }
  }

  @Property
  void chunksForRoundsUp(@ForAll @LongRange(min = 1) long size) {
    long chunks = SizeClasses.chunksFor(size);
    assertTrue((chunks - 1) * SizeClasses.CHUNK < size);
    assertTrue(chunks == 1L << 47 || chunks * SizeClasses.CHUNK >= size);
  }
}
