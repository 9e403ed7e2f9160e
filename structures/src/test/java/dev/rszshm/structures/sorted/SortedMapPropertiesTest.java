package dev.rszshm.structures.sorted;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.structures.codec.Codecs;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Random operations on a shared sorted map, and on one of java.util. */
class SortedMapPropertiesTest {
  enum Action {
    PUT,
    PUT_MANY,
    PUT_IF_ABSENT,
    REPLACE,
    REPLACE_IF,
    REMOVE,
    REMOVE_MANY,
    REMOVE_IF,
    MERGE,
    COMPUTE,
    GET,
    NEIGHBORS,
    ENDS,
    POLL_FIRST,
    POLL_LAST,
    RANGE,
    RANGE_DOWN,
    RANGE_ENDS,
    CLEAR_RANGE,
    CLEAR
  }

  record Step(Action action, int key, int value) {}

  private static final SortedMapSpec<String, String> SPEC =
      SortedMapSpec.of(OrderedCodecs.strings(), Codecs.strings())
          .nodeLength(SortedMapSpec.MIN_NODE_LENGTH);

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Action> actions =
        Arbitraries.frequency(
            Tuple.of(12, Action.PUT),
            Tuple.of(5, Action.PUT_MANY),
            Tuple.of(3, Action.PUT_IF_ABSENT),
            Tuple.of(2, Action.REPLACE),
            Tuple.of(2, Action.REPLACE_IF),
            Tuple.of(8, Action.REMOVE),
            Tuple.of(4, Action.REMOVE_MANY),
            Tuple.of(2, Action.REMOVE_IF),
            Tuple.of(2, Action.MERGE),
            Tuple.of(2, Action.COMPUTE),
            Tuple.of(2, Action.GET),
            Tuple.of(6, Action.NEIGHBORS),
            Tuple.of(2, Action.ENDS),
            Tuple.of(3, Action.POLL_FIRST),
            Tuple.of(3, Action.POLL_LAST),
            Tuple.of(3, Action.RANGE),
            Tuple.of(3, Action.RANGE_DOWN),
            Tuple.of(3, Action.RANGE_ENDS),
            Tuple.of(1, Action.CLEAR_RANGE),
            Tuple.of(1, Action.CLEAR));
    return Combinators.combine(
            actions, Arbitraries.integers().between(0, 400), Arbitraries.integers().between(0, 90))
        .as(Step::new)
        .list()
        .ofMaxSize(400);
  }

  /** Some values are too long for a leaf. */
  private static String text(int number) {
    return "v".repeat(number * 2) + number;
  }

  /**
   * Many keys begin with the same bytes, some are short, one is empty, some are as long as can be.
   */
  private static String key(int number) {
    return switch (number % 5) {
      case 0 -> Integer.toString(number / 5, 3);
      case 1 -> "aaaaaaaa" + Integer.toString(number, 3);
      case 2 -> "k".repeat(SPEC.maxKeyLength() - 4) + number;
      case 3 -> "\u00e4\ud83d\ude00" + number;
      default -> number == 4 ? "" : "key" + number;
    };
  }

  @Property(tries = 300)
  void aSharedSortedMapIsASortedMap(@ForAll("steps") List<Step> steps) {
    try (SortedFixture fixture = new SortedFixture()) {
      SharedSortedMap<String, String> map = SharedSortedMap.named(fixture.allocator, "map", SPEC);
      NavigableMap<String, String> model = new TreeMap<>(SPEC.keys().comparator());
      for (Step step : steps) {
        assertEquals(apply(step, model), apply(step, map), step::toString);
        assertEquals(model.size(), map.size());
      }
      assertEquals(model, map);
      assertEquals(new ArrayList<>(model.entrySet()), new ArrayList<>(map.entrySet()));
      SortedMapCheck check = fixture.check(map);
      assertEquals(model.size(), check.entries());
      map.clear();
      assertEquals(0, fixture.check(map).entries());
      SharedSortedMap.remove(fixture.allocator, "map", SPEC);
      fixture.checkEmpty();
    }
  }

  /** With runs of keys, so that nodes are halved and joined. */
  private static Object apply(Step step, NavigableMap<String, String> map) {
    String key = key(step.key);
    String value = text(step.value);
    return switch (step.action) {
      case PUT -> map.put(key, value);
      case PUT_MANY -> {
        for (int i = 0; i < 40; i++) {
          map.put(key(step.key + i), text((step.value + i) % 90));
        }
        yield map.size();
      }
      case PUT_IF_ABSENT -> map.putIfAbsent(key, value);
      case REPLACE -> map.replace(key, value);
      case REPLACE_IF -> map.replace(key, text(step.value / 2 * 2), value);
      case REMOVE -> map.remove(key);
      case REMOVE_MANY -> {
        for (int i = 0; i < 60; i++) {
          map.remove(key(step.key + i));
        }
        yield map.size();
      }
      case REMOVE_IF -> map.remove(key, value);
      case MERGE -> map.merge(key, value, (a, b) -> a.length() > 90 ? null : a + b);
      case COMPUTE -> map.compute(key, (k, v) -> v == null ? value : null);
      case GET -> map.get(key) + map.containsKey(key);
      case NEIGHBORS ->
          map.lowerEntry(key)
              + ", "
              + map.floorEntry(key)
              + ", "
              + map.ceilingKey(key)
              + ", "
              + map.higherKey(key);
      case ENDS -> map.firstEntry() + ", " + map.lastEntry();
      case POLL_FIRST -> map.pollFirstEntry();
      case POLL_LAST -> map.pollLastEntry();
      case RANGE -> new ArrayList<>(map.tailMap(key, step.value % 2 == 0).entrySet()) + "";
      case RANGE_DOWN -> new ArrayList<>(part(step, map).descendingMap().entrySet()) + "";
      case RANGE_ENDS -> {
        NavigableMap<String, String> part = part(step, map);
        yield part.size()
            + ", "
            + part.firstEntry()
            + ", "
            + part.lastEntry()
            + ", "
            + part.higherEntry(key)
            + ", "
            + part.descendingMap().ceilingEntry(key)
            + ", "
            + part.pollLastEntry();
      }
      case CLEAR_RANGE -> {
        part(step, map).clear();
        yield map.size();
      }
      case CLEAR -> {
        map.clear();
        yield map.size();
      }
    };
  }

  private static NavigableMap<String, String> part(Step step, NavigableMap<String, String> map) {
    String from = key(step.key);
    String to = key(step.key + step.value);
    boolean inclusive = step.value % 2 == 0;
    return SPEC.keys().comparator().compare(from, to) <= 0
        ? map.subMap(from, inclusive, to, !inclusive)
        : map.headMap(from, inclusive);
  }
}
