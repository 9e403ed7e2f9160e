package dev.rszshm.structures.internal.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.ScratchDirectory;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The names of the tasks of a pool. */
class TaskNamesTest {
  private static final int MANY = 300;

  @Test
  void eachNameHasItsNumberInEveryHandle() throws Exception {
    try (ScratchDirectory directory = ScratchDirectory.inMemory();
        Heap heap = Heap.builder().span(4 << 20).create(directory.path().resolve("heap"));
        Allocator allocator = Allocator.on(heap)) {
      TaskNames names = SmallPool.queue(allocator).tables().names();
      for (int i = 0; i < MANY; i++) {
        assertEquals(i, names.intern("task " + i));
      }
      TaskNames others = SmallPool.queue(allocator).tables().names();
      for (int i = MANY - 1; i >= 0; i--) {
        assertEquals("task " + i, others.get(i));
        assertEquals(i, others.intern("task " + i));
      }
      assertThrows(IndexOutOfBoundsException.class, () -> names.get(MANY));
      assertThrows(IndexOutOfBoundsException.class, () -> names.get(-1));
      assertThrows(IndexOutOfBoundsException.class, () -> names.get(Long.MAX_VALUE));
    }
  }

  /** Each may die or stand still at any step: the other one does not wait for it. */
  @Test
  void aNameThatSeveralAddAtOnceHasOneNumberWhoeverDies() {
    Simulation both =
        SmallPool.simulation(
            (s, told) -> {
              SmallPool.user(s, told, "one", user -> intern(user, "a", "b"));
              SmallPool.user(s, told, "two", user -> intern(user, "b", "a", "c"));
              SmallPool.survivor(
                  s,
                  told,
                  "three",
                  user -> {
                    TaskNames names = user.queue.tables().names();
                    for (String name : List.of("a", "b", "c")) {
                      long number = names.intern(name);
                      assertEquals(name, names.get(number));
                      assertEquals(number, names.intern(name));
                    }
                    assertEquals(3, count(names), "names");
                  });
            });
    Schedules.random("names", both.kills(1).preemptions(5), 14, Storm.count(250, 100_000));
  }

  private static void intern(SmallPool.User user, String... texts) {
    TaskNames names = user.queue.tables().names();
    for (String text : texts) {
      assertEquals(text, names.get(names.intern(text)));
    }
  }

  private static int count(TaskNames names) {
    int count = 0;
    while (true) {
      try {
        names.get(count);
        count++;
      } catch (IndexOutOfBoundsException e) {
        return count;
      }
    }
  }
}
