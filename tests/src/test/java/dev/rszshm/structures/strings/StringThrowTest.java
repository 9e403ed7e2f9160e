package dev.rszshm.structures.strings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.structures.ThrowInStructure;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An error at any access of a table of strings: it goes on for everybody, this process too. */
class StringThrowTest {
  @Test
  void interning() throws Exception {
    ThrowInStructure.run(
        allocator -> {
          StringTable strings = StringTable.named(allocator, "strings");
          strings.intern("first");
          return strings;
        },
        strings -> strings.intern("second"),
        strings -> {
          assertEquals(0, strings.intern("first"));
          assertEquals(1, strings.intern("second"));
          assertEquals("second", strings.get(1));
          assertEquals(2, strings.intern("third"));
          StringCheck check = strings.check();
          assertEquals(List.of(), check.findings());
          return check.blocks();
        });
  }
}
