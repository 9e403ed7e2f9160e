package dev.rszshm.structures.struct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

/** Layouts as the JDK has them, on JDKs that have them. */
class ForeignLayoutTest {
  @Extensible
  record Sample(
      byte b,
      @Length(3) int[] numbers,
      boolean flag,
      char letter,
      short s,
      float f,
      double d,
      @Length(5) String text,
      @Align(32) long hot,
      Slot<Sample> next,
      @Since(2) byte last) {}

  private static final StructLayout<Sample> SAMPLE = StructLayout.of(Sample.class);

  @Test
  void theJdkFindsAllFieldsAtTheSamePlaces() throws Exception {
    if (Runtime.version().feature() < 22) {
      String message =
          assertThrows(
                  UnsupportedOperationException.class, () -> SAMPLE.toMemoryLayout(Object.class))
              .getMessage();
      assertTrue(message.contains("from JDK 22 on"), message);
      return;
    }
    Class<?> type = Class.forName("java.lang.foreign.StructLayout");
    Class<?> layout = Class.forName("java.lang.foreign.MemoryLayout");
    Class<?> element = Class.forName("java.lang.foreign.MemoryLayout$PathElement");
    Object made = SAMPLE.toMemoryLayout(type);
    Method offset = layout.getMethod("byteOffset", Array.newInstance(element, 0).getClass());
    Method named = element.getMethod("groupElement", String.class);
    for (StructField field : SAMPLE.fields()) {
      Object path = Array.newInstance(element, 1);
      Array.set(path, 0, named.invoke(null, field.name()));
      assertEquals(field.offset(), offset.invoke(made, path), field::toString);
    }
    assertEquals(SAMPLE.length(), layout.getMethod("byteSize").invoke(made));
    assertEquals(SAMPLE.alignment(), layout.getMethod("byteAlignment").invoke(made));
  }

  /** Names that C has taken, and a nested struct. */
  record Inner(int auto, int y) {}

  record Outer(@Name("union") int one, Inner in, int in_y, boolean last) {}

  @Test
  void namesThatCannotBeMembersInCGetAnUnderscore() {
    String header = StructLayout.of(Outer.class).toCHeader("outer");
    assertTrue(header.contains("int32_t union_;"), header);
    assertTrue(header.contains("int32_t in_auto;"), header);
    assertTrue(header.contains("int32_t in_y;"), header);
    assertTrue(header.contains("int32_t in_y_;"), header);
    assertTrue(header.contains("_Static_assert(sizeof(struct outer) == 20, \"Outer\");"), header);
    assertTrue(header.contains("_Static_assert(offsetof(struct outer, last) == 16"), header);
  }

  @Test
  void aStructIsNotNamedByAWordOfC() {
    for (String word : new String[] {"register", "int", "while"}) {
      String header = StructLayout.of(Outer.class).toCHeader(word);
      assertTrue(header.contains("struct " + word + "_ {"), header);
    }
  }
}
