package dev.rszshm.structures.list;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.structures.SmallStructure;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Simulations with a list of texts of one letter, repeated. */
final class SmallList {
  static final SmallStructure<SharedList<String>, ListModel.Operation> KIND =
      new SmallStructure<>(
          "list",
          allocator -> SharedList.named(allocator, "list", Codecs.strings()),
          list -> {
            ListCheck check = list.check();
            assertEquals(List.of(), check.findings());
            assertTrue(check.size() <= list.size(), "others may append meanwhile");
            return check.blocks();
          });

  private SmallList() {}

  /** Somebody who uses the list. */
  static final class User {
    private final SmallStructure<SharedList<String>, ListModel.Operation>.User user;
    private final SharedList<String> list;

    User(SmallStructure<SharedList<String>, ListModel.Operation>.User user) {
      this.user = user;
      this.list = user.structure;
    }

    void append(String value) {
      user.call(new ListModel.Append(value), () -> list.append(value));
    }

    void set(int index, String value) {
      user.call(new ListModel.Set(index, value), () -> text(orNull(() -> list.set(index, value))));
    }

    void get(int index) {
      user.call(new ListModel.Get(index), () -> text(orNull(() -> list.get(index))));
    }

    void size() {
      user.call(new ListModel.Size(), list::longSize);
    }

    void remove() {
      SharedList.remove(user.allocator, "list");
    }
  }

  private static String orNull(java.util.function.Supplier<String> call) {
    try {
      return call.get();
    } catch (IndexOutOfBoundsException none) {
      return null;
    }
  }

  private static String text(String value) {
    if (value != null) {
      assertEquals(1, value.chars().distinct().count(), () -> "a mix: " + value);
    }
    return value;
  }

  static List<String> filled(int count) {
    return IntStream.range(0, count).mapToObj(i -> "l".repeat(16)).toList();
  }

  /** What a story tells. */
  static final class Told {
    private final SmallStructure<SharedList<String>, ListModel.Operation>.Told told;

    Told(SmallStructure<SharedList<String>, ListModel.Operation>.Told told) {
      this.told = told;
    }

    Told user(String name, Consumer<User> body) {
      told.user(name, user -> body.accept(new User(user)));
      return this;
    }

    /** Somebody who comes later, appends, and reads from an index on. */
    Told reader(int from) {
      told.survivor(
          "reader",
          each -> {
            User user = new User(each);
            user.append("z");
            user.size();
            for (int i = from; i < from + 3; i++) {
              user.get(i);
            }
          });
      return this;
    }
  }

  static Simulation simulation(List<String> before, Consumer<Told> story) {
    return KIND.simulation(
        new ListModel(before), list -> list.addAll(before), told -> story.accept(new Told(told)));
  }
}
