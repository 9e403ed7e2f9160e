package dev.rszshm.structures.list;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.allocator.errors.RootMismatchException;
import dev.rszshm.heap.errors.DamagedHeapException;
import dev.rszshm.structures.StructureFixture;
import dev.rszshm.structures.codec.Codecs;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ListTest {
  @Test
  void aListIsFoundByNameAndByOffset() {
    try (StructureFixture fixture = new StructureFixture()) {
      SharedList.named(fixture.allocator, "log", Codecs.strings()).append("first");
      assertEquals(List.of("first"), SharedList.named(fixture.allocator, "log", Codecs.strings()));
      long place = fixture.allocator.allocateZeroed(SharedList.LENGTH);
      SharedList.at(fixture.allocator, place, Codecs.longs()).append(7L);
      assertEquals(7, SharedList.at(fixture.allocator, place, Codecs.longs()).get(0));
      SharedList.remove(fixture.allocator, place);
      assertTrue(SharedList.at(fixture.allocator, place, Codecs.longs()).isEmpty());
      assertTrue(SharedList.remove(fixture.allocator, "log"));
      assertFalse(SharedList.remove(fixture.allocator, "log"));
      fixture.assertBlocks(1);
    }
  }

  @Test
  void whatIsNoListIsToldSo() {
    try (StructureFixture fixture = new StructureFixture()) {
      fixture.allocator.place("other", 1, 1, 4096);
      assertThrows(
          RootMismatchException.class,
          () -> SharedList.named(fixture.allocator, "other", Codecs.strings()));
      long place = fixture.allocator.allocateZeroed(SharedList.LENGTH);
      fixture.heap.putLong(place, 42);
      assertThrows(
          DamagedHeapException.class,
          () -> SharedList.at(fixture.allocator, place, Codecs.strings()));
      assertThrows(
          IllegalArgumentException.class,
          () -> SharedList.at(fixture.allocator, place + 4, Codecs.strings()));
    }
  }

  @Test
  void anIteratorGoesOnToWhatIsAppendedMeanwhile() {
    try (StructureFixture fixture = new StructureFixture()) {
      SharedList<Integer> list = SharedList.named(fixture.allocator, "list", Codecs.ints());
      Iterator<Integer> iterator = list.iterator();
      assertFalse(iterator.hasNext());
      list.append(1);
      assertEquals(1, iterator.next());
      assertThrows(UnsupportedOperationException.class, iterator::remove);
    }
  }

  @Test
  void aListAppendsItselfOnce() {
    try (StructureFixture fixture = new StructureFixture()) {
      SharedList<Integer> list = SharedList.named(fixture.allocator, "list", Codecs.ints());
      list.addAll(List.of(1, 2));
      List<Integer> same = list;
      list.addAll(same);
      assertEquals(List.of(1, 2, 1, 2), list);
    }
  }

  @Test
  void aFullHeapLeavesTheListAsItWasAndItGoesOnWhenThereIsRoom() {
    try (StructureFixture fixture = new StructureFixture(4 << 20)) {
      SharedList<byte[]> list = SharedList.named(fixture.allocator, "list", Codecs.byteArrays());
      byte[] element = new byte[500];
      List<Long> taken = fixture.fill(600);
      assertThrows(
          OutOfHeapMemoryException.class,
          () -> {
            for (int i = 0; i < 100_000; i++) {
              list.append(element);
            }
          });
      assertThrows(OutOfHeapMemoryException.class, () -> list.append(new byte[100_000]));
      int size = list.size();
      if (size > 0) {
        assertThrows(OutOfHeapMemoryException.class, () -> list.set(0, new byte[200_000]));
        assertEquals(500, list.get(0).length);
      }
      ListCheck check = list.check();
      assertEquals(List.of(), check.findings());
      fixture.assertBlocks(1 + taken.size() + check.blocks());
      taken.forEach(fixture.allocator::free);
      assertEquals(size, list.append(element));
      list.set(size, new byte[1000]);
      assertEquals(List.of(), list.check().findings());
    }
  }

  @Test
  void concurrentAppendsAllGetIndexesOfTheirOwnWithoutHoles() throws Exception {
    int threads = 4;
    int each = 5000;
    try (StructureFixture fixture = new StructureFixture()) {
      ExecutorService executor = Executors.newFixedThreadPool(threads + 1);
      SharedList<Long> list = SharedList.named(fixture.allocator, "list", Codecs.longs());
      list.append(-1L);
      List<Future<?>> results = new ArrayList<>();
      for (long thread = 0; thread < threads; thread++) {
        long from = thread * each;
        results.add(
            executor.submit(
                () -> {
                  SharedList<Long> own =
                      SharedList.named(fixture.allocator, "list", Codecs.longs());
                  for (long i = from; i < from + each; i++) {
                    assertEquals(i, own.get(own.append(i)));
                    own.set(0, -1 - i);
                  }
                }));
      }
      results.add(
          executor.submit(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  assertTrue(list.get(0) < 0);
                  assertTrue(list.get(list.size() - 1) < (long) threads * each);
                }
              }));
      for (Future<?> result : results) {
        result.get();
      }
      executor.shutdown();
      assertEquals(threads * each + 1, list.size());
      assertEquals((long) threads * each, list.stream().filter(i -> i >= 0).distinct().count());
      ListCheck check = list.check();
      assertEquals(List.of(), check.findings());
      fixture.assertBlocks(1 + check.blocks());
    }
  }
}
