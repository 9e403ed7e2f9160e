package dev.rszshm.structures.list;

import static dev.rszshm.tests.Schedules.crashes;
import static dev.rszshm.tests.Schedules.explore;
import static dev.rszshm.tests.Schedules.random;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.structures.SmallStructure;
import dev.rszshm.testkit.history.DeterministicModel;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Several processes use a list of numbers, in every order and with deaths at each store: each call
 * has happened once or not, there is no hole, and no block is lost. Two numbers are those that need
 * a bit besides their word.
 */
class LongListSimulationTest {
  /** Stands for the numbers of the list that need a bit. */
  private static final long WITH_BIT = -1;

  private static final long WITHOUT_BIT = -2;

  enum Action {
    APPEND,
    SET,
    GET
  }

  record Call(Action action, int index, long number) {}

  /** A list. Results: the index, what it was, what it is; null if there is no such index. */
  static final class Model implements DeterministicModel<List<Long>, Call, Object> {
    @Override
    public List<Long> initial() {
      return List.of();
    }

    @Override
    public Optional<Effect<List<Long>, Object>> apply(List<Long> state, String process, Call call) {
      List<Long> next = new ArrayList<>(state);
      Object result;
      if (call.action == Action.APPEND) {
        result = (long) next.size();
        next.add(call.number);
      } else if (call.index >= next.size()) {
        result = null;
      } else if (call.action == Action.SET) {
        result = next.set(call.index, call.number);
      } else {
        result = next.get(call.index);
      }
      return Optional.of(new Effect<>(List.copyOf(next), result));
    }
  }

  private static final SmallStructure<SharedLongList, Call> KIND =
      new SmallStructure<>(
          "numbers",
          allocator -> SharedLongList.named(allocator, "numbers"),
          list -> {
            LongListCheck check = list.check();
            assertEquals(List.of(), check.findings());
            return check.blocks();
          });

  /** Somebody who uses the list. */
  private record User(SmallStructure<SharedLongList, Call>.User user, long seed) {
    static User of(SmallStructure<SharedLongList, Call>.User user) {
      long place =
          user.allocator.place(
              "numbers",
              LongListLayout.MAGIC_VALUE,
              LongListLayout.CURRENT_VERSION,
              LongListLayout.LENGTH,
              LongListLayout.ALIGNMENT);
      return new User(user, user.allocator.heap().getLong(place + 16));
    }

    private long actual(long number) {
      return number == WITH_BIT
          ? seed
          : number == WITHOUT_BIT ? seed ^ (seed * 0x9E37_79B9_7F4A_7C15L | 1) : number;
    }

    private Object symbol(long number) {
      return number == actual(WITH_BIT)
          ? (Long) WITH_BIT
          : number == actual(WITHOUT_BIT) ? (Long) WITHOUT_BIT : (Long) number;
    }

    void append(long number) {
      user.call(
          new Call(Action.APPEND, 0, number), () -> (Object) user.structure.append(actual(number)));
    }

    void set(int index, long number) {
      user.call(
          new Call(Action.SET, index, number),
          () -> {
            try {
              return symbol(user.structure.set(index, actual(number)));
            } catch (IndexOutOfBoundsException none) {
              return null;
            }
          });
    }

    void get(int index) {
      user.call(
          new Call(Action.GET, index, 0),
          () -> {
            try {
              return symbol(user.structure.get(index));
            } catch (IndexOutOfBoundsException none) {
              return null;
            }
          });
    }
  }

  private static Simulation two(Consumer<User> one, Consumer<User> two) {
    return KIND.simulation(
        new Model(),
        list -> {},
        told ->
            told.user("one", user -> one.accept(User.of(user)))
                .user("two", user -> two.accept(User.of(user)))
                .survivor(
                    "reader",
                    user -> {
                      User reader = User.of(user);
                      reader.append(9);
                      reader.get(0);
                      reader.get(1);
                      reader.get(2);
                    }));
  }

  @Test
  void eachCallHasHappenedOrNotWhereverItsProcessDies() {
    crashes(
        "numbers",
        two(
            user -> {
              user.append(0);
              user.append(WITH_BIT);
              user.set(0, WITHOUT_BIT);
              user.set(0, WITH_BIT);
              user.set(1, 5);
            },
            user -> {}));
  }

  @Test
  void twoAppendAtOnceAndMayDie() {
    Simulation two =
        two(
            user -> {
              user.append(1);
              user.append(2);
            },
            user -> user.append(3));
    explore("two append numbers", two.preemptions(1));
    random("two append numbers", two.kills(2).preemptions(6), 1, Storm.count(200, 100_000));
  }

  @Test
  void numbersThatNeedABitAreNotTakenForOneAnother() {
    Simulation two =
        two(
            user -> {
              user.append(WITH_BIT);
              user.set(0, WITHOUT_BIT);
              user.set(0, 4);
            },
            user -> {
              user.append(WITHOUT_BIT);
              user.get(0);
              user.set(0, WITH_BIT);
              user.get(0);
            });
    explore("numbers with a bit", two.preemptions(1));
    random("numbers with a bit", two.kills(2).preemptions(6), 2, Storm.count(200, 100_000));
  }
}
