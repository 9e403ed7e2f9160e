package dev.rszshm.structures.strings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.structures.HostileWords;
import dev.rszshm.structures.StructureFixture;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
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

class StringTableTest {
  private static StringTable strings(StructureFixture fixture) {
    return StringTable.named(fixture.allocator, "strings");
  }

  private static String text(int number) {
    return "ü".repeat(number % 20) + number;
  }

  @Property(tries = 33)
  void aStringHasOneIdAndAnIdOneString(
      @ForAll @Size(max = 500) List<@IntRange(min = 0, max = 200) Integer> numbers) {
    try (StructureFixture fixture = new StructureFixture()) {
      StringTable one = strings(fixture);
      StringTable other = strings(fixture);
      List<String> model = new ArrayList<>();
      for (int number : numbers) {
        String text = text(number);
        int known = model.indexOf(text);
        assertEquals(known < 0 ? OptionalLong.empty() : OptionalLong.of(known), other.find(text));
        assertEquals(
            known < 0 ? model.size() : known, (number % 2 == 0 ? one : other).intern(text));
        if (known < 0) {
          model.add(text);
        }
        assertEquals(model.size(), one.size());
      }
      for (int id = 0; id < model.size(); id++) {
        assertEquals(model.get(id), other.get(id));
      }
      assertThrows(IndexOutOfBoundsException.class, () -> one.get(model.size()));
      assertThrows(IndexOutOfBoundsException.class, () -> one.get(-1));
      StringCheck check = one.check();
      assertEquals(List.of(), check.findings());
      assertEquals(model.size(), check.strings());
      fixture.assertBlocks(1 + check.blocks());
      StringTable.remove(fixture.allocator, "strings");
      fixture.assertBlocks(0);
    }
  }

  @Test
  void aPartOfAnArrayIsAString() {
    try (StructureFixture fixture = new StructureFixture()) {
      StringTable strings = strings(fixture);
      byte[] text = "one zwölf".getBytes(StandardCharsets.UTF_8);
      assertEquals(0, strings.intern(text, 4, text.length));
      assertEquals(0, strings.intern("zwölf"));
      assertEquals(OptionalLong.empty(), strings.find(text, 0, 3));
      assertEquals(1, strings.intern(""));
      assertEquals("", strings.get(1));
      assertThrows(IndexOutOfBoundsException.class, () -> strings.intern(text, 4, 100));
      assertThrows(IllegalArgumentException.class, () -> strings.intern("half \ud800"));
      assertEquals(2, strings.size());
    }
  }

  @Test
  void aTableIsFoundByNameAndByOffset() {
    try (StructureFixture fixture = new StructureFixture()) {
      strings(fixture).intern("a");
      assertEquals("a", strings(fixture).get(0));
      long place = fixture.allocator.allocateZeroed(StringTable.LENGTH);
      StringTable.at(fixture.allocator, place).intern("b");
      assertEquals("b", StringTable.at(fixture.allocator, place).get(0));
      StringTable.remove(fixture.allocator, place);
      assertEquals(0, StringTable.at(fixture.allocator, place).size());
      assertTrue(StringTable.remove(fixture.allocator, "strings"));
      assertFalse(StringTable.remove(fixture.allocator, "strings"));
      fixture.assertBlocks(1);
    }
  }

  @Test
  void aFullHeapLeavesTheTableAsItWas() {
    try (StructureFixture fixture = new StructureFixture(4 << 20)) {
      StringTable strings = strings(fixture);
      assertThrows(
          OutOfHeapMemoryException.class,
          () -> {
            for (int i = 0; i < 1_000_000; i++) {
              strings.intern(text(i));
            }
          });
      long size = strings.size();
      assertEquals(0, strings.intern(text(0)));
      assertEquals(OptionalLong.empty(), strings.find(text((int) size)));
      StringCheck check = strings.check();
      assertEquals(List.of(), check.findings());
      assertEquals(size, check.strings());
      fixture.assertBlocks(1 + check.blocks());
    }
  }

  @Test
  void threadsThatInternTheSameGetTheSameIds() throws Exception {
    int threads = 4;
    int count = 5000;
    try (StructureFixture fixture = new StructureFixture()) {
      ExecutorService executor = Executors.newFixedThreadPool(threads);
      List<Future<List<Long>>> results = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        results.add(
            executor.submit(
                () -> {
                  StringTable strings = strings(fixture);
                  List<Long> ids = new ArrayList<>();
                  for (int i = 0; i < count; i++) {
                    ids.add(strings.intern(text(i)));
                    assertEquals(text(i), strings.get(ids.get(i)));
                  }
                  return ids;
                }));
      }
      List<Long> first = results.get(0).get();
      for (Future<List<Long>> result : results) {
        assertEquals(first, result.get());
      }
      executor.shutdown();
      assertEquals(count, new HashSet<>(first).size());
      assertEquals(count, strings(fixture).size());
      assertEquals(List.of(), strings(fixture).check().findings());
    }
  }

  /** One word of a table is another: each method ends, with a result or an exception of ours. */
  @Property(tries = 33)
  void everyMethodEndsWhateverIsInMemory(@ForAll long seed) {
    HostileWords.run(
        seed,
        (allocator, name) -> {
          StringTable strings = StringTable.named(allocator, name);
          for (int i = 0; i < 500; i++) {
            strings.intern(text(i));
          }
          return random -> {
            int number = random.nextInt(600);
            switch (random.nextInt(8)) {
              case 0 -> strings.check();
              case 1 -> strings.size();
              case 2, 3 -> strings.get(number);
              case 4 -> strings.find(text(number));
              default -> strings.intern(text(number));
            }
          };
        });
  }
}
