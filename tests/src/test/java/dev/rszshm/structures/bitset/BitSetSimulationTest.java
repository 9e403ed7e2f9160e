package dev.rszshm.structures.bitset;

import static dev.rszshm.tests.Schedules.crashes;
import static dev.rszshm.tests.Schedules.explore;
import static dev.rszshm.tests.Schedules.random;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.structures.SmallStructure;
import dev.rszshm.testkit.history.DeterministicModel;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Several processes change bits of one word, and of a new segment, in every order and with deaths
 * at each store: each change has happened once or not, and no block is lost.
 */
class BitSetSimulationTest {
  enum Action {
    SET,
    CLEAR,
    FLIP,
    GET
  }

  record Call(Action action, long index) {}

  /** Bits, each for itself. Results: what it was, of FLIP what it is. */
  static final class Model implements DeterministicModel<Boolean, Call, Object> {
    @Override
    public Boolean initial() {
      return false;
    }

    @Override
    public Object partitionOf(Call call) {
      return call.index;
    }

    @Override
    public Optional<Effect<Boolean, Object>> apply(Boolean state, String process, Call call) {
      return Optional.of(
          switch (call.action) {
            case SET -> new Effect<>(true, state);
            case CLEAR -> new Effect<>(false, state);
            case FLIP -> new Effect<>(!state, !state);
            case GET -> new Effect<>(state, state);
          });
    }
  }

  private static final SmallStructure<SharedBitSet, Call> KIND =
      new SmallStructure<>(
          "bits",
          allocator -> SharedBitSet.named(allocator, "bits"),
          bits -> {
            BitSetCheck check = bits.check();
            assertEquals(List.of(), check.findings());
            return check.blocks();
          });

  private record User(SmallStructure<SharedBitSet, Call>.User user) {
    void set(long index) {
      user.call(new Call(Action.SET, index), () -> user.structure.getAndSet(index));
    }

    void clear(long index) {
      user.call(new Call(Action.CLEAR, index), () -> user.structure.getAndClear(index));
    }

    void flip(long index) {
      user.call(new Call(Action.FLIP, index), () -> user.structure.flip(index));
    }

    void get(long index) {
      user.call(new Call(Action.GET, index), () -> user.structure.get(index));
    }
  }

  private static Consumer<SmallStructure<SharedBitSet, Call>.User> as(Consumer<User> body) {
    return user -> body.accept(new User(user));
  }

  private static Simulation two(Consumer<User> one, Consumer<User> two) {
    return KIND.simulation(
        new Model(),
        bits -> {},
        told ->
            told.user("one", as(one))
                .user("two", as(two))
                .survivor(
                    "reader",
                    as(
                        user -> {
                          user.get(1);
                          user.get(2);
                          user.set(3000);
                        })));
  }

  @Test
  void aBitIsChangedOrNot() {
    crashes(
        "bits",
        two(
            user -> {
              user.set(1);
              user.flip(1);
              user.flip(2);
              user.clear(2);
            },
            user -> {}));
  }

  @Test
  void twoChangeBitsOfOneWordAndMayDie() {
    Simulation two =
        two(
            user -> {
              user.set(1);
              user.flip(1);
              user.flip(2);
            },
            user -> {
              user.flip(2);
              user.clear(1);
            });
    explore("bits of a word", two.preemptions(1));
    random("bits of a word", two.kills(2).preemptions(6), 1, Storm.count(200, 100_000));
  }
}
