package dev.rszshm.structures.list;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.structures.ThrowInStructure;
import dev.rszshm.structures.codec.Codecs;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An error at any access of a list: it goes on for everybody, this process among them. */
class ListThrowTest {
  private static void run(Consumer<SharedList<String>> act) throws Exception {
    ThrowInStructure.run(
        allocator -> {
          SharedList<String> list = SharedList.named(allocator, "list", Codecs.strings());
          for (int i = 0; i < 15; i++) {
            list.append("l".repeat(20));
          }
          return list;
        },
        act,
        ListThrowTest::goesOn);
  }

  private static long goesOn(SharedList<String> list) {
    int size = list.size();
    assertEquals(size, list.append("end"));
    assertEquals("end", list.set(size, "other"));
    list.set(0, "first");
    assertEquals("first", list.get(0));
    ListCheck check = list.check();
    assertEquals(List.of(), check.findings());
    return check.blocks();
  }

  @Test
  void appending() throws Exception {
    run(list -> list.append("a"));
  }

  @Test
  void appendingToANewSegment() throws Exception {
    run(
        list -> {
          list.append("a");
          list.append("b");
        });
  }

  @Test
  void setting() throws Exception {
    run(list -> list.set(0, "a".repeat(50)));
  }
}
