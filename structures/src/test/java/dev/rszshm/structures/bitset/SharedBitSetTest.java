package dev.rszshm.structures.bitset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.structures.HostileWords;
import dev.rszshm.structures.StructureFixture;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SharedBitSetTest {
  private static SharedBitSet bits(StructureFixture fixture) {
    return SharedBitSet.named(fixture.allocator, "bits");
  }

  private static OptionalLong optional(int index) {
    return index < 0 ? OptionalLong.empty() : OptionalLong.of(index);
  }

  @Property(tries = 200)
  void aSharedBitSetIsASetOfBits(
      @ForAll @Size(max = 300) List<@IntRange(min = 0, max = 9) Integer> actions,
      @ForAll @Size(min = 1, max = 300) List<@IntRange(min = 0, max = 20_000) Integer> indexes) {
    try (StructureFixture fixture = new StructureFixture()) {
      SharedBitSet bits = bits(fixture);
      BitSet model = new BitSet();
      for (int i = 0; i < actions.size(); i++) {
        int index = indexes.get(i % indexes.size()) / (i % 3 == 0 ? 100 : 1);
        boolean before = model.get(index);
        switch (actions.get(i)) {
          case 0, 1, 2 -> {
            assertEquals(before, bits.getAndSet(index));
            model.set(index);
          }
          case 3 -> {
            assertEquals(before, bits.getAndClear(index));
            model.clear(index);
          }
          case 4, 5 -> {
            assertEquals(!before, bits.flip(index));
            model.flip(index);
          }
          case 6 -> assertEquals(optional(model.nextSetBit(index)), bits.nextSetBit(index));
          case 7 -> assertEquals(optional(model.nextClearBit(index)), bits.nextClearBit(index));
          case 8 -> {
            BitSet more = new BitSet();
            more.set(index, index + 70);
            bits.or(more);
            model.or(more);
          }
          default -> assertEquals(before, bits.get(index));
        }
      }
      assertEquals(model, bits.toBitSet());
      assertEquals(model.cardinality(), bits.cardinality());
      assertEquals(model.length(), bits.length());
      assertEquals(model.isEmpty(), bits.isEmpty());
      assertEquals(model.stream().boxed().toList(), bits.stream().mapToObj(b -> (int) b).toList());
      BitSetCheck check = bits.check();
      assertEquals(List.of(), check.findings());
      fixture.assertBlocks(1 + check.blocks());
      bits.clear();
      assertTrue(bits.isEmpty());
      SharedBitSet.remove(fixture.allocator, "bits");
      fixture.assertBlocks(0);
    }
  }

  @Test
  void farBitsTakeNoMemoryForThoseBelow() {
    try (StructureFixture fixture = new StructureFixture()) {
      SharedBitSet bits = bits(fixture);
      bits.set(3_000_000_000L);
      assertEquals(OptionalLong.of(3_000_000_000L), bits.nextSetBit(1));
      assertEquals(3_000_000_001L, bits.length());
      assertEquals(1, bits.check().segments());
      assertThrows(IllegalStateException.class, bits::toBitSet);
      assertThrows(IndexOutOfBoundsException.class, () -> bits.set(-1));
      assertThrows(IndexOutOfBoundsException.class, () -> bits.get(SharedBitSet.MAX_INDEX + 1));
      assertFalse(bits.get(SharedBitSet.MAX_INDEX));
      assertEquals(OptionalLong.empty(), bits.nextSetBit(SharedBitSet.MAX_INDEX));
    }
  }

  @Test
  void aFullHeapLeavesTheBitsAsTheyWere() {
    try (StructureFixture fixture = new StructureFixture(4 << 20)) {
      SharedBitSet bits = bits(fixture);
      bits.set(100);
      assertThrows(OutOfHeapMemoryException.class, () -> bits.set(1L << 32));
      assertThrows(OutOfHeapMemoryException.class, () -> bits.set(SharedBitSet.MAX_INDEX));
      assertFalse(bits.getAndClear(1L << 32));
      assertEquals(1, bits.cardinality());
      assertEquals(List.of(), bits.check().findings());
      bits.set(1000);
      fixture.assertBlocks(1 + bits.check().blocks());
    }
  }

  @Test
  void eachBitIsSetByOneOfMany() throws Exception {
    int threads = 4;
    int count = 20_000;
    try (StructureFixture fixture = new StructureFixture()) {
      ExecutorService executor = Executors.newFixedThreadPool(threads);
      List<Future<Integer>> results = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        results.add(
            executor.submit(
                () -> {
                  SharedBitSet bits = bits(fixture);
                  int mine = 0;
                  for (int i = 0; i < count; i++) {
                    mine += bits.getAndSet(i) ? 0 : 1;
                  }
                  return mine;
                }));
      }
      int sum = 0;
      for (Future<Integer> result : results) {
        sum += result.get();
      }
      executor.shutdown();
      assertEquals(count, sum);
      assertEquals(OptionalLong.of(count), bits(fixture).nextClearBit(0));
    }
  }

  /** One word of a set is another: each method ends, with a result or an exception of ours. */
  @Property(tries = 100)
  void everyMethodEndsWhateverIsInMemory(@ForAll long seed) {
    HostileWords.run(
        seed,
        (allocator, name) -> {
          SharedBitSet bits = SharedBitSet.named(allocator, name);
          for (int i = 0; i < 5000; i += 3) {
            bits.set(i);
          }
          return random -> {
            long index = random.nextInt(6000);
            switch (random.nextInt(6)) {
              case 0 -> bits.set(index);
              case 1 -> bits.flip(index);
              case 2 -> bits.nextSetBit(index);
              case 3 -> bits.nextClearBit(index);
              case 4 -> bits.cardinality();
              default -> bits.check();
            }
          };
        });
  }
}
