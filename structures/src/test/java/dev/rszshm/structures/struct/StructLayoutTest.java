package dev.rszshm.structures.struct;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import java.lang.invoke.MethodHandles;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class StructLayoutTest {
  /** Amounts of money. */
  public record Money(long units, @Length(3) String currency) {}

  /** All kinds of fields. */
  public record Order(
      byte kind,
      Money price,
      boolean open,
      char letter,
      short shelf,
      int amount,
      float weight,
      double volume,
      @Length(10) String customer,
      @Length(3) int[] parts,
      @Align(64) long hits,
      Slot<Order> next,
      @Length(2) Slot<Money>[] prices,
      Block<Money> last) {}

  private static final StructLayout<Order> ORDER = StructLayout.of(Order.class);
  private static final LongField<Order> HITS = ORDER.longField("hits");
  private static final IntField<Order> AMOUNT = ORDER.intField("amount");
  private static final IntField<Order> PARTS = ORDER.intField("parts");
  private static final BlockField<Order, Money> LAST = ORDER.blockField("last", Money.class);
  private static final SlotField<Order, Order> NEXT = ORDER.slotField("next", Order.class);

  private static Heap heap() {
    return Heap.builder().span(16 << 20).createAnonymous();
  }

  @SuppressWarnings("unchecked") // there is no other way to make an array of slots
  private static Order order(int amount) {
    return new Order(
        (byte) 1,
        new Money(99, "EUR"),
        true,
        'ß',
        (short) -2,
        amount,
        1.5f,
        -2.5,
        "Jürgen",
        new int[] {1, 2, 3},
        7,
        new Slot<>(0),
        new Slot[] {null, null},
        Block.at(64));
  }

  @Test
  void fieldsLieWhereACompilerOfCPutsThem() {
    assertEquals(
        """
        struct Order
        version 1 length 192 alignment 64
        kind int8 offset 0
        price.units int64 offset 8
        price.currency utf8[3] offset 16
        open bool offset 24
        letter uint16 offset 26
        shelf int16 offset 28
        amount int32 offset 32
        weight float32 offset 36
        volume float64 offset 40
        customer utf8[10] offset 48
        parts int32[3] offset 60
        hits int64 offset 128
        next slot<Order> offset 136
        prices slot<Money>[2] offset 144
        last block<Money> offset 160
        """,
        ORDER.toString());
  }

  @Test
  void aRecordIsReadAsItWasWritten() {
    try (Heap heap = heap()) {
      Block<Order> at = Block.at(heap.dataOffset());
      ORDER.write(heap, at, order(5));
      Order found = ORDER.read(heap, at);
      assertEquals(order(5).toString().replaceAll("parts.*", ""), text(found));
      assertArrayEquals(new int[] {1, 2, 3}, found.parts());
      assertEquals(NEXT.of(heap, at), found.next());
      assertEquals(at.offset() + 152, found.prices()[1].offset());
      assertEquals(5, AMOUNT.get(heap, at));
      assertEquals(3, PARTS.get(heap, at, 2));
      assertEquals(Block.at(64), LAST.get(heap, at));
      assertEquals("EUR", ORDER.textField("price.currency").get(heap, at));
      assertEquals('ß', ORDER.charField("letter").get(heap, at));
    }
  }

  private static String text(Order order) {
    return order.toString().replaceAll("parts.*", "");
  }

  @Test
  void aRegionHasStructsToo() {
    try (Heap heap = heap()) {
      ORDER.write(heap.region(heap.dataOffset() + 64, 192), 0, order(6));
      assertEquals(6, AMOUNT.get(heap, Block.at(heap.dataOffset() + 64)));
    }
  }

  @Test
  void atomicOperationsAreThoseOfTheHeap() {
    try (Heap heap = heap()) {
      Block<Order> at = Block.at(heap.dataOffset());
      assertEquals(0, HITS.getAndAdd(heap, at, 3));
      assertTrue(HITS.compareAndSet(heap, at, 3, 4));
      assertFalse(HITS.compareAndSet(heap, at, 3, 5));
      assertEquals(4, HITS.compareAndExchange(heap, at, 9, 5));
      assertEquals(4, HITS.getAndSet(heap, at, 10));
      HITS.setRelease(heap, at, 11);
      assertEquals(11, HITS.getAcquire(heap, at));
      assertTrue(AMOUNT.compareAndSet(heap, at, 0, -1));
      assertEquals(-1, AMOUNT.getVolatile(heap, at));
      assertTrue(LAST.compareAndSet(heap, at, Block.none(), Block.at(160)));
      assertEquals(160, LAST.getAcquire(heap, at).offset());
    }
  }

  @Test
  void hashAndNameTellLayoutsApart() {
    assertEquals(ORDER.hash(), StructLayout.of(Order.class).hash());
    assertNotEquals(ORDER.hash(), StructLayout.of(Money.class).hash());
  }

  @Test
  void theHandleOfAnotherTypeIsRefused() {
    String message = refused(() -> ORDER.intField("hits"));
    assertEquals(
        "field \"hits\" of \"Order\" is of type int64, expected int32: ask for the handle of its"
            + " type",
        message);
    assertTrue(refused(() -> ORDER.longField("hitz")).contains("it has kind, price.units"));
    assertTrue(
        refused(() -> ORDER.slotField("next", Money.class))
            .contains("slot<Order>, expected slot<Money>"));
  }

  private static String refused(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }

  /** Records that are no structs. */
  record NoLength(int[] numbers) {}

  record NeedlessLength(@Length(2) int number) {}

  record Strange(Object what) {}

  record Endless(Endless within) {}

  record Untyped(@SuppressWarnings("rawtypes") Slot next) {}

  record OddAlignment(@Align(24) int number) {}

  record Empty() {}

  record Late(@Since(2) int number) {}

  record Twice(@Name("a") int x, int a) {}

  record Dollar(int a$b) {}

  @Extensible
  record Unordered(@Since(2) int a, int b) {}

  @Extensible
  record Grown(int a) {}

  record Nesting(Grown grown) {}

  record Huge(@Length(Integer.MAX_VALUE) long[] numbers) {}

  @Test
  void whatIsNoStructIsRefusedWithItsReason() {
    assertTrue(refused(() -> StructLayout.of(NoLength.class)).contains("\"numbers\""));
    assertTrue(refused(() -> StructLayout.of(NeedlessLength.class)).contains("@Length"));
    assertTrue(refused(() -> StructLayout.of(Strange.class)).contains("java.lang.Object"));
    assertTrue(refused(() -> StructLayout.of(Endless.class)).contains("contains itself"));
    assertTrue(refused(() -> StructLayout.of(Untyped.class)).contains("Slot<Node>"));
    assertTrue(refused(() -> StructLayout.of(OddAlignment.class)).contains("aligned to 24"));
    assertTrue(refused(() -> StructLayout.of(Empty.class)).contains("no field"));
    assertTrue(refused(() -> StructLayout.of(Late.class)).contains("@Extensible"));
    assertTrue(refused(() -> StructLayout.of(Twice.class)).contains("declared twice"));
    assertTrue(refused(() -> StructLayout.of(Dollar.class)).contains("@Name"));
    assertTrue(refused(() -> StructLayout.of(Unordered.class)).contains("at the end only"));
    assertTrue(refused(() -> StructLayout.of(Nesting.class)).contains("cannot be nested"));
    assertTrue(refused(() -> StructLayout.of(Huge.class)).contains("longer than"));
  }

  /** With a text and an array. */
  public record Texts(long number, @Length(4) String text, @Length(2) long[] numbers) {}

  private record Hidden(int number) {}

  @Test
  void whatCannotBeWrittenChangesNothing() {
    StructLayout<Texts> layout = StructLayout.of(Texts.class);
    try (Heap heap = heap()) {
      long at = heap.dataOffset();
      long[] two = {1, 2};
      assertTrue(
          refused(() -> layout.write(heap, at, new Texts(1, "äöü", two))).contains("6 bytes"));
      assertTrue(
          refused(() -> layout.write(heap, at, new Texts(1, "a\0", two))).contains("U+0000"));
      assertTrue(
          refused(() -> layout.write(heap, at, new Texts(1, "\ud800", two))).contains("surrogate"));
      assertTrue(
          refused(() -> layout.write(heap, at, new Texts(1, "a", new long[3]))).contains("3 elem"));
      assertThrows(
          NullPointerException.class, () -> layout.write(heap, at, new Texts(1, null, two)));
      assertEquals(0, layout.read(heap, at).number());
      layout.write(heap, at, new Texts(1, "äö", two));
      assertEquals("äö", layout.read(heap, at).text());
    }
  }

  @Test
  void aHiddenRecordNeedsALookup() {
    try (Heap heap = heap()) {
      long at = heap.dataOffset();
      StructLayout<Hidden> blind = StructLayout.of(Hidden.class);
      assertTrue(refused(() -> blind.read(heap, at)).contains("MethodHandles.lookup()"));
      StructLayout<Hidden> seeing = StructLayout.of(Hidden.class, MethodHandles.lookup());
      seeing.write(heap, at, new Hidden(3));
      assertEquals(new Hidden(3), seeing.read(heap, at));
    }
  }

  @Test
  void whatLiesOutsideIsRefused() {
    try (Heap heap = heap()) {
      assertThrows(NoSuchElementException.class, () -> HITS.get(heap, Block.none()));
      assertThrows(IndexOutOfBoundsException.class, () -> HITS.get(heap, heap.span() - 8));
      assertThrows(IndexOutOfBoundsException.class, () -> PARTS.get(heap, heap.dataOffset(), 3));
      assertThrows(IndexOutOfBoundsException.class, () -> PARTS.get(heap, heap.dataOffset(), -1));
      assertThrows(
          IllegalArgumentException.class, () -> HITS.getAndAdd(heap, heap.dataOffset() + 1, 1));
    }
  }
}
