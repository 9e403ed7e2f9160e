package dev.rszshm.structures.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.allocator.errors.RootMismatchException;
import dev.rszshm.structures.HostileWords;
import dev.rszshm.structures.StructureFixture;
import dev.rszshm.structures.codec.Codecs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CounterMapTest {
  private static CounterMap<String> words(StructureFixture fixture) {
    return CounterMap.named(fixture.allocator, "words", Codecs.strings());
  }

  private static String key(int number) {
    return number % 3 == 0 ? "k" + number : "long key ".repeat(number % 7) + number;
  }

  @Property(tries = 33)
  void aCounterMapCounts(
      @ForAll @Size(max = 600) List<@IntRange(min = 0, max = 200) Integer> keys,
      @ForAll @IntRange(min = 0, max = 30) int most) {
    try (StructureFixture fixture = new StructureFixture()) {
      CounterMap<String> one = words(fixture);
      CounterMap<String> other = words(fixture);
      Map<String, Long> model = new HashMap<>();
      for (int number : keys) {
        String key = key(number);
        long before = model.getOrDefault(key, 0L);
        long now = number % 5 == 0 ? number : number % 7 == 0 ? 0 : before + number - 50;
        if (number % 5 == 0) {
          assertEquals(before, one.set(key, number));
        } else if (number % 7 == 0) {
          assertEquals(before, other.remove(key));
        } else {
          assertEquals(now, (number % 2 == 0 ? one : other).add(key, number - 50));
        }
        model.put(key, now);
        if (number == 199) {
          other.clear();
          model.clear();
        }
        model.values().removeIf(count -> count == 0);
      }
      Map<String, Long> found = new HashMap<>();
      one.forEach(count -> assertEquals(null, found.put(count.key(), count.count())));
      assertEquals(model, found);
      for (int number = 0; number <= 200; number++) {
        assertEquals(model.getOrDefault(key(number), 0L), other.get(key(number)));
        assertEquals(model.containsKey(key(number)), other.containsKey(key(number)));
      }
      assertEquals(model.size(), one.size());
      assertEquals(model.values().stream().mapToLong(n -> n).sum(), one.sum());
      List<CounterMap.Count<String>> top =
          model.entrySet().stream()
              .map(entry -> new CounterMap.Count<>(entry.getKey(), entry.getValue()))
              .sorted(
                  Comparator.comparingLong((CounterMap.Count<String> count) -> -count.count())
                      .thenComparing(CounterMap.Count::key))
              .limit(most)
              .toList();
      assertEquals(top, one.top(most));
      CounterCheck check = one.check();
      assertEquals(List.of(), check.findings());
      fixture.assertBlocks(1 + check.blocks());
      CounterMap.remove(fixture.allocator, "words");
      fixture.assertBlocks(0);
    }
  }

  @Test
  void aPartOfAnArrayIsAKey() {
    try (StructureFixture fixture = new StructureFixture()) {
      CounterMap<String> words = words(fixture);
      byte[] text = "one two one".getBytes(StandardCharsets.UTF_8);
      words.add(text, 0, 3, 1);
      words.add(text, 4, 7, 1);
      assertEquals(2, words.add(text, 8, 11, 1));
      words.add(text, 3, 3, 5);
      assertEquals(2, words.get("one"));
      assertEquals(5, words.get(""));
      assertEquals(2, words.get(text, 0, 3));
      assertThrows(IndexOutOfBoundsException.class, () -> words.add(text, 8, 12, 1));
      assertThrows(IndexOutOfBoundsException.class, () -> words.get(text, 5, 4));
      assertThrows(IllegalArgumentException.class, () -> words.top(-1));
    }
  }

  @Test
  void aCounterMapIsFoundByNameAndByOffset() {
    try (StructureFixture fixture = new StructureFixture()) {
      words(fixture).add("a", 3);
      assertEquals(3, words(fixture).get("a"));
      long place = fixture.allocator.allocateZeroed(CounterMap.LENGTH);
      CounterMap.at(fixture.allocator, place, Codecs.longs()).add(7L, 2);
      assertEquals(2, CounterMap.at(fixture.allocator, place, Codecs.longs()).get(7L));
      CounterMap.remove(fixture.allocator, place);
      assertEquals(0, CounterMap.at(fixture.allocator, place, Codecs.longs()).size());
      assertTrue(CounterMap.remove(fixture.allocator, "words"));
      assertFalse(CounterMap.remove(fixture.allocator, "words"));
      fixture.assertBlocks(1);
      fixture.allocator.place("words", 1, 1, CounterMap.LENGTH);
      assertThrows(RootMismatchException.class, () -> words(fixture));
    }
  }

  @Test
  void aKeyThatIsRemovedBeginsWithZeroInItsOldMemory() {
    try (StructureFixture fixture = new StructureFixture()) {
      CounterMap<String> words = words(fixture);
      assertEquals(0, words.remove("a"));
      assertEquals(0, words.check().blocks());
      words.add("a", 3);
      words.add("b", 4);
      long blocks = words.check().blocks();
      assertEquals(3, words.remove("a"));
      assertEquals(0, words.remove("a"));
      assertFalse(words.containsKey("a"));
      assertEquals(List.of(new CounterMap.Count<>("b", 4)), words.top(10));
      assertEquals(1, words.check().removedKeys());
      assertEquals(2, words.add("a", 2));
      words.clear();
      assertEquals(0, words.size());
      assertFalse(words.iterator().hasNext());
      assertEquals(7, words.add("b", 7));
      assertEquals(blocks, words.check().blocks());
      byte[] text = "b".getBytes(StandardCharsets.UTF_8);
      assertEquals(7, words.remove(text, 0, 1));
      assertThrows(IndexOutOfBoundsException.class, () -> words.remove(text, 0, 2));
    }
  }

  @Test
  void whatIsAddedWhileKeysAreRemovedIsReturnedOrStays() throws Exception {
    int threads = 3;
    int each = 20_000;
    try (StructureFixture fixture = new StructureFixture()) {
      ExecutorService executor = Executors.newFixedThreadPool(threads);
      List<Future<Long>> results = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        boolean removes = thread == 0;
        results.add(
            executor.submit(
                () -> {
                  CounterMap<String> words = words(fixture);
                  long removed = 0;
                  for (int i = 0; i < each; i++) {
                    if (removes) {
                      removed += words.remove(key(i % 10));
                    } else {
                      words.add(key(i % 10), 1);
                    }
                  }
                  return removed;
                }));
      }
      long removed = 0;
      for (Future<Long> result : results) {
        removed += result.get();
      }
      executor.shutdown();
      assertEquals((threads - 1L) * each, removed + words(fixture).sum());
    }
  }

  @Test
  void aFullHeapLeavesTheCountsAsTheyWereAndKnownKeysGoOn() {
    try (StructureFixture fixture = new StructureFixture(4 << 20)) {
      CounterMap<Long> counters = CounterMap.named(fixture.allocator, "words", Codecs.longs());
      counters.add(0L, 1);
      long[] last = {0};
      assertThrows(
          OutOfHeapMemoryException.class,
          () -> {
            for (long key = 1; key < 1_000_000; key++) {
              counters.add(key, 1);
              last[0] = key;
            }
          });
      assertEquals(last[0] + 1, counters.sum());
      assertEquals(5, counters.add(0L, 4));
      assertEquals(0, counters.get(last[0] + 1));
      CounterCheck check = counters.check();
      assertEquals(List.of(), check.findings());
      assertEquals(last[0] + 1, check.keys());
      fixture.assertBlocks(1 + check.blocks());
      CounterMap.remove(fixture.allocator, "words");
      fixture.assertBlocks(0);
    }
  }

  @Test
  void concurrentAddsAreAllCounted() throws Exception {
    int threads = 4;
    int each = 20_000;
    try (StructureFixture fixture = new StructureFixture()) {
      ExecutorService executor = Executors.newFixedThreadPool(threads);
      List<Future<?>> results = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        results.add(
            executor.submit(
                () -> {
                  CounterMap<String> words = words(fixture);
                  for (int i = 0; i < each; i++) {
                    words.add(key(i % 1000), 1);
                  }
                }));
      }
      for (Future<?> result : results) {
        result.get();
      }
      executor.shutdown();
      CounterMap<String> words = words(fixture);
      assertEquals(1000, words.size());
      words.forEach(count -> assertEquals(threads * each / 1000, count.count(), count::key));
      assertEquals(List.of(), words.check().findings());
    }
  }

  /** One word of a counter map is another: each method ends, with a result or an exception. */
  @Property(tries = 30)
  void everyMethodEndsWhateverIsInMemory(@ForAll long seed) {
    HostileWords.run(
        seed,
        (allocator, name) -> {
          CounterMap<String> words = CounterMap.named(allocator, name, Codecs.strings());
          for (int i = 0; i < 300; i++) {
            words.add(key(i), 1);
          }
          return random -> {
            String key = key(random.nextInt(350));
            switch (random.nextInt(30)) {
              case 0 -> words.top(5);
              case 1 -> words.check();
              case 6 -> words.remove(key);
              case 7 -> words.clear();
              case 2, 3, 4, 5 -> words.get(key);
              default -> words.add(key, 1);
            }
          };
        });
  }
}
