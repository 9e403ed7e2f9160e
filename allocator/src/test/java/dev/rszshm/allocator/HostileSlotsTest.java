package dev.rszshm.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.allocator.errors.NotASlotException;
import dev.rszshm.allocator.internal.reference.Reference;
import dev.rszshm.allocator.internal.table.LaneLayout;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.TableSetup;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Whatever word stands where the allocator reads one: it goes on, or says what is wrong. */
class HostileSlotsTest {
  private static final Duration HANGS = Duration.ofMinutes(3);

  /** Fields of a lane's record. */
  private static final List<Integer> FIELDS =
      List.of(
          LaneLayout.RECORD,
          LaneLayout.DESTINATION,
          LaneLayout.SOURCE,
          LaneLayout.BLOCK,
          LaneLayout.BLOCK_OWNER,
          LaneLayout.PREVIOUS);

  /** Any word, those that look like references and marks of lanes that are there among them. */
  @Provide
  Arbitrary<Long> words() {
    Arbitrary<Long> any = Arbitraries.longs();
    Arbitrary<Long> few = Arbitraries.longs().between(-2, 1 << 22);
    Arbitrary<Integer> lanes = Arbitraries.integers().between(0, 20);
    Arbitrary<Long> sequences = Arbitraries.longs().between(0, 5);
    Arbitrary<Long> marks = Combinators.combine(lanes, sequences).as(Reference::mark);
    Arbitrary<Long> references =
        Combinators.combine(Arbitraries.longs().between(0, 1 << 17), lanes, sequences)
            .as((granule, lane, sequence) -> Reference.fresh(granule * 16, lane, sequence));
    return Arbitraries.oneOf(any, few, marks, references, references.map(Reference::clean));
  }

  /** Words of records, and of other fields: small numbers are chunks, offsets, sizes. */
  @Provide
  Arbitrary<List<Long>> records() {
    Arbitrary<Long> recordWords = Arbitraries.integers().between(0, 255).map(low -> 3L << 8 | low);
    Arbitrary<Long> offsets = Arbitraries.longs().between(0, 1 << 18).map(o -> o * 8);
    return Arbitraries.oneOf(recordWords, offsets, words()).list().ofSize(FIELDS.size());
  }

  @Provide
  Arbitrary<Long> ownerWords() {
    Arbitrary<Long> likely =
        Combinators.combine(
                Arbitraries.integers().between(0, 15),
                Arbitraries.integers().between(0, 63),
                Arbitraries.integers().between(0, 4),
                Arbitraries.integers().between(0, 2),
                Arbitraries.longs().between(0, 40))
            .as(OwnerWord::of);
    return Arbitraries.oneOf(Arbitraries.longs(), likely);
  }

  private static void refuses(Runnable call) {
    Assertions.assertTimeoutPreemptively(
        HANGS,
        () -> {
          try {
            call.run();
          } catch (NotASlotException | InvalidFreeException told) {
            assertTrue(told.getMessage().length() > 20);
          } catch (IllegalStateException | IndexOutOfBoundsException | HeapException refused) {
            // It says what is wrong as well as can be known.
          }
        });
  }

  @Property(tries = 300)
  void anyWordMayStandInASlot(@ForAll("words") long word) {
    try (Heap heap = Heap.builder().span(2 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      long slots = allocator.allocateZeroed(32);
      allocator.allocateInto(slots + 8, 100);
      for (int call = 0; call < 5; call++) {
        heap.putLong(slots, word);
        heap.putLong(slots + 16, 0);
        switch (call) {
          case 0 -> refuses(() -> allocator.get(slots));
          case 1 -> refuses(() -> allocator.allocateInto(slots, 100));
          case 2 -> refuses(() -> allocator.move(slots, slots + 16));
          case 3 -> refuses(() -> allocator.move(slots + 8, slots));
          default -> refuses(() -> allocator.freeFrom(slots));
        }
      }
      refuses(() -> allocator.allocate(100));
      assertEquals(0, allocator.check().findings().size());
    }
  }

  @Property(tries = 300)
  void anyWordsMayStandInTheRecordOfTheDead(@ForAll("records") List<Long> record) {
    try (Heap heap = Heap.builder().span(2 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      long slots = allocator.allocateZeroed(32);
      allocator.allocateInto(slots, 100);
      Tables tables = TableSetup.open(heap, false);
      Heap mortal = Heap.builder().anyAddress().attach(heap.path());
      Allocator dying = Allocator.on(mortal);
      dying.free(dying.allocate(200));
      mortal.close();
      for (int i = 0; i < FIELDS.size(); i++) {
        heap.putLong(tables.geometry.laneOffset(2) + FIELDS.get(i), record.get(i));
      }
      heap.putLong(slots + 8, Reference.mark(2, record.get(0) >>> 8));
      refuses(() -> allocator.get(slots + 8));
      Assertions.assertTimeoutPreemptively(HANGS, () -> assertEquals(1, allocator.recover()));
      Assertions.assertTimeoutPreemptively(HANGS, () -> assertEquals(0, allocator.recover()));
      refuses(() -> allocator.freeFrom(slots + 8));
      allocator.allocate(100);
    }
  }

  @Property(tries = 300)
  void anyWordMayBeALaneWord(@ForAll long word) {
    try (Heap heap = Heap.builder().span(2 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      allocator.free(allocator.allocate(100));
      Tables tables = TableSetup.open(heap, false);
      heap.putLong(tables.geometry.laneOffset(1), word);
      refuses(allocator::recover);
      refuses(() -> allocator.allocate(1000));
      refuses(
          () -> {
            try (Allocator other = Allocator.on(heap)) {
              other.allocate(100);
            }
          });
    }
  }

  @Property(tries = 300)
  void anyWordMayBeTheOwnerWordOfAChunk(@ForAll("ownerWords") long word) {
    try (Heap heap = Heap.builder().span(4 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      long slot = allocator.allocateZeroed(8);
      long block = allocator.allocateInto(slot, 100);
      Heap mortal = Heap.builder().anyAddress().attach(heap.path());
      Allocator dying = Allocator.on(mortal);
      dying.allocate(200);
      mortal.close();
      Tables tables = TableSetup.open(heap, false);
      for (int chunk = 0; chunk < 3; chunk++) {
        heap.putLong(tables.geometry.ownerOffset(chunk), word);
      }
      refuses(() -> allocator.usableSize(block));
      refuses(allocator::recover);
      refuses(() -> allocator.free(block));
      refuses(() -> allocator.freeFrom(slot));
      refuses(() -> allocator.allocate(100));
      refuses(() -> allocator.allocate(300_000));
      refuses(() -> allocator.check());
    }
  }

  /** The offset of a block, where that of a slot is meant. */
  @Test
  void aBlockThatIsNoSlotIsToldApart() {
    try (Heap heap = Heap.builder().span(1 << 20).createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      long slot = allocator.allocateZeroed(8);
      long block = allocator.allocateInto(slot, 100);
      heap.putLong(block, 42);
      String message =
          assertThrows(NotASlotException.class, () -> allocator.get(block)).getMessage();
      assertTrue(message.contains("offset " + block) && message.contains("0x2a"), message);
      assertThrows(NotASlotException.class, () -> allocator.freeFrom(block));
      assertThrows(NotASlotException.class, () -> allocator.allocateInto(block, 8));
      assertThrows(NotASlotException.class, () -> allocator.move(block, slot));
      assertThrows(NotASlotException.class, () -> allocator.move(slot, block));
      assertEquals(block, allocator.get(slot));
      assertEquals(2, allocator.check().blocks());
    }
  }
}
