package dev.rszshm.structures.struct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.RootMismatchException;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.struct.errors.DamagedStructException;
import dev.rszshm.structures.struct.errors.LayoutMismatchException;
import dev.rszshm.structures.struct.errors.MissingFieldException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Declarations of several programs, which meet in a heap. */
class PublicationTest {
  /** The struct "item", as programs of different age and origin declare it. */
  @Extensible
  @Name("item")
  public record First(long price, int amount) {}

  /** With two fields more, of which one lies where the first version was filled up. */
  @Extensible
  @Name("item")
  public record Second(
      long price, int amount, @Since(2) int rebate, @Since(2) @Length(8) String code) {}

  /** With still more. */
  @Extensible
  @Name("item")
  public record Third(
      long price,
      int amount,
      @Since(2) int rebate,
      @Since(2) @Length(8) String code,
      @Since(4) @Align(64) long hits) {}

  @Extensible
  @Name("item")
  record OtherType(double price, int amount) {}

  @Extensible
  @Name("item")
  record OtherName(long price, int count) {}

  @Extensible
  @Name("item")
  record Shorter(long price) {}

  @Extensible
  @Name("item")
  record Longer(long price, int amount, int more) {}

  @Extensible
  @Name("item")
  record OtherSecond(long price, int amount, @Since(2) long rebate) {}

  @Name("item")
  record Fixed(@Align(16) long price, int amount) {}

  static final StructLayout<First> FIRST = StructLayout.of(First.class);
  static final StructLayout<Second> SECOND = StructLayout.of(Second.class);
  static final StructLayout<Third> THIRD = StructLayout.of(Third.class);
  private static final IntField<Second> REBATE = SECOND.intField("rebate");

  private final Heap heap = Heap.builder().span(64 << 20).createAnonymous();
  private final Allocator allocator = Allocator.on(heap);

  @AfterEach
  void close() {
    assertTrue(allocator.check().isSound());
    allocator.close();
    heap.close();
  }

  private String mismatch(Class<? extends Record> type) {
    StructLayout<?> layout = StructLayout.of(type);
    return assertThrows(LayoutMismatchException.class, () -> layout.publish(allocator))
        .getMessage();
  }

  @Test
  void theFirstFieldThatDiffersIsNamedWithBothDeclarations() {
    FIRST.publish(allocator);
    String message = mismatch(OtherType.class);
    assertTrue(message.contains("in its field \"price\""), message);
    assertTrue(message.contains("found \"price int64 offset 8\""), message);
    assertTrue(message.contains("expected \"price float64 offset 8\""), message);
    assertTrue(mismatch(OtherName.class).contains("its field \"amount\" or \"count\""));
    assertTrue(mismatch(Shorter.class).contains("\"amount int32 offset 16\" in"));
    assertTrue(mismatch(Shorter.class).contains("expected no such field"));
    assertTrue(mismatch(Longer.class).contains("found no such field"));
    assertTrue(mismatch(Fixed.class).contains("its field \"price\""));
    assertEquals(1, FIRST.publish(allocator));
  }

  @Test
  void aLayoutIsStoredOnce() {
    FIRST.publish(allocator);
    String blocks = allocator.statistics().classes().toString();
    FIRST.publish(allocator);
    StructLayout.of(First.class).publish(allocator);
    assertEquals(blocks, allocator.statistics().classes().toString());
  }

  @Test
  void newVersionsAreStoredBesideTheOldOnes() {
    assertEquals(1, FIRST.publish(allocator));
    assertEquals(2, SECOND.publish(allocator));
    assertEquals(4, THIRD.publish(allocator));
    assertEquals(4, FIRST.publish(allocator));
    assertEquals(4, SECOND.publish(allocator));
    String message = mismatch(OtherSecond.class);
    assertTrue(message.contains("its field \"rebate\" of version 2"), message);
  }

  @Test
  void theFirstToAddAFieldSaysWhereItIs() {
    StructLayout.of(OtherSecond.class).publish(allocator);
    assertThrows(LayoutMismatchException.class, () -> SECOND.publish(allocator));
    assertEquals(2, FIRST.publish(allocator));
  }

  @Test
  void anOldProgramReadsTheFieldsItKnowsOfANewStruct() {
    Block<Second> made = SECOND.named(allocator, "shelf");
    SECOND.write(heap, made, new Second(10, 20, 30, "code"));
    Block<First> seen = FIRST.named(allocator, "shelf");
    assertEquals(made.offset(), seen.offset());
    assertEquals(new First(10, 20), FIRST.read(heap, seen));
    FIRST.write(heap, seen, new First(11, 21));
    assertEquals(new Second(11, 21, 30, "code"), SECOND.read(heap, made));
  }

  @Test
  void aNewProgramIsToldWhatAnOldStructDoesNotHave() {
    Block<First> made = FIRST.named(allocator, "shelf");
    FIRST.write(heap, made, new First(10, 20));
    Block<Second> seen = SECOND.named(allocator, "shelf");
    assertEquals(made.offset(), seen.offset());
    assertFalse(REBATE.isPresent(heap, seen));
    assertTrue(SECOND.intField("amount").isPresent(heap, seen));
    assertEquals(7, REBATE.getOrDefault(heap, seen, 7));
    String message =
        assertThrows(MissingFieldException.class, () -> REBATE.set(heap, seen, 1)).getMessage();
    assertTrue(message.contains("no field \"rebate\": it was made in version 1"), message);
    assertThrows(MissingFieldException.class, () -> REBATE.get(heap, seen));
    assertThrows(
        MissingFieldException.class, () -> SECOND.write(heap, seen, new Second(1, 2, 3, "")));
    assertEquals(new Second(10, 20, 0, ""), SECOND.read(heap, seen));
    assertEquals(1, SECOND.versionOf(heap, seen));
  }

  /** The place of the first version is aligned to 16, that of the third to 64. */
  @Test
  void aNameIsFoundByEachVersionWhateverItsAlignment() {
    for (int i = 0; i < 8; i++) {
      Block<First> made = FIRST.named(allocator, "shelf" + i);
      assertEquals(made.offset(), THIRD.named(allocator, "shelf" + i).offset());
      assertEquals(1, THIRD.versionOf(heap, made.offset()));
    }
    Block<Third> wide = THIRD.named(allocator, "wide");
    assertEquals(0, wide.offset() % 64);
    assertEquals(wide.offset(), FIRST.named(allocator, "wide").offset());
    assertEquals(4, THIRD.versionOf(heap, wide));
  }

  @Test
  void aNameOfSomethingElseIsRefused() {
    allocator.place("shelf", 1, 1, 64);
    assertThrows(RootMismatchException.class, () -> FIRST.named(allocator, "shelf"));
  }

  @Test
  void aHeaderThatNobodyCanHaveWrittenIsRefused() {
    Block<Second> made = SECOND.allocate(allocator);
    assertEquals(2, SECOND.versionOf(heap, made.offset()));
    heap.putLong(made.offset(), 2L << 32 | 16);
    assertThrows(DamagedStructException.class, () -> REBATE.get(heap, made));
    assertThrows(DamagedStructException.class, () -> SECOND.read(heap, made));
    heap.putLong(made.offset(), -1);
    assertThrows(DamagedStructException.class, () -> SECOND.read(heap, made));
    heap.putLong(made.offset(), 0);
    assertFalse(REBATE.isPresent(heap, made));
  }
}
