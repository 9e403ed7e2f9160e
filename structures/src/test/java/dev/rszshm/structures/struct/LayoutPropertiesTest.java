package dev.rszshm.structures.struct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import java.lang.invoke.MethodHandles;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Layouts of any fields. */
class LayoutPropertiesTest {
  /** A record that is said to have the fields. */
  record Any() {}

  /** A field, before it has a place. */
  record Plan(FieldType type, boolean isArray, int count, int align, int age) {}

  @Provide
  Arbitrary<List<Plan>> plans() {
    return Combinators.combine(
            Arbitraries.of(FieldType.class),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(1, 9),
            Arbitraries.of(1, 1, 1, 2, 8, 16, 64),
            Arbitraries.of(0, 0, 0, 1, 2))
        .as(Plan::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(30);
  }

  private static StructLayout<Any> layout(List<Plan> plans, boolean extensible) {
    LayoutBuilder builder = new LayoutBuilder("any", extensible);
    int since = 1;
    for (int i = 0; i < plans.size(); i++) {
      Plan plan = plans.get(i);
      since += extensible ? plan.age : 0;
      boolean array = plan.isArray || plan.type == FieldType.UTF8;
      builder.add(
          "f" + i,
          plan.type,
          plan.type.isReference() ? "any" : "",
          array,
          array ? plan.count : 1,
          plan.align,
          since);
    }
    return builder.build(new RecordMapping<>(Any.class, MethodHandles.lookup()));
  }

  @Property(tries = 300)
  void fieldsAreAlignedAndDoNotOverlap(
      @ForAll("plans") List<Plan> plans, @ForAll boolean extensible) {
    StructLayout<Any> layout = layout(plans, extensible);
    long end = extensible ? StructHeaderLayout.HEADER_LENGTH : 0;
    List<StructField> fields = layout.fields();
    assertEquals(plans.size(), fields.size());
    for (int i = 0; i < fields.size(); i++) {
      StructField field = fields.get(i);
      long alignment = Math.max(plans.get(i).align, field.type().length());
      assertTrue(field.offset() >= end, () -> field + " overlaps the one before");
      assertTrue(field.offset() - end < alignment, () -> field + " leaves more than it must");
      assertEquals(0, field.offset() % alignment, field::toString);
      assertEquals(0, layout.alignment() % alignment, field::toString);
      end = field.end();
    }
    assertEquals(
        (end + layout.alignment() - 1) / layout.alignment() * layout.alignment(), layout.length());
  }

  @Property(tries = 200)
  void whatIsWrittenIntoOneFieldIsReadFromItAlone(
      @ForAll("plans") List<Plan> plans, @ForAll long seed) {
    StructLayout<Any> layout = layout(plans, true);
    Random random = new Random(seed);
    try (Heap heap = Heap.builder().span(1 << 20).createAnonymous()) {
      long at = heap.dataOffset();
      layout.initialize(heap, at);
      Map<String, Object> written = new HashMap<>();
      for (int i = 0; i < 2 * plans.size(); i++) {
        StructField field = layout.fields().get(random.nextInt(plans.size()));
        if (field.type() != FieldType.SLOT) {
          written.put(field.name(), write(layout, heap, at, field, random));
        }
      }
      written.forEach(
          (name, value) -> assertEquals(value, read(layout, heap, at, name), () -> name));
      assertEquals(layout.version(), layout.versionOf(heap, at));
    }
  }

  private static Object write(
      StructLayout<Any> layout, Heap heap, long at, StructField field, Random random) {
    String name = field.name();
    int last = field.count() - 1;
    long bits = random.nextLong();
    switch (field.type()) {
      case BOOL -> layout.booleanField(name).set(heap, at, last, bits < 0);
      case INT8 -> layout.byteField(name).set(heap, at, last, (byte) bits);
      case INT16 -> layout.shortField(name).set(heap, at, last, (short) bits);
      case UINT16 -> layout.charField(name).set(heap, at, last, (char) bits);
      case INT32 -> layout.intField(name).set(heap, at, last, (int) bits);
      case INT64 -> layout.longField(name).set(heap, at, last, bits);
      case FLOAT32 -> layout.floatField(name).set(heap, at, last, (int) bits);
      case FLOAT64 -> layout.doubleField(name).set(heap, at, last, bits);
      case UTF8 ->
          layout.textField(name).set(heap, at, "x".repeat(random.nextInt(field.count() + 1)));
      default -> heap.putLong(at + field.offset() + 8L * last, bits);
    }
    return read(layout, heap, at, name);
  }

  private static Object read(StructLayout<Any> layout, Heap heap, long at, String name) {
    StructField field =
        layout.fields().stream().filter(f -> f.name().equals(name)).findAny().orElseThrow();
    int last = field.count() - 1;
    return switch (field.type()) {
      case BOOL -> layout.booleanField(name).get(heap, at, last);
      case INT8 -> layout.byteField(name).get(heap, at, last);
      case INT16 -> layout.shortField(name).get(heap, at, last);
      case UINT16 -> layout.charField(name).get(heap, at, last);
      case INT32 -> layout.intField(name).get(heap, at, last);
      case INT64 -> layout.longField(name).get(heap, at, last);
      case FLOAT32 -> layout.floatField(name).get(heap, at, last);
      case FLOAT64 -> layout.doubleField(name).get(heap, at, last);
      case UTF8 -> layout.textField(name).get(heap, at);
      default -> heap.getLong(at + field.offset() + 8L * last);
    };
  }

  /** Any change of a declaration changes the hash; the versions before it keep theirs. */
  @Property(tries = 300)
  void eachChangeOfADeclarationChangesItsHash(
      @ForAll("plans") List<Plan> plans, @ForAll long seed) {
    StructLayout<Any> layout = layout(plans, true);
    int changed = new Random(seed).nextInt(plans.size());
    List<Function<Plan, Plan>> changes =
        List.of(
            p -> new Plan(next(p.type), p.isArray, p.count, p.align, p.age),
            p -> new Plan(p.type, !p.isArray, p.count + 1, p.align, p.age),
            p -> new Plan(p.type, p.isArray, p.count, p.align, p.age + 1));
    Set<Long> hashes = new HashSet<>(Set.of(layout.hash(), layout(plans, false).hash()));
    int texts = 0;
    for (Function<Plan, Plan> change : changes) {
      List<Plan> others = new java.util.ArrayList<>(plans);
      others.set(changed, change.apply(plans.get(changed)));
      StructLayout<Any> other = layout(others, true);
      if (!other.toString().equals(layout.toString())) {
        texts++;
        hashes.add(other.hash());
      }
      for (int i = 0; i < layout.versions().size() && i < other.versions().size(); i++) {
        LayoutVersion one = layout.versions().get(i);
        if (one.fields() <= changed && one.lines().equals(other.versions().get(i).lines())) {
          assertEquals(one.hash(), other.versions().get(i).hash());
        }
      }
    }
    assertEquals(2 + texts, hashes.size());
  }

  private static FieldType next(FieldType type) {
    return FieldType.values()[(type.ordinal() + 1) % FieldType.values().length];
  }
}
