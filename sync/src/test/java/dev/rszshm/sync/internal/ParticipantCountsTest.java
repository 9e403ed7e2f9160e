package dev.rszshm.sync.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.faults.FaultySystemCalls;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Counts that go with their participants; closing an attachment is a death to the others. */
class ParticipantCountsTest {
  private static final int SLOTS = 65_536;
  private static final int OTHERS = 20;

  private final FaultySystemCalls calls = new FaultySystemCalls();
  private final List<Heap> others = new ArrayList<>();
  private Heap heap;

  @BeforeEach
  void attach() {
    heap =
        Heap.builder()
            .span(1 << 26)
            .length(1 << 20)
            .participants(SLOTS)
            .platform(calls.platform())
            .createAnonymous();
    for (int i = 0; i < OTHERS; i++) {
      others.add(Heap.builder().anyAddress().attach(heap.path()));
    }
  }

  @AfterEach
  void close() {
    others.forEach(Heap::close);
    heap.close();
  }

  private ParticipantCounts counts(Heap of) {
    return ParticipantCounts.at(of, heap.dataOffset());
  }

  private int questions(Runnable body) {
    calls.reset();
    body.run();
    return calls.calls("isByteLocked").size();
  }

  @Test
  void oneWhoHasSomeIsEnoughAndWhoIsGoneHasNone() {
    ParticipantCounts counts = counts(heap);
    assertFalse(counts.isAnyOfLiving());
    assertTrue(counts.isZero());
    others.forEach(other -> counts(other).increment());
    assertEquals(OTHERS, counts.sumOfLiving());
    assertTrue(counts.isAnyOfLiving());
    assertEquals(1, questions(() -> assertTrue(counts.isAnyOfLiving())));
    others.subList(0, OTHERS - 1).forEach(Heap::close);
    assertTrue(counts.isAnyOfLiving());
    assertEquals(
        1, questions(() -> assertTrue(counts.isAnyOfLiving())), "the last one is known now");
    others.get(OTHERS - 1).close();
    assertFalse(counts.isAnyOfLiving());
    assertTrue(counts.isZero(), "what the dead have left is cleared");
  }

  @Test
  void ownCountNeedsNoQuestion() {
    ParticipantCounts counts = counts(heap);
    others.forEach(other -> counts(other).increment());
    counts.increment();
    assertEquals(0, questions(() -> assertTrue(counts.isAnyOfLiving())));
    assertTrue(counts.decrement());
    assertFalse(counts.decrement());
  }

  @Test
  void whoComesLaterIsFoundInItsNewSlot() {
    ParticipantCounts counts = counts(heap);
    assertEquals(OTHERS + 1, heap.participantSlotsUsed());
    Heap late = Heap.builder().anyAddress().attach(heap.path());
    others.add(late);
    assertEquals(OTHERS + 1, late.self().orElseThrow().slot());
    counts(late).increment();
    assertTrue(counts.isAnyOfLiving());
    assertEquals(1, counts.sumOfLiving());
  }
}
