package dev.rszshm.tests.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorCheck;
import dev.rszshm.allocator.AllocatorStatistics.TagUse;
import dev.rszshm.allocator.LeakSearch;
import dev.rszshm.allocator.LeakSearch.Leak;
import dev.rszshm.allocator.ReferenceTracer;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.queue.SharedDeque;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import dev.rszshm.structures.strings.StringTable;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no root reaches, by whom it was allocated, and what for. */
class LeakSearchTest {
  private static final long TYPE = 77;

  private Heap heap;
  private Allocator allocator;

  @BeforeEach
  void create() {
    heap = Heap.builder().span(256 << 20).createAnonymous();
    allocator = Allocator.checking(heap);
  }

  @AfterEach
  void close() {
    allocator.close();
    heap.close();
  }

  private static Set<Long> offsets(List<Leak> leaks) {
    return leaks.stream().map(Leak::offset).collect(Collectors.toSet());
  }

  @Test
  void whatIsLinkedInAnyWayIsReachedAndTheRestIsNot() {
    long root = allocator.place("root", TYPE, 1, 64);
    long byOffset = allocator.allocateZeroed(5000);
    heap.putLong(root, byOffset);
    long inner = allocator.allocateZeroed(300_000);
    heap.putLong(byOffset + 4000, inner + 123_456); // into the middle of a large block
    long byAddress = allocator.allocateZeroed(16);
    heap.putLong(root + 8, heap.address() + byAddress);
    long bySlot = allocator.allocateInto(root + 16, 100);
    heap.putLong(bySlot, root); // a cycle
    assertEquals(List.of(), LeakSearch.of(allocator).find());

    Set<Long> lost = new TreeSet<>();
    for (long size : new long[] {1, 16, 200, 70_000, 500_000}) {
      lost.add(allocator.allocateZeroed(size));
    }
    assertEquals(lost, offsets(LeakSearch.of(allocator).find()));
    heap.putLong(root, 0);
    lost.add(byOffset);
    lost.add(inner);
    assertEquals(lost, offsets(LeakSearch.of(allocator).find()));
    lost.forEach(allocator::free);
    assertEquals(List.of(), LeakSearch.of(allocator).find());
  }

  @Test
  void declaredReferencesAreFollowedAndNoOthers() {
    long root = allocator.place("root", TYPE, 1, 64);
    long next = allocator.allocateZeroed(64);
    heap.putLong(root + 8, next);
    long last = allocator.allocateZeroed(64);
    heap.putLong(next + 8, last);
    long number = allocator.allocateZeroed(64);
    heap.putLong(root + 24, number); // looks like a reference
    assertEquals(List.of(), LeakSearch.of(allocator).find());
    LeakSearch exact =
        LeakSearch.of(allocator).declare(TYPE, ReferenceTracer.offsetsAt(8, 1 << 20, -8));
    assertEquals(Set.of(number), offsets(exact.find()));
    long slot = allocator.place("slots", TYPE + 1, 1, 64);
    allocator.allocateInto(slot + 32, 8);
    exact.declare(TYPE + 1, ReferenceTracer.slotsAt(allocator, 32));
    assertEquals(Set.of(number), offsets(exact.find()));
  }

  @Test
  void blocksSayWhoAllocatedThemAndWhatFor() {
    try (Heap other = Heap.builder().anyAddress().attach(heap.path());
        Allocator theirs = Allocator.on(other)) {
      assertTrue(theirs.isChecking());
      int me = heap.self().orElseThrow().tag();
      int them = other.self().orElseThrow().tag();
      long[] blocks = new long[4];
      allocator.runTagged(
          5,
          () -> {
            blocks[0] = allocator.allocate(100);
            allocator.runTagged(6, () -> blocks[1] = allocator.allocateAligned(64, 64));
            blocks[2] = allocator.reallocate(0, 70_000);
          });
      blocks[3] = theirs.allocate(100);
      List<Leak> leaks = LeakSearch.of(allocator).find();
      assertEquals(
          List.of(5, 6, 5, 0),
          java.util.Arrays.stream(blocks)
              .mapToObj(b -> leaks.stream().filter(l -> l.offset() == b).findFirst().orElseThrow())
              .map(l -> l.tag().orElseThrow())
              .toList());
      Leak foreign = leaks.stream().filter(l -> l.offset() == blocks[3]).findFirst().orElseThrow();
      assertEquals(OptionalInt.of(them), foreign.participant());
      List<TagUse> uses = allocator.statistics().tags();
      assertEquals(
          Set.of("0 " + them + " 1", "5 " + me + " 2", "6 " + me + " 1"),
          uses.stream()
              .map(u -> u.tag() + " " + u.participant() + " " + u.blocks())
              .collect(Collectors.toSet()));
      assertEquals(allocator.statistics().used(), uses.stream().mapToLong(TagUse::bytes).sum());
      AllocatorCheck check = allocator.check(LeakSearch.of(allocator));
      assertTrue(check.isSound());
      assertEquals(4, check.findings().size());
      assertEquals(
          "no root reaches the block of 128 bytes at offset "
              + blocks[0]
              + ", tag 5, of participant "
              + me,
          check.findings().stream()
              .filter(f -> f.offset() == blocks[0])
              .findFirst()
              .orElseThrow()
              .message());
      allocator.free(blocks[0]);
      assertFalse(offsets(LeakSearch.of(allocator).find()).contains(blocks[0]));
    }
  }

  @Test
  void aBlockThatIsOverwrittenAtItsEndIsStillFound() {
    long block = allocator.allocate(100);
    heap.putLong(block + 100, 1);
    Leak leak = LeakSearch.of(allocator).find().get(0);
    assertEquals(block, leak.offset());
    assertEquals(OptionalInt.empty(), leak.tag());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingThatStructuresHoldIsALeak(boolean checking) {
    try (Heap own = Heap.builder().span(256 << 20).createAnonymous();
        Allocator in = checking ? Allocator.checking(own) : Allocator.on(own)) {
      SharedMap<String, String> map =
          SharedMap.named(in, "map", Codecs.strings(), Codecs.strings());
      SharedSortedMap<String, String> sorted =
          SharedSortedMap.named(
              in, "sorted", SortedMapSpec.of(OrderedCodecs.strings(), Codecs.strings()));
      SharedQueue<String> queue = SharedQueue.named(in, "queue", Codecs.strings());
      SharedDeque<String> deque = SharedDeque.named(in, "deque", Codecs.strings());
      SharedList<String> list = SharedList.named(in, "list", Codecs.strings());
      StringTable strings = StringTable.named(in, "strings");
      for (int i = 0; i < 2000; i++) {
        String text = "text " + i;
        map.put(text, text);
        sorted.put(text, text);
        queue.add(text);
        deque.add(text);
        list.add(text);
        strings.intern(text);
      }
      for (int i = 0; i < 1000; i++) {
        map.remove("text " + i);
        sorted.remove("text " + i);
        queue.poll();
      }
      assertEquals(List.of(), LeakSearch.of(in).find());
      long lost = in.allocateZeroed(50);
      assertEquals(Set.of(lost), offsets(LeakSearch.of(in).find()));
      assertEquals(checking, !in.statistics().tags().isEmpty());
    }
  }
}
