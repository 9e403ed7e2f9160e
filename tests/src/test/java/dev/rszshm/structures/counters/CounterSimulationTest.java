package dev.rszshm.structures.counters;

import static dev.rszshm.tests.Schedules.crashes;
import static dev.rszshm.tests.Schedules.explore;
import static dev.rszshm.tests.Schedules.random;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.structures.SmallStructure;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.testkit.history.DeterministicModel;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Several processes count in one map, in every order and with deaths at each store: each addition
 * has happened once or not, and no block is lost.
 */
class CounterSimulationTest {
  /** What is added to a key, adding nothing is how it is read; or the count that is set. */
  record Add(long key, long number, boolean sets) {
    Add(long key, long number) {
      this(key, number, false);
    }
  }

  /** A counter for each key. */
  static final class Model implements DeterministicModel<Long, Add, Object> {
    @Override
    public Long initial() {
      return 0L;
    }

    @Override
    public Object partitionOf(Add operation) {
      return operation.key;
    }

    @Override
    public Optional<Effect<Long, Object>> apply(Long state, String process, Add operation) {
      if (operation.sets) {
        return Optional.of(new Effect<>(operation.number, state));
      }
      long sum = state + operation.number;
      return Optional.of(new Effect<>(sum, sum));
    }
  }

  private static final SmallStructure<CounterMap<Long>, Add> KIND =
      new SmallStructure<>(
          "counters",
          allocator -> CounterMap.named(allocator, "counters", Codecs.longs()),
          counters -> {
            CounterCheck check = counters.check();
            assertEquals(List.of(), check.findings());
            return check.blocks();
          });

  /** Somebody who uses the counters. */
  private record User(SmallStructure<CounterMap<Long>, Add>.User user) {
    void add(long key, long number) {
      user.call(new Add(key, number), () -> user.structure.add(key, number));
    }

    void set(long key, long number) {
      user.call(new Add(key, number, true), () -> user.structure.set(key, number));
    }

    void remove(long key) {
      user.call(new Add(key, 0, true), () -> user.structure.remove(key));
    }

    void get(long key) {
      user.call(new Add(key, 0), () -> user.structure.get(key));
    }
  }

  private static Consumer<SmallStructure<CounterMap<Long>, Add>.User> as(Consumer<User> body) {
    return user -> body.accept(new User(user));
  }

  private static Simulation dying(Consumer<User> body) {
    return KIND.simulation(
        new Model(),
        counters -> {},
        told ->
            told.user("user", as(body))
                .survivor(
                    "reader",
                    as(
                        user -> {
                          user.get(1);
                          user.add(2, 1);
                          user.get(2);
                        })));
  }

  /** One user does something beside another, who adds to the key 1 twice. */
  private static Simulation besideAdder(Consumer<User> body) {
    return KIND.simulation(
        new Model(),
        counters -> {},
        told ->
            told.user("one", as(body))
                .user(
                    "two",
                    as(
                        user -> {
                          user.add(1, 2);
                          user.add(1, 4);
                        }))
                .survivor("reader", as(user -> user.get(1))));
  }

  @Test
  void aNewKeyIsThereWithItsCountOrNot() {
    crashes("new key", dying(user -> user.add(1, 5)));
  }

  @Test
  void aNumberIsAddedOrNot() {
    crashes(
        "add",
        dying(
            user -> {
              user.add(2, 5);
              user.add(2, 6);
            }));
  }

  @Test
  void aCountIsSetOrNot() {
    crashes(
        "set",
        dying(
            user -> {
              user.set(2, 5);
              user.set(2, 6);
            }));
  }

  @Test
  void oneSetsACountToWhichTheOtherAddsAndBothMayDie() {
    Simulation two =
        besideAdder(
            user -> {
              user.set(1, 10);
              user.set(1, 20);
            });
    explore("set and add", two.preemptions(1));
    random("set and add", two.kills(2).preemptions(6), 3, Storm.count(200, 100_000));
  }

  @Test
  void aKeyIsRemovedOrNot() {
    crashes(
        "remove",
        dying(
            user -> {
              user.add(2, 5);
              user.remove(2);
              user.add(2, 6);
            }));
  }

  @Test
  void oneRemovesAKeyToWhichTheOtherAddsAndBothMayDie() {
    Simulation two =
        besideAdder(
            user -> {
              user.remove(1);
              user.remove(1);
            });
    explore("remove and add", two.preemptions(1));
    random("remove and add", two.kills(2).preemptions(6), 4, Storm.count(200, 100_000));
  }

  @Test
  void aMapIsClearedWhenItIsClearedAgain() {
    crashes(
        "clear counters",
        KIND.simulation(
            new Model(),
            counters -> {
              for (long key = 0; key < 3; key++) {
                counters.add(key, 1);
              }
            },
            told ->
                told.user("user", user -> user.structure.clear())
                    .survivor(
                        "again",
                        user -> {
                          user.structure.clear();
                          assertEquals(0, user.structure.size());
                        })));
  }

  @Test
  void aMapIsRemovedInFullWhenItIsRemovedAgain() {
    crashes(
        "remove counters",
        KIND.simulation(
            new Model(),
            counters -> {
              for (long key = 0; key < 2; key++) {
                counters.add(key, 1);
              }
            },
            told ->
                told.user("user", user -> CounterMap.remove(user.allocator, "counters"))
                    .survivor("again", user -> CounterMap.remove(user.allocator, "counters"))));
  }

  @Test
  void twoAddToANewKeyAtOnceAndMayDie() {
    Simulation two =
        KIND.simulation(
            new Model(),
            counters -> {},
            told ->
                told.user("one", as(user -> user.add(1, 1)))
                    .user(
                        "two",
                        as(
                            user -> {
                              user.add(1, 2);
                              user.add(1, 4);
                            }))
                    .survivor("reader", as(user -> user.get(1))));
    explore("two add to a key", two.preemptions(1));
    random("two add to a key", two.kills(2).preemptions(6), 1, Storm.count(250, 100_000));
  }

  @Test
  void twoKeysOfOnePathAreBothThere() {
    Simulation two =
        KIND.simulation(
            new Model(),
            counters -> {},
            told ->
                told.user("one", as(user -> user.add(1, 1)))
                    .user("two", as(user -> user.add(2, 2)))
                    .survivor(
                        "reader",
                        as(
                            user -> {
                              user.get(1);
                              user.get(2);
                            })));
    random("two keys", two.kills(2).preemptions(6), 2, Storm.count(200, 100_000));
  }
}
