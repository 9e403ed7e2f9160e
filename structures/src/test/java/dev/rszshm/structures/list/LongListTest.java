package dev.rszshm.structures.list;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.structures.StructureFixture;
import dev.rszshm.structures.errors.StructureRemovedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LongListTest {
  /** The two numbers that need a bit, and some that are like them. */
  private static long[] numbers(StructureFixture fixture, long place) {
    long seed = fixture.heap.getLong(place + 16);
    long escape = seed * 0x9E37_79B9_7F4A_7C15L | 1;
    return new long[] {
      0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, seed, escape, seed ^ escape, ~seed
    };
  }

  @Property(tries = 60)
  void itIsAListOfLongs(@ForAll long randomSeed) {
    Random random = new Random(randomSeed);
    try (StructureFixture fixture = new StructureFixture()) {
      long place = fixture.allocator.allocateZeroed(SharedLongList.LENGTH);
      SharedLongList list = SharedLongList.at(fixture.allocator, place);
      SharedLongList other = SharedLongList.at(fixture.allocator, place);
      long[] numbers = numbers(fixture, place);
      List<Long> model = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        SharedLongList used = random.nextBoolean() ? list : other;
        long number = numbers[random.nextInt(numbers.length)];
        int index = model.isEmpty() ? 0 : random.nextInt(model.size());
        switch (model.isEmpty() ? 0 : random.nextInt(5)) {
          case 1 -> assertEquals(model.set(index, number), used.set(index, number));
          case 2 -> {
            model.set(index, model.get(index) + number);
            assertEquals(model.get(index), used.addAndGet(index, number));
          }
          case 3 -> {
            long expected = numbers[random.nextInt(numbers.length)];
            boolean is = model.get(index) == expected;
            assertEquals(is, used.compareAndSet(index, expected, number));
            if (is) {
              model.set(index, number);
            }
          }
          default -> {
            assertEquals(model.size(), used.append(number));
            model.add(number);
          }
        }
        assertEquals(model.size(), list.size());
      }
      long[] expected = model.stream().mapToLong(Long::longValue).toArray();
      assertArrayEquals(expected, other.toArray());
      assertArrayEquals(expected, list.stream().toArray());
      LongListCheck check = list.check();
      assertEquals(List.of(), check.findings());
      assertEquals(model.size(), check.size());
      fixture.assertBlocks(1 + check.blocks());
      SharedLongList.remove(fixture.allocator, place);
      fixture.assertBlocks(1);
    }
  }

  @Test
  void indexesThatAreNotThereAreRefused() {
    try (StructureFixture fixture = new StructureFixture()) {
      SharedLongList list = SharedLongList.named(fixture.allocator, "list");
      assertTrue(list.isEmpty());
      list.append(7);
      assertFalse(list.isEmpty());
      for (long index : new long[] {-1, 1, 1000, Long.MAX_VALUE, Long.MIN_VALUE}) {
        assertThrows(IndexOutOfBoundsException.class, () -> list.get(index));
        assertThrows(IndexOutOfBoundsException.class, () -> list.set(index, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> list.addAndGet(index, 1));
      }
      assertTrue(SharedLongList.remove(fixture.allocator, "list"));
      assertThrows(StructureRemovedException.class, () -> list.append(1));
      assertThrows(StructureRemovedException.class, () -> list.get(0));
      fixture.assertBlocks(0);
    }
  }

  @Test
  void aFullHeapLeavesTheListAsItWasAndItGoesOnWhenThereIsRoom() {
    try (StructureFixture fixture = new StructureFixture(4 << 20)) {
      SharedLongList list = SharedLongList.named(fixture.allocator, "list");
      List<Long> taken = fixture.fill(5000);
      taken.addAll(fixture.fill(16));
      assertThrows(
          OutOfHeapMemoryException.class, () -> LongStream.range(0, 1 << 20).forEach(list::append));
      long size = list.size();
      assertArrayEquals(LongStream.range(0, size).toArray(), list.toArray());
      assertEquals(List.of(), list.check().findings());
      taken.forEach(fixture.allocator::free);
      assertEquals(size, list.append(size));
    }
  }

  @Test
  void concurrentAppendsAllGetIndexesOfTheirOwnWithoutHoles() throws Exception {
    int threads = 4;
    int each = 20_000;
    try (StructureFixture fixture = new StructureFixture()) {
      ExecutorService executor = Executors.newFixedThreadPool(threads);
      SharedLongList list = SharedLongList.named(fixture.allocator, "list");
      long place = list.append(0);
      List<Future<?>> results = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        long from = thread * (long) each;
        results.add(
            executor.submit(
                () -> {
                  SharedLongList own = SharedLongList.named(fixture.allocator, "list");
                  for (long i = from; i < from + each; i++) {
                    assertEquals(i, own.get(own.append(i)));
                    own.addAndGet(place, 1);
                  }
                }));
      }
      for (Future<?> result : results) {
        result.get();
      }
      executor.shutdown();
      assertEquals(threads * each + 1, list.size());
      assertEquals((long) threads * each, list.get(place));
      long[] all = list.stream().skip(1).sorted().toArray();
      assertArrayEquals(LongStream.range(0, (long) threads * each).toArray(), all);
      assertEquals(List.of(), list.check().findings());
    }
  }

  @Property(tries = 100)
  void damagedWordsAreToldOrDoNotMatter(@ForAll long randomSeed) {
    Random random = new Random(randomSeed);
    try (StructureFixture fixture = new StructureFixture(64 << 20)) {
      long place = fixture.allocator.allocateZeroed(SharedLongList.LENGTH);
      SharedLongList list = SharedLongList.at(fixture.allocator, place);
      LongStream.range(0, 300).forEach(list::append);
      long word = place + 8L * random.nextInt(SharedLongList.LENGTH / 8);
      long[] values = {
        random.nextLong(), 0, -1, fixture.heap.getLong(word) ^ 1L << random.nextInt(64)
      };
      fixture.heap.putLong(word, values[random.nextInt(values.length)]);
      for (int i = 0; i < 60; i++) {
        try {
          switch (random.nextInt(5)) {
            case 0 -> list.append(i);
            case 1 -> list.get(random.nextInt(300));
            case 2 -> list.addAndGet(random.nextInt(300), 1);
            case 3 -> SharedLongList.at(fixture.allocator, place).size();
            default -> list.check();
          }
        } catch (HeapException | IllegalStateException | IndexOutOfBoundsException told) {
          // It says what is wrong.
        }
      }
    }
  }
}
