package dev.rszshm.structures.list;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.structures.StructureFixture;
import dev.rszshm.structures.codec.Codecs;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Random operations on a shared list, through two objects for it, and on one of java.util. */
class ListPropertiesTest {
  enum Action {
    APPEND,
    SET,
    GET,
    INDEX_OF,
    ITERATE
  }

  record Step(Action action, int index, int value) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.frequency(
                Tuple.of(12, Action.APPEND),
                Tuple.of(6, Action.SET),
                Tuple.of(4, Action.GET),
                Tuple.of(1, Action.INDEX_OF),
                Tuple.of(1, Action.ITERATE)),
            Arbitraries.integers().between(-1, 300),
            Arbitraries.integers().between(0, 40))
        .as(Step::new)
        .list()
        .ofMaxSize(500);
  }

  private static String text(int number) {
    return "v".repeat(number) + number;
  }

  @Property(tries = 150)
  void aSharedListIsAList(@ForAll("steps") List<Step> steps) {
    try (StructureFixture fixture = new StructureFixture()) {
      SharedList<String> one = SharedList.named(fixture.allocator, "list", Codecs.strings());
      SharedList<String> other = SharedList.named(fixture.allocator, "list", Codecs.strings());
      List<String> model = new ArrayList<>();
      for (Step step : steps) {
        SharedList<String> list = step.value % 2 == 0 ? one : other;
        apply(step, list, model);
        assertEquals(model.size(), list.size());
      }
      assertEquals(model, one);
      assertEquals(model.hashCode(), other.hashCode());
      ListCheck check = one.check();
      assertEquals(List.of(), check.findings());
      assertEquals(model.size(), check.size());
      fixture.assertBlocks(1 + check.blocks());
      SharedList.remove(fixture.allocator, "list");
      fixture.assertBlocks(0);
    }
  }

  private static void apply(Step step, SharedList<String> list, List<String> model) {
    String value = text(step.value);
    boolean there = step.index >= 0 && step.index < model.size();
    switch (step.action) {
      case APPEND -> {
        assertEquals(model.size(), list.append(value));
        model.add(value);
      }
      case SET -> {
        if (there) {
          assertEquals(model.set(step.index, value), list.set(step.index, value));
        } else {
          assertThrows(IndexOutOfBoundsException.class, () -> list.set(step.index, value));
        }
      }
      case GET -> {
        if (there) {
          assertEquals(model.get(step.index), list.get(step.index));
        } else {
          assertThrows(IndexOutOfBoundsException.class, () -> list.get(step.index));
        }
      }
      case INDEX_OF -> assertEquals(model.indexOf(value), list.indexOf(value));
      case ITERATE -> assertEquals(model, new ArrayList<>(list));
    }
  }
}
