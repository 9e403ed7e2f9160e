package dev.rszshm.structures.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.structures.ThrowInStructure;
import dev.rszshm.structures.codec.Codecs;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An error at any access of a counter map: it goes on for everybody, this process among them. */
class CounterThrowTest {
  private static void run(Consumer<CounterMap<Long>> act) throws Exception {
    ThrowInStructure.run(
        allocator -> {
          CounterMap<Long> counters = CounterMap.named(allocator, "counters", Codecs.longs());
          counters.add(1L, 1);
          return counters;
        },
        act,
        counters -> {
          long before = counters.get(1L);
          assertEquals(before + 1, counters.add(1L, 1));
          counters.add(3L, 1);
          CounterCheck check = counters.check();
          assertEquals(List.of(), check.findings());
          return check.blocks();
        });
  }

  @Test
  void addingToAKeyThatIsThere() throws Exception {
    run(counters -> counters.add(1L, 1));
  }

  @Test
  void addingANewKey() throws Exception {
    run(counters -> counters.add(2L, 1));
  }

  @Test
  void removingAKeyAndAllKeys() throws Exception {
    run(
        counters -> {
          counters.remove(3L);
          counters.clear();
        });
  }
}
