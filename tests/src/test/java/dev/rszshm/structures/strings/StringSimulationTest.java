package dev.rszshm.structures.strings;

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
 * Several processes intern strings in one table, in every order and with deaths at each store: each
 * string has one id, ids have no gaps, and no block is lost.
 */
class StringSimulationTest {
  /** What can be called. */
  sealed interface Call {}

  record Intern(String text) implements Call {}

  record Find(String text) implements Call {}

  record Get(long id) implements Call {}

  /** A list of strings of which none is there twice. */
  static final class Model implements DeterministicModel<List<String>, Call, Object> {
    @Override
    public List<String> initial() {
      return List.of();
    }

    @Override
    public Optional<Effect<List<String>, Object>> apply(
        List<String> state, String process, Call call) {
      if (call instanceof Get get) {
        String found = get.id < state.size() ? state.get((int) get.id) : "none";
        return Optional.of(new Effect<>(state, found));
      }
      if (call instanceof Find find) {
        return Optional.of(new Effect<>(state, (long) state.indexOf(find.text)));
      }
      List<String> next = new ArrayList<>(state);
      String text = ((Intern) call).text;
      if (!next.contains(text)) {
        next.add(text);
      }
      return Optional.of(new Effect<>(List.copyOf(next), (long) next.indexOf(text)));
    }
  }

  private static final SmallStructure<StringTable, Call> KIND =
      new SmallStructure<>(
          "strings",
          allocator -> StringTable.named(allocator, "strings"),
          strings -> {
            StringCheck check = strings.check();
            assertEquals(List.of(), check.findings());
            return check.blocks();
          });

  /** A table of which a part may be removed: nothing is asked of it but that it can be opened. */
  private static final SmallStructure<StringTable, Call> REMOVED =
      new SmallStructure<>(
          "strings", allocator -> StringTable.named(allocator, "strings"), StringTable::size);

  private record User(SmallStructure<StringTable, Call>.User user) {
    void intern(String text) {
      user.call(new Intern(text), () -> user.structure.intern(text));
    }

    void find(String text) {
      user.call(new Find(text), () -> user.structure.find(text).orElse(-1));
    }

    void get(long id) {
      user.call(
          new Get(id),
          () -> {
            try {
              return user.structure.get(id);
            } catch (IndexOutOfBoundsException none) {
              return "none";
            }
          });
    }
  }

  private static Consumer<SmallStructure<StringTable, Call>.User> as(Consumer<User> body) {
    return user -> body.accept(new User(user));
  }

  private static Simulation two(Consumer<User> one, Consumer<User> two) {
    return KIND.simulation(
        new Model(),
        strings -> {},
        told ->
            told.user("one", as(one))
                .user("two", as(two))
                .survivor(
                    "reader",
                    as(
                        user -> {
                          user.find("a");
                          user.get(0);
                          user.intern("b");
                          user.get(1);
                        })));
  }

  @Test
  void aStringHasAnIdOrItIsNotThere() {
    crashes("intern", two(user -> user.intern("a"), user -> {}));
  }

  @Test
  void aTableIsRemovedInFullWhenItIsRemovedAgain() {
    crashes(
        "remove strings",
        REMOVED.simulation(
            new Model(),
            strings -> strings.intern("a"),
            told ->
                told.user("user", user -> StringTable.remove(user.allocator, "strings"))
                    .survivor("again", user -> StringTable.remove(user.allocator, "strings"))));
  }

  @Test
  void twoInternTheSameAtOnceAndMayDie() {
    Simulation two =
        two(
            user -> user.intern("a"),
            user -> {
              user.get(0);
              user.intern("a");
            });
    explore("two intern", two.preemptions(1));
    random("two intern", two.kills(2).preemptions(6), 1, Storm.count(250, 100_000));
  }
}
