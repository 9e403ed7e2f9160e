package dev.rszshm.structures.struct;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.struct.errors.DamagedStructException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fixed arrays of structs within a struct, and constants of enums. */
class NestedArraysAndEnumsTest {
  public enum Side {
    BUY,
    SELL
  }

  public enum Nothing {}

  public record Level(long price, int amount, Side side) {}

  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  public record Book(byte kind, @Length(3) Level[] levels, Side last, @Length(2) Side[] sides) {}

  @SuppressWarnings("ArrayRecordComponent")
  public record Unsized(Level[] levels) {}

  public record Sized(@Length(2) Side side) {}

  public record Empty(Nothing nothing) {}

  @Extensible
  @SuppressWarnings("ArrayRecordComponent")
  public record Older(int number) {}

  @Extensible
  @Name("Older")
  @SuppressWarnings("ArrayRecordComponent")
  public record Newer(int number, @Since(2) @Length(2) Level[] levels, @Since(2) Side side) {}

  private static final StructLayout<Book> BOOK = StructLayout.of(Book.class);

  private static Heap heap() {
    return Heap.builder().span(16 << 20).createAnonymous();
  }

  @Test
  void elementsLieOneBehindTheOtherAsInC() {
    assertEquals(
        """
        struct Book
        version 1 length 72 alignment 8
        kind int8 offset 0
        levels.0.price int64 offset 8
        levels.0.amount int32 offset 16
        levels.0.side int32 offset 20
        levels.1.price int64 offset 24
        levels.1.amount int32 offset 32
        levels.1.side int32 offset 36
        levels.2.price int64 offset 40
        levels.2.amount int32 offset 48
        levels.2.side int32 offset 52
        last int32 offset 56
        sides int32[2] offset 60
        """,
        BOOK.toString());
    assertTrue(BOOK.toCHeader("book").contains("int64_t levels_1_price;"));
  }

  @Test
  void aRecordIsReadAsItWasWritten() {
    try (Heap heap = heap()) {
      Block<Book> at = Block.at(heap.dataOffset());
      Level[] levels = {
        new Level(1, 10, Side.BUY), new Level(2, 20, Side.SELL), new Level(3, 30, Side.BUY)
      };
      BOOK.write(heap, at, new Book((byte) 7, levels, Side.SELL, new Side[] {Side.SELL, Side.BUY}));
      Book found = BOOK.read(heap, at);
      assertArrayEquals(levels, found.levels());
      assertEquals(Side.SELL, found.last());
      assertArrayEquals(new Side[] {Side.SELL, Side.BUY}, found.sides());
      assertEquals(2, BOOK.longField("levels.1.price").get(heap, at));
      assertEquals(Side.SELL.ordinal(), BOOK.intField("last").get(heap, at));
      assertThrows(
          IllegalArgumentException.class,
          () -> BOOK.write(heap, at, new Book((byte) 7, new Level[2], Side.BUY, new Side[2])));
      assertThrows(
          NullPointerException.class,
          () -> BOOK.write(heap, at, new Book((byte) 7, new Level[3], Side.BUY, new Side[2])));
      assertArrayEquals(levels, BOOK.read(heap, at).levels(), "what is refused changes nothing");
    }
  }

  @Test
  void aNumberThatIsNoConstantIsDamage() {
    try (Heap heap = heap()) {
      Block<Book> at = Block.at(heap.dataOffset());
      BOOK.intField("levels.2.side").set(heap, at, 2);
      String told =
          assertThrows(DamagedStructException.class, () -> BOOK.read(heap, at)).getMessage();
      assertTrue(told.contains("holds 2") && told.contains("Side"), told);
    }
  }

  @Test
  void declarationsThatMakeNoSenseAreRefused() {
    for (Class<? extends Record> wrong : List.of(Unsized.class, Sized.class, Empty.class)) {
      assertThrows(IllegalArgumentException.class, () -> StructLayout.of(wrong), wrong.getName());
    }
  }

  @Test
  void fieldsOfANewerVersionAreZerosInAnOlderStruct() {
    StructLayout<Older> older = StructLayout.of(Older.class);
    StructLayout<Newer> newer = StructLayout.of(Newer.class);
    try (Heap heap = heap()) {
      Block<Older> at = Block.at(heap.dataOffset());
      older.write(heap, at, new Older(5));
      Newer found = newer.read(heap, Block.at(at.offset()));
      assertEquals(5, found.number());
      assertEquals(Side.BUY, found.side());
      assertArrayEquals(
          new Level[] {new Level(0, 0, Side.BUY), new Level(0, 0, Side.BUY)}, found.levels());
    }
  }
}
