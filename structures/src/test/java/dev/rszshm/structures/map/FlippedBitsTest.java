package dev.rszshm.structures.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Each bit that means something, in each place of each line, is missed by nobody who checks. */
class FlippedBitsTest {
  private static final int ENTRIES = 30;

  /** Bits 3 to 23 say who has put the reference there, which nobody relies on. */
  private static final long MEANING = 0xffff_ffff_ff00_0007L;

  @Test
  void theCheckFindsEachFlippedBitOfAPlaceAndOfItsTag() {
    try (MapFixture fixture = new MapFixture()) {
      SharedLongMap map =
          SharedLongMap.named(fixture.allocator, "map", MapSpec.standard().withShards(1));
      for (long key = 0; key < ENTRIES; key++) {
        map.put(key, new byte[24]);
      }
      MapTable table = map.table();
      long flips = 0;
      for (long bucket = 0; bucket < table.shardAt(0).buckets(); bucket++) {
        Chain chain = new Chain(table, 0);
        for (long line = chain.first(bucket); line != 0; line = chain.next(line)) {
          for (int i = 0; i < MapLayout.PLACES; i++) {
            if (fixture.heap.getLong(Chain.place(line, i)) != 0) {
              flips += flip(fixture, map, Chain.place(line, i), MEANING);
              flips += flip(fixture, map, line, tagBits(fixture, line, i));
            }
          }
        }
      }
      assertTrue(flips > ENTRIES * 40L, flips + " flips");
      assertEquals(ENTRIES, fixture.check(map.check()).entries());
    }
  }

  /** The bits of the tag of an entry; a link has none. */
  private static long tagBits(MapFixture fixture, long line, int place) {
    return MapLayout.isReference(fixture.heap.getLong(Chain.place(line, place)))
        ? 0xffL << (8 * place)
        : 0;
  }

  private static long flip(MapFixture fixture, SharedLongMap map, long offset, long bits) {
    long word = fixture.heap.getLong(offset);
    for (long left = bits; left != 0; left &= left - 1) {
      fixture.heap.putLong(offset, word ^ Long.lowestOneBit(left));
      List<String> findings = map.check().findings();
      int bit = Long.numberOfTrailingZeros(left);
      assertFalse(findings.isEmpty(), () -> "bit " + bit + " of offset " + offset);
      fixture.heap.putLong(offset, word);
    }
    return Long.bitCount(bits);
  }
}
