package dev.rszshm.structures.map;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random operations on a shared map, and on one of java.util. */
class MapPropertiesTest {
  enum Action {
    PUT,
    PUT_IF_ABSENT,
    REPLACE,
    REPLACE_IF,
    REMOVE,
    REMOVE_IF,
    MERGE,
    COMPUTE,
    GET,
    GET_IN_PLACE,
    ITERATE,
    CLEAR
  }

  record Step(Action action, int key, int value) {}

  private static final Codec<String> TEXT = Codecs.strings();

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Action> actions =
        Arbitraries.frequency(
            net.jqwik.api.Tuple.of(12, Action.PUT),
            net.jqwik.api.Tuple.of(4, Action.PUT_IF_ABSENT),
            net.jqwik.api.Tuple.of(3, Action.REPLACE),
            net.jqwik.api.Tuple.of(3, Action.REPLACE_IF),
            net.jqwik.api.Tuple.of(8, Action.REMOVE),
            net.jqwik.api.Tuple.of(3, Action.REMOVE_IF),
            net.jqwik.api.Tuple.of(3, Action.MERGE),
            net.jqwik.api.Tuple.of(3, Action.COMPUTE),
            net.jqwik.api.Tuple.of(3, Action.GET),
            net.jqwik.api.Tuple.of(2, Action.GET_IN_PLACE),
            net.jqwik.api.Tuple.of(1, Action.ITERATE));
    return Combinators.combine(
            actions, Arbitraries.integers().between(0, 120), Arbitraries.integers().between(0, 40))
        .as(Step::new)
        .list()
        .ofMaxSize(600);
  }

  /** Text of a length from 0 on, often up to eight bytes. */
  private static String text(int number) {
    return number % 3 == 0 ? "v".repeat(number % 9) + number % 10 : "w".repeat(number * 2);
  }

  private static String key(int number) {
    return number % 2 == 0 ? "key" + number : "k".repeat(number / 2 + 1) + number;
  }

  @Property(tries = 150)
  void aSharedMapIsAMap(@ForAll("steps") List<Step> steps) {
    run(steps, 1);
    run(steps, 8);
  }

  private static void run(List<Step> steps, int shards) {
    try (MapFixture fixture = new MapFixture()) {
      MapSpec spec = MapSpec.standard().withShards(shards);
      SharedMap<String, String> map = SharedMap.named(fixture.allocator, "map", TEXT, TEXT, spec);
      Map<String, String> model = new HashMap<>();
      for (Step step : steps) {
        String key = key(step.key);
        String value = text(step.value);
        assertEquals(apply(step, key, value, model), apply(step, key, value, map), step::toString);
        assertEquals(model.size(), map.size());
      }
      assertEquals(model, map);
      MapCheck check = fixture.check(map.check());
      assertEquals(model.size(), check.entries());
      map.clear();
      assertEquals(0, fixture.check(map.check()).entries());
      SharedMap.remove(fixture.allocator, "map", spec);
      fixture.checkEmpty();
    }
  }

  private static Object apply(Step step, String key, String value, Map<String, String> map) {
    return switch (step.action) {
      case PUT -> map.put(key, value);
      case PUT_IF_ABSENT -> map.putIfAbsent(key, value);
      case REPLACE -> map.replace(key, value);
      case REPLACE_IF -> map.replace(key, text(step.value + 1), value);
      case REMOVE -> map.remove(key);
      case REMOVE_IF -> map.remove(key, value);
      case MERGE -> map.merge(key, value, (a, b) -> a.length() > 40 ? null : a + b);
      case COMPUTE -> map.compute(key, (k, v) -> v == null ? value : null);
      case GET -> map.get(key) + map.containsKey(key);
      case GET_IN_PLACE ->
          map instanceof SharedMap<String, String> shared
              ? shared.get(key, (heap, offset, length) -> heap.getUtf8(offset, length))
              : map.get(key);
      case ITERATE -> new HashMap<>(map);
      case CLEAR -> {
        map.clear();
        yield map.size();
      }
    };
  }

  @Property(tries = 100)
  void aLongMapIsAMapOfNumbers(@ForAll("steps") List<Step> steps) {
    try (MapFixture fixture = new MapFixture()) {
      SharedLongMap map =
          SharedLongMap.named(fixture.allocator, "map", MapSpec.standard().withShards(2));
      Map<Long, Long> model = new HashMap<>();
      for (Step step : steps) {
        long key = step.key * 0x1_0000_0001L;
        switch (step.action) {
          case PUT, PUT_IF_ABSENT, REPLACE ->
              assertEquals(model.put(key, (long) step.value) == null, map.putLong(key, step.value));
          case REPLACE_IF ->
              assertEquals(
                  model.replace(key, (long) step.value, -1L),
                  map.compareAndSetLong(key, step.value, -1));
          case REMOVE, REMOVE_IF -> assertEquals(model.remove(key) != null, map.remove(key));
          case MERGE, COMPUTE ->
              assertEquals(
                  model.merge(key, (long) step.value, Long::sum), map.addAndGet(key, step.value));
          case GET, GET_IN_PLACE, ITERATE ->
              assertEquals(model.getOrDefault(key, -7L), map.getLong(key, -7));
          case CLEAR -> {
            model.clear();
            map.clear();
          }
        }
        assertEquals(model.size(), map.size());
      }
      Map<Long, Long> found = new HashMap<>();
      map.forEach((key, value) -> found.put(key, Codecs.longs().decode(value)));
      assertEquals(model, found);
      fixture.check(map.check());
    }
  }
}
